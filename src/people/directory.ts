import { setTimeout as wait } from 'node:timers/promises'
import { systemActor, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock, Day } from '../clock.js'
import type { Database } from '../database/database.js'
import { conflict, notFound, type Fault } from '../errors.js'
import type { Random } from '../random.js'
import { readCsv } from '../tables/tables.js'
import { inTurns } from '../turns.js'
import { checkDirectory } from './directory-checks.js'
import {
  planDirectory,
  type ChangeKind,
  type DirectoryContent,
  type DirectoryPlan,
  type PlannedChange,
} from './directory-plan.js'
import {
  directoryFiles,
  readRows,
  type DirectoryFile,
  type DirectoryRow,
} from './directory-rows.js'
import { createDirectoryStore, type ImportDocument } from './directory-store.js'
import type { PeopleStore } from './people-store.js'

/** The bytes of the files of a directory; one that is left out changes nothing of its kind. */
export type DirectoryUpload = Partial<Record<DirectoryFile, Uint8Array>>

/** What an import would do, before anything is done. */
export interface Rehearsal extends DirectoryPlan {
  id: string
  source: string
  /** Whether it has only been looked at, is being done, or is done. */
  state: ImportDocument['state']
  /** How many rows it would change; once confirmed, how many it was confirmed to change. */
  counts: Record<ChangeKind, number>
  /** Whether it would end so many terms that it must be confirmed in so many words. */
  asks: boolean
}

export interface Directory {
  /** Reads the files and says what they would change. Nothing but the upload itself is stored. */
  rehearse(actor: Actor, upload: DirectoryUpload, source?: string): Promise<Rehearsal>
  /** What an import that has been sent would do to the directory as it is now. Throws not-found. */
  review(id: string): Promise<Rehearsal>
  /**
   * Does what a rehearsed import says, against the directory as it is now. Confirming twice changes
   * nothing and answers the same. Throws `conflict` when it would end more than the configured share of all running
   * terms and `allowEnding` is not given.
   */
  confirm(actor: Actor, id: string, options?: { allowEnding?: boolean }): Promise<Rehearsal>
  /** Finishes imports that a crash interrupted; answers how many. */
  resume(): Promise<number>
}

export interface DirectoryParts {
  database: Database
  store: PeopleStore
  audit: Audit
  clock: Clock
  random: Random
  /** The share of running terms (0 to 1) above which ending them is asked about. */
  endingLimit: number
  /** Does a write of facts that may change these people's standing, marked so that no crash hides it. */
  changing: <Result>(people: readonly string[], write: () => Promise<Result>) => Promise<Result>
}

/** How many tenths of a second a confirmation waits for another import. */
const patience = 50

const none = (): Record<ChangeKind, number> => ({ added: 0, changed: 0, ended: 0, retracted: 0 })

