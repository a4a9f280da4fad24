import { createPublicKey } from 'node:crypto'
import { sortBy } from 'es-toolkit'
import { commitment, inclusionProof, rootOf, signRoot, verifierKey } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { KeyRing } from '../keys/keys.js'
import type { Random } from '../random.js'
import type { SealingKey } from './envelope.js'
import {
  emptyHead,
  grown,
  rootOfHead,
  tileSize,
  treeOver,
  type Leaf,
  type LogHead,
} from './log-tree.js'
import type { SealedDocument, Shelf } from './sealed-store.js'
import { openAll, shapes, type Opened, type Vault } from './vault.js'

/** What a sealed entry holds: an act, and the salt that hides it in its leaf. */
export interface Entry {
  at: Date
  act: Readonly<Record<string, unknown>>
  salt: string
}

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

const kinds = { entry: 'entry', head: 'log-head', tile: 'log-tile', root: 'log-root' } as const

export type SealedLog = ReturnType<typeof createSealedLog>

/**
 * Each conduct body's own log (domain, section 4): every act and every reading, as salted commitments
 * in a Merkle tree of its own, with signed roots that are published nowhere. An entry is sealed with
 * its outcome's key and goes when that is destroyed; its leaf stays and tells nobody anything.
 */
export function createSealedLog(parts: {
  shelf: Shelf
  vault: Vault
  clock: Clock
  random: Random
  /** Which log this is, such as `standing.example`; the body's id follows. */
  origin: string
  signing: ReadonlyMap<string, KeyRing>
  /** What waits to be worked on. */
  waiting: () => Promise<SealedDocument[]>
}) {
  const { shelf, vault, clock, random, signing } = parts
  const originOf = (body: string): string => `${parts.origin}/${body}`
  const committed = (entry: Omit<Entry, 'salt'>, salt: string): Buffer =>
    commitment(Buffer.from(salt, 'base64'), { at: entry.at.toISOString(), act: plain(entry.act) })

  const headOf = async (body: string): Promise<Opened<LogHead> | undefined> =>
    openAll<LogHead>(vault, await shelf.unique(vault.tags(body, [kinds.head])), [body])[0]

  function put(body: string, head: LogHead, held: Opened<LogHead> | undefined): Promise<boolean> {
    const draft = { kind: kinds.head, unique: [kinds.head], value: head }
    if (!held) return shelf.insert(vault.draft(shapes.parts, body, draft))
    const { id, dataKey, revision } = held
    return shelf.replace(vault.draft(shapes.parts, body, { ...draft, id, dataKey }), revision)
  }

  const tileWord = (n: number): string => `${kinds.tile}:${n}`
  const tilesOf = (head: LogHead): number => (head.size - head.open.length) / tileSize

  /** Puts full tiles away. What they hold is settled by the head, so anybody may, and again. */
  async function putTilesAway(body: string): Promise<void> {
    for (let held = await headOf(body); held && held.value.open.length >= tileSize;) {
      const { open } = held.value
      const word = tileWord(tilesOf(held.value))
      const leaves = open.slice(0, tileSize)
      const tile = { kind: kinds.tile, unique: [word], value: leaves }
      await shelf.insertMissing([vault.draft(shapes.parts, body, tile)])
      await put(body, { ...held.value, open: open.slice(tileSize) }, held)
      held = await headOf(body)
    }
  }

  /** One batch of a body's waiting entries into its log. False where another process was faster. */
  async function sealBatch(
    body: string,
    held: Opened<LogHead> | undefined,
    entries: readonly Opened<Entry>[],
  ) {
    const head = held?.value ?? emptyHead
    const placed = new Set(head.last)
    const fresh = entries.filter(({ id }) => !placed.has(id)).slice(0, tileSize)
    if (fresh.length > 0) {
      const leaves = fresh.map(({ id, value: { salt, ...entry } }) => ({
        entry: id,
        commitment: committed(entry, salt),
      }))
      if (!(await put(body, grown(head, leaves), held))) return false
    }
    await shelf.settle([...placed, ...fresh.map(({ id }) => id)])
    return true
  }

  async function leavesOf(body: string): Promise<Leaf[]> {
    const head = (await headOf(body))?.value ?? emptyHead
    const words = Array.from({ length: tilesOf(head) }, (_, n) => tileWord(n))
    const hashes = vault.tags(body, words)
    const tiles = hashes.length === 0 ? [] : await shelf.unique(hashes)
    const byWord = new Map(
      openAll<Leaf[]>(vault, tiles, [body]).map(({ unique, value }) => [unique[0], value]),
    )
    return [...words.flatMap((word) => byWord.get(word) ?? []), ...head.open]
  }

  /** A root as a signed note; throws where the key cannot be had. */
  function signed(body: string, size: number, hash: Buffer) {
    const ring = signing.get(body)
    if (!ring) return undefined
    const { secret } = ring.current()
    const open = createPublicKey(secret)
    const root = { origin: originOf(body), size, hash, on: clock.today() }
    return { text: signRoot(root, { secret, open }), verifier: verifierKey(root.origin, open) }
  }

  function signedOver(body: string, size: number, hash: Buffer): Pick<ProvenLog, 'signed'> {
    try {
      const note = signed(body, size, hash)
      return note ? { signed: note } : {}
    } catch {
      return {}
    }
  }

  return {
    /** An entry to be written, under its outcome's key where it concerns one. */
    draft(
      body: string,
      act: Entry['act'],
      outcome?: { id: string; dataKey: SealingKey },
      as?: { id: string; at: Date },
    ): SealedDocument {
      const value: Entry = {
        at: as?.at ?? clock.now(),
        act: plain(act),
        salt: random.bytes(32).toString('base64'),
      }
      return vault.draft(shapes.parts, body, {
        kind: kinds.entry,
        value,
        waiting: true,
        ...(as ? { id: as.id } : {}),
        ...(outcome ? { tags: [`outcome:${outcome.id}`], dataKey: outcome.dataKey } : {}),
      })
    },

    /** Writes entries; durable when it resolves. One whose id is there already is left as it is. */
    write: (entries: readonly SealedDocument[]): Promise<void> => shelf.insertMissing(entries),

    /** Gives waiting entries their places in their bodies' logs. Several processes may try at once. */
    async seal(): Promise<void> {
      for (let more = true; more;) {
        // Heads first: an entry that waits after its head was read has no place in that head.
        const heads = new Map<string, Opened<LogHead> | undefined>()
        for (const body of vault.bodies) heads.set(body, await headOf(body))
        const entries = openAll<Entry>(vault, await parts.waiting()).filter(isEntry)
        more = false
        for (const [body, held] of heads) {
          const own = entries.filter((entry) => entry.body === body)
          const ordered = sortBy(own, [({ value }) => value.at.getTime(), 'id'])
          if (ordered.length === 0) continue
          if (await sealBatch(body, held, ordered)) await putTilesAway(body)
          more ||= ordered.length > tileSize
        }
      }
    },

    /** Signs the log as it stands, once a day. A key that cannot be had is tried again later. */
    async signRoot(body: string): Promise<void> {
      const head = (await headOf(body))?.value
      const value = head && signed(body, head.size, rootOfHead(head))
      if (!value) return
      const draft = { kind: kinds.root, tags: ['roots'], unique: [`root:${clock.today()}`], value }
      await shelf.insertMissing([vault.draft(shapes.parts, body, draft)])
    },

    /** The signed roots of a body, in the order of their dates. */
    async roots(body: string): Promise<{ text: string; verifier: string }[]> {
      const found = openAll<{ text: string; verifier: string }>(
        vault,
        await shelf.tagged(vault.tags(body, ['roots'])),
        [body],
      )
      return sortBy(found, [({ unique }) => unique[0] ?? '']).map(({ value }) => value)
    },

    /** A body's entries about one outcome, with their places and the proofs of them. */
    async about(body: string, outcome: string): Promise<ProvenLog> {
      const leaves = await leavesOf(body)
      const supply = treeOver(leaves)
      const at = new Map(leaves.map(({ entry }, index) => [entry, index]))
      const tagged = await shelf.tagged(vault.tags(body, [`outcome:${outcome}`]))
      const entries = openAll<Entry>(vault, tagged, [body])
        .filter(isEntry)
        .flatMap(({ id, value }): ProvenEntry[] => {
          const index = at.get(id)
          if (index === undefined) return []
          const { salt, ...entry } = value
          const step = stepIn(entry.act)
          return [
            {
              ...(step ? { step } : {}),
              at: entry.at.toISOString(),
              act: plain(entry.act),
              salt,
              commitment: committed(entry, salt).toString('base64'),
              index,
              proof: inclusionProof(index, leaves.length, supply).map(base64),
            },
          ]
        })
      const hash = rootOf(leaves.length, supply)
      return {
        size: leaves.length,
        root: base64(hash),
        entries: sortBy(entries, ['index']),
        ...signedOver(body, leaves.length, hash),
      }
    },

    /** How many entries a body's log has: readings leave their trace. */
    size: async (body: string): Promise<number> => (await headOf(body))?.value.size ?? 0,
  }
}

const isEntry = ({ kind }: Opened<Entry>): boolean => kind === kinds.entry

const base64 = (hash: Buffer): string => hash.toString('base64')

/** The id of the step that an act records. */
function stepIn(act: Entry['act']): string | undefined {
  const step = act['step']
  return typeof step === 'object' && step !== null && 'id' in step && typeof step.id === 'string'
    ? step.id
    : undefined
}

/** With instants as texts: what is committed to. */
const plain = (act: Entry['act']): Entry['act'] => JSON.parse(JSON.stringify(act)) as Entry['act']
