import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { unzipSync } from 'fflate'
import { z } from 'zod'
import {
  canonical,
  commitment,
  leafHash,
  provesInclusion,
  readRoot,
  rootIsSigned,
} from '../audit/audit.js'
import type { Sentence } from '../language.js'
import { fileNames } from './files.js'

/** What is found of a bundle by itself, asking nobody. */
export interface HearingCheck {
  faults: readonly Sentence[]
  /** The key that signed the log's root: to be compared with the one that the body gives. */
  verifier?: string
  /** How many entries of the log are shown with their proofs, and how many without their words. */
  shown: number
  redacted: number
}

/** The largest bundle that is read, unpacked. */
const largest = 50 * 1024 * 1024

const proven = z.looseObject({
  commitment: z.string(),
  index: z.int(),
  proof: z.array(z.string()),
  at: z.string().optional(),
  act: z.record(z.string(), z.unknown()).optional(),
  salt: z.string().optional(),
})
const step = z.looseObject({ id: z.string(), redacted: z.string().optional() })
const hearing = z.looseObject({
  steps: z.array(step),
  log: z.looseObject({
    size: z.int(),
    root: z.string(),
    signed: z.object({ text: z.string(), verifier: z.string() }).optional(),
    entries: z.array(proven),
  }),
})
const manifest = z.record(z.string(), z.string())

const fault = (key: string, params?: Record<string, string | number>): Sentence => ({
  key: `hearing.fault.${key}`,
  ...(params ? { with: params } : {}),
})

/** The key of a verifier line `<origin>+<tag>+<base64>`; nothing where it is not one. */
function keyOf(verifier: string): KeyObject | undefined {
  const bytes = Buffer.from(verifier.split('+').slice(2).join('+'), 'base64')
  if (bytes.length !== 33 || bytes[0] !== 1) return undefined
  const prefix = Buffer.from('302a300506032b6570032100', 'hex')
  const key = Buffer.concat([prefix, bytes.subarray(1)])
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

function unpacked(bytes: Uint8Array): Record<string, Uint8Array> | undefined {
  try {
    let size = 0
    return unzipSync(bytes, {
      filter: ({ originalSize }) => (size += originalSize) <= largest,
    })
  } catch {
    return undefined
  }
}

function parsed<Value>(schema: z.ZodType<Value>, bytes: Uint8Array | undefined): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(bytes ?? []).toString('utf8'))).data
  } catch {
    return undefined
  }
}

function entryFault(log: z.output<typeof hearing>['log'], entry: z.output<typeof proven>) {
  const { act, at, salt, index } = entry
  const committed = Buffer.from(entry.commitment, 'base64')
  if (act && at !== undefined && salt !== undefined) {
    const hidden = Buffer.from(salt, 'base64')
    const same = hidden.length >= 16 && commitment(hidden, { at, act }).equals(committed)
    if (!same) return fault('entry', { place: index })
  }
  const path = entry.proof.map((hash) => Buffer.from(hash, 'base64'))
  const root = Buffer.from(log.root, 'base64')
  const leaf = leafHash(committed)
  return provesInclusion({ leaf, index, size: log.size, path, root })
    ? undefined
    : fault('place', { place: index })
}

/** Every step that is shown must stand, word for word, in an entry of the log. */
function stepFaults({ steps, log }: z.output<typeof hearing>): Sentence[] {
  const proven = new Map(
    log.entries.flatMap(({ act }) => {
      const told = step.safeParse(act?.['step']).data
      return told ? [[told.id, canonical(told)] as const] : []
    }),
  )
  return steps
    .filter((one) => one.redacted === undefined && proven.get(one.id) !== canonical(one))
    .map((one) => fault('step', { step: steps.indexOf(one) + 1 }))
}

function rootFaults({ root, size, signed }: z.output<typeof hearing>['log']): Sentence[] {
  if (!signed) return [fault('unsigned')]
  const stated = readRoot(signed.text)
  const same = stated?.size === size && stated.hash.toString('base64') === root
  const key = keyOf(signed.verifier)
  return same && key && rootIsSigned(signed.text, [key]) ? [] : [fault('root')]
}

/**
 * Checks a bundle by itself: each file against the manifest, each entry against what the log committed
 * to, its place under the root, and the root's signature. Never throws for what a file holds.
 */
export function checkHearing(bytes: Uint8Array): HearingCheck {
  const files = unpacked(bytes)
  const sums = parsed(manifest, files?.[fileNames.manifest])
  const found = parsed(hearing, files?.[fileNames.hearing])
  if (!files || !sums || !found) return { faults: [fault('no-bundle')], shown: 0, redacted: 0 }
  const altered = Object.entries(files)
    .filter(([name]) => name !== fileNames.manifest)
    .filter(([name, held]) => createHash('sha256').update(held).digest('hex') !== sums[name])
    .map(([file]) => fault('altered', { file }))
  const missing = Object.keys(sums)
    .filter((name) => !(name in files))
    .map((file) => fault('missing', { file }))
  const { log } = found
  const wrong = log.entries.flatMap((entry) => entryFault(log, entry) ?? [])
  const shown = log.entries.filter(({ act }) => act !== undefined).length
  return {
    faults: [...altered, ...missing, ...wrong, ...stepFaults(found), ...rootFaults(log)],
    shown,
    redacted: log.entries.length - shown,
    ...(log.signed ? { verifier: log.signed.verifier } : {}),
  }
}