export function createDirectory(parts: DirectoryParts): Directory {
  const { database, store, audit, clock, random, endingLimit, changing } = parts
  const imports = createDirectoryStore(database.connection)

  async function plan(upload: DirectoryUpload, source: string, on: Day): Promise<DirectoryPlan> {
    const usable = new Set<DirectoryFile>()
    const faults: Fault[] = []
    const read = {} as Record<DirectoryFile, DirectoryRow[]>
    for (const file of directoryFiles) {
      const bytes = upload[file]
      const result = bytes && (await inTurns(readRows(file, await readCsv(bytes, `${file}.csv`))))
      read[file] = result?.rows ?? []
      faults.push(...(result?.faults ?? []))
      if (result?.usable) usable.add(file)
    }
    const stored = await store.directory(source)
    const checked = await inTurns(checkDirectory(read, stored))
    const planned = await inTurns(planDirectory(checked.rows, stored, usable, on))
    return { ...planned, faults: [...faults, ...checked.faults] }
  }

  function rehearsal(
    { _id: id, source, state, counts = none() }: ImportDocument,
    planned: DirectoryPlan,
  ): Rehearsal {
    if (state === 'rehearsed') for (const { kind } of planned.changes) counts[kind]++
    return { ...planned, id, source, state, counts, asks: planned.endingShare > endingLimit }
  }

  async function uploadOf(run: ImportDocument): Promise<DirectoryUpload> {
    const upload: DirectoryUpload = {}
    for (const file of directoryFiles) {
      const id = run.files[file]
      const bytes = id === undefined ? undefined : await database.files.find(id)
      if (bytes) upload[file] = bytes
    }
    return upload
  }

  async function peopleTouched(changes: readonly PlannedChange[]): Promise<string[]> {
    const people = new Set<string>()
    const offices = new Set<string>()
    const sitting = new Set<string>()
    for (const { file, key, fields, stored } of changes) {
      if (file === 'people') people.add(key)
      else if (file === 'offices') offices.add(key)
      else if (file !== 'managers') {
        if (file === 'terms' && fields.person && fields.kind !== 'staff') sitting.add(fields.person)
        for (const person of [fields.person, stored?.fields.person]) if (person) people.add(person)
      }
    }
    // In what capacity a Member sits says under which rule their staff are.
    for (const office of await store.officesOf([...sitting])) offices.add(office._id)
    for (const term of await store.termsAt([...offices])) if (term.person) people.add(term.person)
    return [...people]
  }

  async function apply(actor: Actor, run: ImportDocument, planned: DirectoryPlan): Promise<void> {
    const { confirmedAt = clock.now(), counts = none() } = run
    await changing(await peopleTouched(planned.changes), async () => {
      for (const file of directoryFiles) {
        const changes = planned.changes.filter((change) => change.file === file)
        if (changes.length > 0) await store.write(file, run.source, changes, confirmedAt)
      }
      if (run.files.people) await store.renew()
    })
    const act = {
      act: 'directory.imported',
      import: run._id,
      source: run.source,
      ...counts,
    } as const
    await audit.record(actor, act, `directory.imported:${run._id}`)
    await imports.done(run._id)
  }

  async function get(id: string): Promise<ImportDocument> {
    const run = await imports.find(id)
    if (!run) throw notFound('directory.no-such-import')
    return run
  }

  async function finish(
    actor: Actor,
    run: ImportDocument,
    already?: { planned: DirectoryPlan; on: Day },
  ): Promise<Rehearsal> {
    const on = run.on ?? clock.today()
    const planned =
      already?.on === on ? already.planned : await plan(await uploadOf(run), run.source, on)
    if (run.state !== 'done') await apply(actor, run, planned)
    return rehearsal({ ...run, state: 'done' }, planned)
  }

  async function review(id: string): Promise<Rehearsal> {
    const run = await get(id)
    return rehearsal(run, await plan(await uploadOf(run), run.source, clock.today()))
  }

  /** Does it where nothing else is being brought in; nothing is answered where something is. */
  const begin = (actor: Actor, id: string, allowEnding: boolean): Promise<Rehearsal | undefined> =>
    database.leases.hold('directory', 120, async () => {
      const run = await get(id)
      if (run.state !== 'rehearsed') return finish(actor, run)
      const on = clock.today()
      const planned = await plan(await uploadOf(run), run.source, on)
      const { asks, endingShare, counts } = rehearsal(run, planned)
      const percent = Math.round(endingShare * 100)
      if (asks && !allowEnding) throw conflict('directory.ends-too-many', { percent })
      const marked = await imports.confirm(id, { on, confirmedAt: clock.now(), counts })
      return finish(actor, marked ?? run, { planned, on })
    })

  return {
    async rehearse(_actor, upload, source = 'directory') {
      const id = random.id()
      const planned = await plan(upload, source, clock.today())
      const files: ImportDocument['files'] = {}
      for (const file of directoryFiles) {
        const bytes = upload[file]
        if (bytes) files[file] = (await database.files.put(bytes)).id
      }
      const run = { _id: id, source, files, state: 'rehearsed', rehearsedAt: clock.now() } as const
      await imports.rehearsed(run)
      return rehearsal(run, planned)
    },

    review,

    async confirm(actor, id, { allowEnding = false } = {}) {
      // A double click waits for its first half to be marked, and then shows how far that is.
      for (let tries = 0; tries < patience; tries++) {
        const done = await begin(actor, id, allowEnding)
        if (done) return done
        if ((await get(id)).state !== 'rehearsed') return review(id)
        await wait(100)
      }
      throw conflict('directory.another-is-running')
    },

    async resume() {
      const resumed = await database.leases.hold('directory', 120, async () => {
        const runs = await imports.unfinished()
        for (const run of runs) await finish(systemActor('reconciler'), run)
        return runs.length
      })
      return resumed ?? 0
    },
  }
}

export type { DirectoryContent }
