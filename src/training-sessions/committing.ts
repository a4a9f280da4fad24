import type { Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { Random } from '../random.js'
import { entryKey, withoutUpload, withStatement } from './entry.js'
import type { EntriesStore } from './entries-store.js'
import type { Keeping } from './keeping.js'
import type { Statement } from './mark.js'
import { sessionFrom } from './planning.js'
import { briefly } from './scope.js'
import type { SessionsStore } from './sessions-store.js'
import { asTaught, type Courses, type TrainingSession } from './training-session.js'
import type { KeptRow, Upload, UploadsStore } from './uploads-store.js'
import type { UnplannedSession } from './whereabouts.js'

/** Does what a confirmed upload says, and takes a whole upload back. Every step may be repeated. */
export interface Committing {
  /** Writes what has been confirmed, from wherever it stopped; answers the upload when it is done. */
  commit(upload: Upload): Promise<void>
  /** Takes back every statement that came with an upload. */
  undo(upload: Upload): Promise<void>
}

export interface CommittingParts {
  sessions: SessionsStore
  entries: EntriesStore
  uploads: UploadsStore
  keeping: Keeping
  audit: Audit
  clock: Clock
  random: Random
  courses: () => Courses
}

// Nobody asked for places in a training session that only its register knows.
const unplannedCapacity = 1000

// While the database writes some rows, the next are made ready.
const atOnce = 2

/** Does work for each item of a stream, a few at a time. What fails is thrown once nothing runs any more. */
async function eachOf<Item>(
  items: AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  const worker = async (): Promise<void> => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      await work(next.value)
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: most }, worker))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}

export function createCommitting(parts: CommittingParts): Committing {
  const { sessions, entries, uploads, keeping, audit, clock, random } = parts

  const sessionOf = (
    unplanned: UnplannedSession & { id?: string },
    planned: TrainingSession['planned'],
  ): TrainingSession & { key: string } => {
    const { key, id = random.id(), taught, ...plan } = unplanned
    return {
      ...sessionFrom(
        { ...plan, capacity: unplannedCapacity, invited: {}, arrangements: [] },
        {
          id,
          planned,
          origin: 'register',
          taught,
          checkInSecret: random.bytes(32).toString('base64url'),
        },
      ),
      key,
    }
  }

  /** Training sessions by the names that rows have for them, those that the file brings made first. */
  async function sessionsOf(upload: Upload, by: Actor): Promise<Map<string, string>> {
    const planned = { by, at: upload.confirmed?.at ?? clock.now() }
    const made = upload.unplanned.map((unplanned) => sessionOf(unplanned, planned))
    if (made.length > 0) await sessions.add(made)
    const found = await sessions.byKeys(made.map(({ key }) => key))
    return new Map([...found].map(([key, { id }]) => [key, id]))
  }

  const statementOf = (row: KeptRow, upload: Upload, by: Actor): Statement | undefined => {
    const { judged, statement } = row
    if (!judged?.mark || statement === undefined) return undefined
    return {
      id: statement,
      ...judged.mark,
      by,
      at: upload.confirmed?.at ?? clock.now(),
      source: 'upload',
      upload: upload.id,
      file: upload.file.sha256,
      ...(judged.countersign ? { countersign: 'needed' } : {}),
    }
  }

  async function writeRows(
    upload: Upload,
    by: Actor,
    rows: readonly KeptRow[],
    idOf: (session: string) => string,
  ): Promise<number> {
    const marked = rows.flatMap((row) => {
      const statement = statementOf(row, upload, by)
      const { session, person } = row.judged ?? {}
      if (!statement || session === undefined || person === undefined) return []
      return [{ session: idOf(session), person, statement }]
    })
    const held = await sessions.byIds([...new Set(marked.map(({ session }) => session))])
    const fresh = held.filter(({ register }) => !register.begun)
    await sessions.beginMany(
      fresh.map((session) => asTaught(session, parts.courses())),
      { by, at: clock.now() },
    )
    // A register that was signed since the file was confirmed takes nothing more but amendments.
    const open = new Set(
      held.filter(({ register }) => register.state === 'open').map(({ id }) => id),
    )
    const bySubject = new Map(
      marked.map((one) => [entryKey(one.session, one.person), one.statement]),
    )
    const act = { by, at: upload.confirmed?.at ?? clock.now() }
    const subjects = marked.filter(({ session }) => open.has(session))
    await keeping.revise(act, subjects, (entry) => {
      const statement = bySubject.get(entryKey(entry.session, entry.person))
      return statement && !entry.signed ? withStatement(entry, statement) : entry
    })
    return marked.length
  }

  return {
    async commit(upload) {
      const by = briefly(upload.confirmed?.by ?? upload.uploaded.by)
      const made = await sessionsOf(upload, by)
      let done = 0
      await eachOf(uploads.rows(upload.id), atOnce, async ({ rows }) => {
        done += await writeRows(upload, by, rows, (session) => made.get(session) ?? session)
        await uploads.advance(upload.id, done)
      })
      const { id, confirmed } = upload
      await audit.record(
        by,
        { act: 'register.committed', upload: id, which: confirmed?.which ?? 'good', rows: done },
        `register.committed:${id}`,
      )
      await uploads.finish(id, 'confirmed', 'done')
    },
    async undo(upload) {
      const { id, undone } = upload
      if (!undone) return
      const { by, at, reason } = undone
      const subjects = await entries.subjectsOf(id)
      await keeping.revise({ by, at, reason }, subjects, (entry) =>
        withoutUpload(entry, id, { by, at, reason }),
      )
      await audit.record(
        by,
        { act: 'register.undone', upload: id, reason },
        `register.undone:${id}`,
      )
      await uploads.finish(id, 'undoing', 'undone')
    },
  }
}
