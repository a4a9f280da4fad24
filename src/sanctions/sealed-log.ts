import { sortBy } from 'es-toolkit'
import { commitment } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { Random } from '../random.js'
import type { SealingKey } from './envelope.js'
import { emptyHead, grown, tileSize, type Leaf, type LogHead } from './log-tree.js'
import type { SealedDocument, Shelf } from './sealed-store.js'
import { openAll, shapes, type Opened, type Vault } from './vault.js'
import type { Waiting } from './waiting.js'

/** What a sealed entry holds: an act, and the salt that hides it in its leaf. */
export interface Entry {
  at: Date
  act: Readonly<Record<string, unknown>>
  salt: string
}

const kinds = { entry: 'entry', head: 'log-head', tile: 'log-tile' } as const

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
  waiting: Pick<Waiting, 'awake'>
}) {
  const { shelf, vault, clock, random, waiting } = parts

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
      const leaves = fresh.map(({ id, value }) => ({ entry: id, commitment: committed(value) }))
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
      for (let more = (await waiting.awake<Entry>(kinds.entry)).length > 0; more;) {
        // Heads first: an entry that waits after its head was read has no place in that head.
        const heads = new Map<string, Opened<LogHead> | undefined>()
        for (const body of vault.bodies) heads.set(body, await headOf(body))
        const entries = await waiting.awake<Entry>(kinds.entry)
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

    headOf,
    leavesOf,
    /** A body's sealed entries about one outcome, opened. */
    async entriesAbout(body: string, outcome: string): Promise<Opened<Entry>[]> {
      const tagged = await shelf.tagged(vault.tags(body, [`outcome:${outcome}`]))
      return openAll<Entry>(vault, tagged, [body]).filter(isEntry)
    },
  }
}

const isEntry = ({ kind }: Opened<Entry>): boolean => kind === kinds.entry

/** With instants as texts: what is committed to. */
export const plain = (act: Entry['act']): Entry['act'] =>
  JSON.parse(JSON.stringify(act)) as Entry['act']

/** What the leaf of an entry commits to, hidden by its salt. */
export const committed = ({ at, act, salt }: Entry): Buffer =>
  commitment(Buffer.from(salt, 'base64'), { at: at.toISOString(), act: plain(act) })
