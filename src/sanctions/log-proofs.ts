import { createPublicKey } from 'node:crypto'
import { sortBy } from 'es-toolkit'
import { inclusionProof, rootOf, signRoot, verifierKey } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { KeyRing } from '../keys/keys.js'
import { rootOfHead, treeOver } from './log-tree.js'
import { committed, plain, type Entry, type SealedLog } from './sealed-log.js'
import type { Shelf } from './sealed-store.js'
import { openAll, shapes, type Vault } from './vault.js'

/** An entry shown with what proves that it lies in its body's log. */
export interface ProvenEntry {
  /** The step it records, where it records one. */
  step?: string
  at: string
  act: Entry['act']
  salt: string
  commitment: string
  index: number
  proof: readonly string[]
}

/** The entries of one outcome, under one root of its body's log. */
export interface ProvenLog {
  size: number
  root: string
  /** The same root as a signed note, and the key that tools check it with; nothing without the key. */
  signed?: { text: string; verifier: string }
  entries: readonly ProvenEntry[]
}

/** A root as a signed note, and the key that tools check it with. */
type SignedNote = NonNullable<ProvenLog['signed']>

export type LogProofs = ReturnType<typeof createLogProofs>

/** What shows from outside that a body's log was only ever added to: signed roots, and proofs of places. */
export function createLogProofs(parts: {
  shelf: Shelf
  vault: Vault
  log: SealedLog
  clock: Clock
  /** Which log this is, such as `standing.example`; the body's id follows. */
  origin: string
  signing: ReadonlyMap<string, KeyRing>
}) {
  const { shelf, vault, log, clock, signing } = parts

  /** Throws where the key cannot be had. */
  function signed(body: string, size: number, hash: Buffer): SignedNote | undefined {
    const ring = signing.get(body)
    if (!ring) return undefined
    const { secret } = ring.current()
    const open = createPublicKey(secret)
    const root = { origin: `${parts.origin}/${body}`, size, hash, on: clock.today() }
    return { text: signRoot(root, { secret, open }), verifier: verifierKey(root.origin, open) }
  }

  function signedIfPossible(body: string, size: number, hash: Buffer): SignedNote | undefined {
    try {
      return signed(body, size, hash)
    } catch {
      return undefined
    }
  }

  return {
    /** Signs the log as it stands, once a day. A key that cannot be had is tried again later. */
    async signRoot(body: string): Promise<void> {
      const head = (await log.headOf(body))?.value
      const value = head && signed(body, head.size, rootOfHead(head))
      if (!value) return
      const draft = { kind: 'log-root', tags: ['roots'], unique: [`root:${clock.today()}`], value }
      await shelf.insertMissing([vault.draft(shapes.parts, body, draft)])
    },

    /** The signed roots of a body, in the order of their dates. */
    async roots(body: string): Promise<SignedNote[]> {
      const tagged = await shelf.tagged(vault.tags(body, ['roots']))
      const found = openAll<SignedNote>(vault, tagged, [body])
      return sortBy(found, [({ unique }) => unique[0] ?? '']).map(({ value }) => value)
    },

    /** A body's entries about one outcome, with their places and the proofs of them. */
    async about(body: string, outcome: string): Promise<ProvenLog> {
      const leaves = await log.leavesOf(body)
      const supply = treeOver(leaves)
      const places = new Map(leaves.map(({ entry }, index) => [entry, index]))
      const found = await log.entriesAbout(body, outcome)
      const entries = found.flatMap(({ id, value }): ProvenEntry[] => {
        const index = places.get(id)
        if (index === undefined) return []
        const step = stepIn(value.act)
        return [
          {
            ...(step ? { step } : {}),
            at: value.at.toISOString(),
            act: plain(value.act),
            salt: value.salt,
            commitment: base64(committed(value)),
            index,
            proof: inclusionProof(index, leaves.length, supply).map(base64),
          },
        ]
      })
      const hash = rootOf(leaves.length, supply)
      const note = signedIfPossible(body, leaves.length, hash)
      return {
        size: leaves.length,
        root: base64(hash),
        entries: sortBy(entries, ['index']),
        ...(note ? { signed: note } : {}),
      }
    },
  }
}

const base64 = (hash: Buffer): string => hash.toString('base64')

/** The id of the step that an act records. */
function stepIn(act: Entry['act']): string | undefined {
  const step = act['step']
  return typeof step === 'object' && step !== null && 'id' in step && typeof step.id === 'string'
    ? step.id
    : undefined
}
