import { PDF } from '@libpdf/core'
import { expect } from 'chai'
import { commitment, canonical } from '../../src/audit/leaf.js'
import { leafHash, nodesFor, rootOf } from '../../src/audit/merkle.js'
import { consistencyProof, inclusionProof } from '../../src/audit/merkle-proof.js'
import { signRoot } from '../../src/audit/signed-root.js'
import { issueEntry } from '../../src/certificates/log-proof.js'
import { type Knowledge, type Verification } from '../../src/certificates/verification.js'
import { day } from '../../src/clock.js'
import { languages, loadWords } from '../../src/language.js'
import { createPublicKey } from 'node:crypto'
import { aCertificate, anInstitution, designsDir, parliament } from './certificates.js'

const words = loadWords(`${designsDir}/../views/text`)
export const today = day('2026-11-21')
export const known = (over: Partial<Knowledge> = {}): Knowledge => ({
  keys: parliament().published,
  today,
  ...over,
})

/** What was found, by name; every sentence is said in both languages on the way. */
export function found(verification: Verification): string[] {
  return verification.findings.map(({ finding, say, field }) => {
    for (const language of languages)
      expect(words.say(language, say)).to.not.match(/\{\{|\$t\(|undefined/)
    return field ? `${finding} ${field}` : finding
  })
}

export const sentences = (verification: Verification): string[] =>
  verification.findings.map(({ say }) => words.say('en', say))

/** Somebody opens the PDF in an editor and saves it. */
export async function edited(
  pdf: Uint8Array,
  change: (page: NonNullable<ReturnType<PDF['getPage']>>) => void,
  incremental: boolean,
): Promise<Buffer> {
  const opened = await PDF.load(Uint8Array.from(pdf))
  const page = opened.getPage(0)
  if (!page) throw new Error('no page')
  change(page)
  return Buffer.from(await opened.save({ incremental }))
}

/** The proof of a certificate's entry in a log of 50, with an older root if asked for. */
export function aProof(
  options: {
    certificate?: ReturnType<typeof aCertificate>
    issuing?: ReturnType<typeof anInstitution>
    older?: number
    rewritten?: boolean
  } = {},
) {
  const { certificate = aCertificate(), issuing = parliament(), older, rewritten = false } = options
  const salt = Buffer.alloc(16, 5)
  const entry = { act: 'certificate.issued', at: '2026-10-14', ...issueEntry(certificate) }
  const index = 33
  const size = 50
  const build = (forged: boolean) => {
    const leaves = Array.from({ length: size }, (_, at) =>
      at === index
        ? leafHash(commitment(salt, entry))
        : leafHash(Buffer.from(`${forged && at === 3 ? 'forged' : 'entry'} ${at}`)),
    )
    const nodes = new Map(
      nodesFor(0, leaves, () => Buffer.alloc(0)).map((node) => [
        `${node.level}/${node.index}`,
        node.hash,
      ]),
    )
    return (level: number, at: number): Buffer => {
      const hash = nodes.get(`${level}/${at}`)
      if (!hash) throw new Error('no node')
      return hash
    }
  }
  const now = build(rewritten)
  const key = issuing.keys.roots.held(issuing.keys.roots.history()[0]?.id ?? '')
  const keys = { secret: key.secret, open: createPublicKey(key.secret) }
  const rootAt = (supply: ReturnType<typeof build>, of: number, on: string): string =>
    signRoot(
      { origin: 'standing.avalon.example/log', size: of, hash: rootOf(of, supply), on: day(on) },
      keys,
    )
  const hex = (hashes: readonly Buffer[]): string[] => hashes.map((one) => one.toString('hex'))
  const proof = {
    entry,
    salt: salt.toString('base64url'),
    index,
    root: rootAt(now, size, '2026-11-20'),
    path: hex(inclusionProof(index, size, now)),
    ...(older === undefined
      ? {}
      : {
          older: {
            root: rootAt(build(false), older, '2026-10-20'),
            path: hex(consistencyProof(older, size, now)),
          },
        }),
  }
  return { proof, text: canonical(proof) }
}
