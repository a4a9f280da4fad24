import type { Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Log } from '../log.js'
import type { Random } from '../random.js'
import type { Act } from './acts.js'
import { createAuditStore } from './audit-store.js'
import { leafContent, logNames, logOf, type AuditDocument, type LogName } from './entry.js'
import { createLedger, type Ledger, type PublishedLog, type RootKeys } from './ledger.js'
import { createLedgerStore } from './ledger-store.js'

export type { Act } from './acts.js'
export { auditCollections } from './audit-store.js'
export type { LogName } from './entry.js'
export { canonical, commitment } from './leaf.js'
export type { RootKeys } from './ledger.js'
export { leafHash, nodesFor, rootOf, type StoredNode } from './merkle.js'
export { inclusionProof, provesConsistency, provesInclusion } from './merkle-proof.js'
export { readRoot, rootIsSigned, signRoot, verifierKey } from './signed-root.js'

/** An act, who did it, and the key under which a repeated one is recognised. */
export interface Entry {
  actor: Actor
  act: Act
  key?: string
}

/** What shows that an entry stands in its log: the entry as it is shown, its salt, and the way to a root. */
export interface Proof {
  entry: Readonly<Record<string, unknown>>
  /** base64url */
  salt: string
  index: number
  /** The signed root, as text. */
  root: string
  /** Hexadecimal. */
  path: readonly string[]
}

/** The tamper-evident record of acts on the ordinary plane. */
export interface Audit {
  /**
   * Records an act, durable when it resolves. `key` names an act that may be recorded again after a
   * crash: the second time changes nothing.
   */
  record(actor: Actor, act: Act, key?: string): Promise<void>
  /** Records many acts in one write. */
  recordMany(entries: readonly Entry[]): Promise<void>
  /**
   * Gives waiting entries their contiguous places in their logs, in batches, and signs the days that
   * have ended. Only one process seals at a time; answers how many it placed, 0 when there was nothing
   * or somebody else is at it.
   */
  seal(): Promise<number>
  /** The two logs as they are published: to everybody, and to auditors. */
  logs: Readonly<Record<LogName, PublishedLog>>
  /** The proof of an act recorded under a key; nothing while it waits for its place, or once erased. */
  proof(key: string): Promise<Proof | undefined>
  /**
   * Destroys what is recorded about a person, the salts with it: leaves stay in their places, so that
   * nothing else loses its proof, and nobody can tell what they were of. Answers how many entries.
   */
  forget(person: string): Promise<number>
}

function actorOf(actor: Actor): AuditDocument['actor'] {
  switch (actor.kind) {
    case 'person':
      return {
        kind: 'person',
        id: actor.account,
        ...(actor.person ? { person: actor.person } : {}),
      }
    case 'key':
      return { kind: 'key', id: actor.key }
    case 'system':
      return { kind: 'system', id: actor.part }
    case 'public':
      return { kind: 'public' }
  }
}

export interface AuditParts {
  database: Database
  clock: Clock
  random: Random
  log: Pick<Log, 'warn'>
  /** What the logs are called in signed roots, such as `standing.example`; each log's name follows. */
  origin: string
  keys: RootKeys
}

export function createAudit(parts: AuditParts): Audit {
  const { database, clock, random, log, origin, keys } = parts
  const store = createAuditStore(database.connection)
  const ledgerOf = (name: LogName): Ledger =>
    createLedger({
      name,
      origin: `${origin}/${name}`,
      store: createLedgerStore(database.connection, name),
      entries: store.entriesOf(name),
      leases: database.leases,
      clock,
      log,
      keys,
    })
  const logs = { certificates: ledgerOf('certificates'), record: ledgerOf('record') }
  const salt = (): string => random.bytes(16).toString('base64url')

  const entryOf = ({ actor, act: { act, people = [], ...particulars }, key }: Entry) => ({
    _id: key ?? random.id(),
    log: logOf({ act }),
    at: clock.now(),
    actor: actorOf(actor),
    act,
    people: [...people],
    particulars,
    salt: salt(),
    ...(logOf({ act }) === 'certificates' ? { cover: salt() } : {}),
    waiting: true as const,
  })

  return {
    record: (actor, act, key) => store.add([entryOf({ actor, act, ...(key ? { key } : {}) })]),
    recordMany: (entries) => store.add(entries.map(entryOf)),
    async seal() {
      let placed = 0
      for (const name of logNames) placed += await logs[name].seal()
      return placed
    },
    logs,
    async proof(key) {
      const document = await store.find(key)
      const content = document && leafContent(document)
      if (!content || document.place === undefined) return undefined
      const found = await logs[document.log].inclusion(document.place)
      return (
        found && {
          entry: content.entry,
          salt: content.salt.toString('base64url'),
          index: document.place,
          root: found.root,
          path: found.path.map((hash) => hash.toString('hex')),
        }
      )
    },
    forget: (person) => store.forget(person),
  }
}
