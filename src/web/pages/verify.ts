import { z } from 'zod'
import { readRoot, type Audit } from '../../audit/audit.js'
import {
  parseSerial,
  purposes,
  type Certificates,
  type PublicCertificate,
} from '../../certificates/certificates.js'
import type { Database } from '../../database/database.js'
import { DomainError, invalid, notFound } from '../../errors.js'
import type { Bilingual, Words } from '../../language.js'
import { certificateJson } from '../certificate-json.js'
import { dayField } from '../fields.js'
import { file, go, json, page, view, type Answer, type Page, type Visit } from '../page.js'
import { linesOf } from './certificate-lines.js'

export interface VerifyPagesParts {
  certificates: Certificates
  audit: Pick<Audit, 'logs'>
  database: Pick<Database, 'limits'>
  words: Words
  courseTitle: (course: string) => Bilingual
}

const ofSerial = z.object({ serial: z.string().max(200) })
const day = dayField()
const title = { key: 'verify-page.title' }
const minutes = 60

/** What others see when they ask whether a certificate is genuine. Nobody signs in for it. */
export function verifyPages(parts: VerifyPagesParts): Page[] {
  const { words, courseTitle } = parts
  const { open } = parts.certificates
  const { limits } = parts.database
  const log = parts.audit.logs.certificates
  // Only what finds nothing is counted: whoever has a certificate in hand may look as often as they like.
  const misses = limits.limit('verify_attempts', 'serials', 30, 15 * minutes)
  const uploads = limits.limit('verify_attempts', 'files', 60, 15 * minutes)
  const tooMany = () => new DomainError('too-many', { key: 'verify-page.too-many' })

  /** The certificate of a serial; nothing where there is none, which is counted. */
  async function find(visit: Visit<{ serial: string }>): Promise<PublicCertificate | undefined> {
    const { input, address } = visit
    if (!(await misses.allows(address))) throw tooMany()
    const found = await open.find(input.serial)
    if (!found && !(await misses.spend(address))) throw tooMany()
    return found
  }

  const ask = (typed = ''): Answer => view('verify/ask', title, { typed })

  return [
    page({
      method: 'get',
      path: '/verify',
      permission: 'public',
      input: z.object({ serial: z.string().max(200).optional() }),
      audit: 'nothing',
      handle({ input: { serial } }) {
        if (serial === undefined) return ask()
        const typed = serial.trim()
        if (typed === '') throw invalid('verify-page.no-serial')
        const known = parseSerial(typed)
        if (!known) throw invalid('verify-page.not-a-serial')
        return go(`/verify/${known}`)
      },
      again: ({ input }) => ask(String(input['serial']).trim()),
      faultsAt: 'serial',
    }),
    page({
      method: 'post',
      path: '/verify',
      permission: 'public',
      input: z.object({}),
      audit: 'nothing',
      upload: 'file',
      files: 1,
      async handle({ files, address }) {
        const [sent] = files
        if (!sent || sent.bytes.length === 0) throw invalid('verify-page.no-file')
        if (!(await uploads.spend(address))) throw tooMany()
        const verification = await open.check(sent.bytes)
        return view(
          'verify/file',
          { key: 'verify-page.file-title' },
          {
            ...verification,
            ...(verification.fields ? linesOf(verification.fields, courseTitle) : {}),
            name: sent.name,
            back: '/verify',
            backText: { key: 'verify-page.another' },
          },
        )
      },
      again: () => ask(),
    }),
    page({
      method: 'get',
      path: '/verify/keys.json',
      permission: 'public',
      input: z.object({}),
      audit: 'nothing',
      handle: () => json(open.keys()),
    }),
    page({
      method: 'get',
      path: '/verify/:serial.json',
      permission: 'public',
      input: ofSerial,
      audit: 'nothing',
      async handle(visit) {
        const found = await find(visit)
        return found ? json(certificateJson(words, found)) : json({ verdict: 'unknown' }, 404)
      },
    }),
    page({
      method: 'get',
      path: '/verify/:serial',
      permission: 'public',
      input: ofSerial,
      audit: 'nothing',
      async handle(visit) {
        const { serial } = visit.input
        const found = await find(visit)
        if (!found) {
          const mistyped = parseSerial(serial) === undefined
          return view('verify/unknown', title, { serial, mistyped }, 404)
        }
        return view(
          'verify/certificate',
          { key: 'verify-page.found-title' },
          // By itself: the certificate's own language is not the reader's.
          { certificate: found, back: '/verify', backText: { key: 'verify-page.another' } },
        )
      },
    }),
    page({
      method: 'get',
      path: '/verify/:serial/proof.json',
      permission: 'public',
      input: ofSerial.extend({ older: day.optional() }),
      audit: 'nothing',
      async handle(visit) {
        const { serial, older } = visit.input
        if (!(await find(visit))) throw notFound()
        const proof = await open.proof(serial)
        if (!proof) throw notFound()
        if (!older) return json(proof)
        const before = await log.root(older)
        const path = await log.consistency(before.size, readRoot(proof.root)?.size ?? before.size)
        const way = path.map((hash) => hash.toString('hex'))
        return json({ ...proof, older: { root: before.text, path: way } })
      },
    }),
    page({
      method: 'get',
      path: '/status/:list/:purpose',
      permission: 'public',
      input: z.object({ list: z.string().max(64), purpose: z.enum(purposes) }),
      audit: 'nothing',
      handle: async ({ input: { list, purpose } }) =>
        file(Buffer.from(await open.list(list, purpose)), 'application/vc'),
    }),
    page({
      method: 'get',
      path: '/status/lists.json',
      permission: 'public',
      input: z.object({}),
      audit: 'nothing',
      handle: async () =>
        json((await open.lists()).flatMap((list) => purposes.map((of) => `${list}/${of}`))),
    }),
    // Where `did:web` is resolved: for an address with a path, and for one without.
    ...['/.well-known/did.json', '/did.json'].map((path) =>
      page({
        method: 'get',
        path,
        permission: 'public',
        input: z.object({}),
        audit: 'nothing',
        handle: () => json(open.did(), 200, 'application/did+json'),
      }),
    ),
  ]
}
