import { omit } from 'es-toolkit'
import type { Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import { dayOf, type Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { conflict, invalid, notFound, type Fault } from '../errors.js'
import type { Random } from '../random.js'
import { readSheet, type Sheet } from '../tables/tables.js'
import { eachInTurns } from '../turns.js'
import { adjust, type Adjustment } from './adjusting.js'
import type { Committing } from './committing.js'
import type { LookupParts } from './lookups.js'
import { receive, seenBefore, sha256Of } from './receiving.js'
import { rehearse } from './rehearsing.js'
import { briefly, checkPlanner, organises, sameActor } from './scope.js'
import type { Settings } from './settings.js'
import {
  rowsInChunk,
  type KeptRow,
  type Upload,
  type UploadsStore,
  type Which,
} from './uploads-store.js'
import { verdicts, type Verdict } from './verdict.js'

/** Rows of a rehearsal, as a page shows them. */
export interface RowsQuery {
  verdict?: Verdict
  from: number
  size: number
}

/** Uploaded registers: rehearsed whole, mended, committed, undone (domain, section 2; issue, part 4). */
export interface Uploads {
  /**
   * Reads a file and says of every row what it would do. Nothing but the upload itself is stored.
   * Throws `invalid` with the faults of a file that cannot be read at all.
   */
  rehearse(
    actor: Actor,
    file: { name: string; bytes: Uint8Array },
    session?: string,
  ): Promise<Upload>
  /** Rehearses again with what has been changed. */
  adjust(actor: Actor, id: string, adjustment: Adjustment): Promise<Upload>
  /**
   * Does what was rehearsed: everything, or the good rows. Throws `conflict` where not all are good,
   * and where the world has moved, so that what was seen is not what would be done; then it has been
   * rehearsed again. Confirmed twice, it changes nothing.
   */
  confirm(actor: Actor, id: string, which: Which): Promise<Upload>
  /** The first half of `confirm`: settles what is to be done, and does nothing of it yet. */
  decide(actor: Actor, id: string, which: Which): Promise<Upload>
  /** The second half: does what has been decided, from wherever it stopped. For pages that show how far it is. */
  carryOut(actor: Actor, id: string): Promise<Upload>
  /** Takes back everything that came with an upload. Throws `conflict` for one that is not done. */
  undo(actor: Actor, id: string, reason: string): Promise<Upload>
  /** Throws not-found for somebody else's. */
  get(actor: Actor, id: string): Promise<Upload>
  /**
   * Some rows of an upload with what each would do, in the order of the file. Throws as `get` does.
   */
  rows(actor: Actor, id: string, query: RowsQuery): Promise<KeptRow[]>
  /** Uploads that the actor may see, the newest first. */
  list(actor: Actor): Promise<Upload[]>
  /** Finishes what a crash interrupted; answers how many uploads. */
  resume(): Promise<number>
  /** Drops rehearsals that nobody confirmed, and files whose time of keeping is over; answers how many. */
  prune(): Promise<number>
}

export interface UploadsParts extends LookupParts {
  database: Database
  uploads: UploadsStore
  committing: Committing
  audit: Audit
  clock: Clock
  random: Random
  settings: Settings
  /** Reads a file, in a process of its own unless another way is given. */
  readSheet?: ((bytes: Uint8Array, name: string) => Promise<Sheet>) | undefined
}

const leaseSeconds = 60

export function createUploads(parts: UploadsParts): Uploads {
  const { database, uploads, committing, audit, clock, random, settings } = parts

  async function get(actor: Actor, id: string): Promise<Upload> {
    const upload = await uploads.find(id)
    const own = upload && sameActor(actor, upload.uploaded.by)
    if (!upload || !(own || organises(actor))) throw notFound('register.no-such-upload')
    return upload
  }

  /** Only one at a time changes how an upload is read. */
  async function alone<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const held = await database.leases.hold(`register-upload/${id}`, leaseSeconds, async () => ({
      result: await work(),
    }))
    if (!held) throw conflict('register.busy')
    return held.result
  }

  async function allRows(id: string): Promise<KeptRow[]> {
    const all: KeptRow[] = []
    for await (const { rows } of uploads.rows(id)) all.push(...rows)
    return all
  }

  async function putRows(id: string, rows: readonly KeptRow[]): Promise<void> {
    for (let place = 0; place * rowsInChunk < rows.length; place++) {
      const some = rows.slice(place * rowsInChunk, (place + 1) * rowsInChunk)
      await uploads.putRows(id, place, some)
    }
  }

  /** Judges every row as the world is now; nothing of it is kept yet. */
  async function judge(
    actor: Actor,
    upload: Upload,
    rows: readonly KeptRow[],
  ): Promise<{ upload: Upload; rows: KeptRow[] }> {
    const judged = upload.faults.length > 0 ? undefined : await rehearse(parts, actor, upload, rows)
    const kept = await eachInTurns(rows, ({ line, cells, formulas, fixes, choice }, place) => {
      const verdict = judged?.rows[place]
      return {
        line,
        cells,
        ...(formulas ? { formulas } : {}),
        ...(fixes ? { fixes } : {}),
        ...(choice === undefined ? {} : { choice }),
        ...(verdict ? { judged: verdict } : {}),
      }
    })
    const nothing = Object.fromEntries(verdicts.map((one) => [one, 0])) as Upload['counts']
    const fields = {
      ...upload,
      rows: rows.length,
      counts: judged?.counts ?? nothing,
      unplanned: judged?.unplanned ?? [],
      digest: judged?.digest ?? '',
    }
    return { upload: fields, rows: kept }
  }

  /** Keeps what was judged, for everybody who looks at it. */
  async function keepJudged({ upload, rows }: { upload: Upload; rows: readonly KeptRow[] }) {
    await putRows(upload.id, rows)
    const changed = omit(upload, ['id', 'edition', 'state'])
    if (!(await uploads.change(upload, changed))) throw conflict('register.busy')
    return { ...upload, edition: upload.edition + 1 }
  }

  async function keepFile(bytes: Uint8Array, dropped: boolean): Promise<{ kept?: string }> {
    // A file with a column for notes is not kept: they must not lie anywhere.
    return dropped ? {} : { kept: (await database.files.put(bytes)).id }
  }

  async function notesFor(sha256: string): Promise<Fault[]> {
    const before = (await uploads.withFile(sha256)).find(({ state }) => state === 'done')
    return before ? [seenBefore(dayOf(before.confirmed?.at ?? before.uploaded.at))] : []
  }

  const decide: Uploads['decide'] = (actor, id, which) =>
    alone(id, async () => {
      const upload = await get(actor, id)
      if (upload.state !== 'rehearsed') return upload
      if (upload.faults.length > 0) throw invalid('register.unreadable', undefined, upload.faults)
      const again = await judge(actor, upload, await allRows(id))
      if (again.upload.digest !== upload.digest) {
        await keepJudged(again)
        throw conflict('register.look-again')
      }
      const bad = upload.rows - upload.counts.matched - upload.counts.recorded
      if (which === 'all' && bad > 0) throw conflict('register.not-all-good', { count: bad })
      // What was seen lies there already; now each row that counts gets the id of its statement.
      const frozen = await eachInTurns(again.rows, (row) =>
        row.judged?.verdict === 'matched' ? { ...row, statement: random.id() } : row,
      )
      await putRows(id, frozen)
      const decided = {
        state: 'confirmed' as const,
        confirmed: { by: briefly(actor), at: clock.now(), which },
        unplanned: again.upload.unplanned.map((one) => ({ ...one, id: random.id() })),
        progress: { done: 0, of: again.upload.counts.matched },
      }
      if (!(await uploads.change(upload, decided))) throw conflict('register.busy')
      return { ...again.upload, ...decided, edition: upload.edition + 1 }
    })

  async function carryOut(actor: Actor, id: string): Promise<Upload> {
    const upload = await get(actor, id)
    if (upload.state === 'confirmed') await committing.commit(upload)
    return get(actor, id)
  }

  return {
    async rehearse(actor, { name, bytes }, session) {
      checkPlanner(actor)
      const sheet = await (parts.readSheet ?? readSheet)(bytes, name)
      if (sheet.faults.length > 0) throw invalid('register.unreadable', undefined, sheet.faults)
      const received = receive(sheet, session)
      if (received.rows.length === 0) throw invalid('register.no-rows')
      const sha256 = sha256Of(bytes)
      const id = random.id()
      const kept = await keepFile(bytes, received.droppedContent || received.faults.length > 0)
      const upload: Upload = {
        id,
        state: 'rehearsed',
        file: { name: name.slice(0, 200), size: bytes.length, sha256, ...kept },
        uploaded: { by: briefly(actor), at: clock.now() },
        reading: received.reading,
        dropped: received.dropped,
        notes: [...sheet.notes, ...(await notesFor(sha256))],
        faults: received.faults,
        rows: received.rows.length,
        counts: Object.fromEntries(verdicts.map((one) => [one, 0])) as Upload['counts'],
        unplanned: [],
        digest: '',
        edition: 1,
        progress: { done: 0, of: 0 },
      }
      await uploads.add(upload)
      const judged = await keepJudged(await judge(actor, upload, received.rows))
      const act = { act: 'register.uploaded', upload: id, sha256, rows: upload.rows } as const
      await audit.record(actor, act, `register.uploaded:${id}`)
      return judged
    },

    async adjust(actor, id, adjustment) {
      return alone(id, async () => {
        const upload = await get(actor, id)
        if (upload.state !== 'rehearsed') throw conflict('register.confirmed-already')
        const adjusted = adjust(upload, await allRows(id), adjustment)
        return keepJudged(await judge(actor, adjusted.upload, adjusted.rows))
      })
    },

    decide,
    carryOut,
    async confirm(actor, id, which) {
      await decide(actor, id, which)
      return carryOut(actor, id)
    },

    async undo(actor, id, reason) {
      if (reason.trim() === '') throw invalid('register.no-reason')
      const upload = await get(actor, id)
      if (upload.state === 'undone') return upload
      if (upload.state !== 'done') throw conflict('register.not-done')
      const undone = { by: briefly(actor), at: clock.now(), reason }
      if (!(await uploads.change(upload, { state: 'undoing', undone }))) {
        throw conflict('register.busy')
      }
      await committing.undo({ ...upload, state: 'undoing', undone })
      return get(actor, id)
    },

    get,
    async rows(actor, id, { verdict, from, size }) {
      await get(actor, id)
      const found: KeptRow[] = []
      let passed = 0
      for await (const { rows } of uploads.rows(id)) {
        for (const row of rows) {
          if (verdict !== undefined && row.judged?.verdict !== verdict) continue
          if (passed++ >= from && found.length < size) found.push(row)
        }
        if (found.length >= size) break
      }
      return found
    },
    list: (actor) => (organises(actor) ? uploads.all() : uploads.by(actor)),

    async resume() {
      const committed = await uploads.inState('confirmed')
      for (const upload of committed) await committing.commit(upload)
      const undone = await uploads.inState('undoing')
      for (const upload of undone) await committing.undo(upload)
      return committed.length + undone.length
    },
    async prune() {
      const daysAgo = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)
      const forgotten = await uploads.rehearsedBefore(daysAgo(settings.rehearsalDays))
      for (const upload of forgotten) {
        if (upload.file.kept) await database.files.remove(upload.file.kept)
        await uploads.drop(upload.id, true)
      }
      const old = await uploads.unprunedBefore(daysAgo(settings.uploadDays))
      for (const upload of old) {
        if (upload.file.kept) await database.files.remove(upload.file.kept)
        await uploads.drop(upload.id, false)
      }
      return forgotten.length + old.length
    },
  }
}
