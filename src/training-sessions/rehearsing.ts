import { createHash } from 'node:crypto'
import { isEqual } from 'es-toolkit'
import { personOf, type Actor } from '../actor.js'
import { eachInTurns } from '../turns.js'
import { atTheDoor } from './at-the-door.js'
import { findEntries, findPeople, findSessions, namesOf, type LookupParts } from './lookups.js'
import { recognise } from './recognise.js'
import { readRow } from './row.js'
import type { KeptRow, Upload } from './uploads-store.js'
import {
  againstEachOther,
  judgeRow,
  verdicts,
  type JudgedRow,
  type RowInWorld,
  type Verdict,
} from './verdict.js'
import { whereaboutsOf, type UnplannedSession, type Whereabouts } from './whereabouts.js'

/** What a rehearsal finds: a verdict for every row, and what committing the good ones would do. */
export interface Rehearsed {
  rows: readonly JudgedRow[]
  counts: Record<Verdict, number>
  unplanned: readonly UnplannedSession[]
  digest: string
}

/**
 * Judges a whole file against the world as it is at this moment. Nothing is written; the same file in
 * the same world always gets the same verdicts.
 */
export async function rehearse(
  parts: LookupParts,
  actor: Actor,
  upload: Pick<Upload, 'reading' | 'file'>,
  kept: readonly KeptRow[],
): Promise<Rehearsed> {
  const { reading, file } = upload
  const facts = await eachInTurns(kept, (row) => readRow(row, reading, row.fixes))
  const sessions = await findSessions(parts, actor, facts)
  const agreeing = oneOfEach()
  const where = await eachInTurns(facts, (row) =>
    row.faults.length > 0 ? undefined : agreeing(row.line, whereaboutsOf(row, sessions)),
  )
  const chosen = kept.flatMap(({ choice }) => choice ?? [])
  const sound = facts.filter(({ faults }) => faults.length === 0)
  const known = await findPeople(parts, sound, chosen)
  const held = [...new Set(where.flatMap((one) => (one && 'held' in one ? [one.held.id] : [])))]
  const holders = new Map(
    [...(await parts.sessions.holdersOf(held))].map(([id, people]) => [id, new Set(people)]),
  )
  const worlds = await eachInTurns(facts, (row, place): RowInWorld => {
    const there = where[place]
    const choice = kept[place]?.choice
    if (choice !== undefined && known.byId.has(choice)) {
      return { facts: row, where: there, who: { person: choice } }
    }
    const placed = there && 'held' in there ? holders.get(there.held.id) : undefined
    const who = recognise(row, known, (person) => placed?.has(person) ?? false)
    return { facts: row, where: there, who }
  })
  const entries = await findEntries(parts, worlds.flatMap(subjectOf))
  const self = personOf(actor)
  const bench = {
    entries,
    file: file.sha256,
    uploader: self,
    line:
      self === undefined ? new Set<string>() : await parts.people.lineOf(self, parts.clock.today()),
    nameOf: namesOf(known.byId),
  }
  const judged = await eachInTurns(worlds, (row) => judgeRow(row, bench))
  const compared = againstEachOther(judged)
  const rows = await atTheDoor(parts, await eachInTurns(judged, compared), worlds)
  return summarise(rows, worlds)
}

const subjectOf = ({ where, who }: RowInWorld): { session: string; person: string }[] =>
  where && 'held' in where && who && 'person' in who
    ? [{ session: where.held.id, person: who.person }]
    : []

/** Rows that bring a training session of their own must agree on when it ended and who gave it. */
function oneOfEach(): (line: number, where: Whereabouts) => Whereabouts {
  const first = new Map<string, { line: number; session: UnplannedSession }>()
  return (line, where) => {
    if (!('unplanned' in where)) return where
    const { unplanned } = where
    const known = first.get(unplanned.key)
    if (!known) first.set(unplanned.key, { line, session: unplanned })
    else if (!isEqual(known.session, unplanned)) {
      const field = known.session.to === unplanned.to ? 'trainer' : 'end'
      return { field, say: { key: 'register.row.differs-from-line', with: { line: known.line } } }
    }
    return where
  }
}

function unplannedOf(
  rows: readonly JudgedRow[],
  worlds: readonly RowInWorld[],
): UnplannedSession[] {
  const found = new Map<string, UnplannedSession>()
  for (const [place, { where }] of worlds.entries()) {
    if (!where || !('unplanned' in where) || rows[place]?.verdict !== 'matched') continue
    if (!found.has(where.unplanned.key)) found.set(where.unplanned.key, where.unplanned)
  }
  return [...found.values()]
}

async function summarise(
  rows: readonly JudgedRow[],
  worlds: readonly RowInWorld[],
): Promise<Rehearsed> {
  const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<
    Verdict,
    number
  >
  const hash = createHash('sha256')
  await eachInTurns(rows, ({ line, verdict, session, person, mark, countersign }) => {
    counts[verdict]++
    const says = [line, verdict, session, person, mark?.attendance, mark?.minutes, countersign]
    hash.update(JSON.stringify(says))
  })
  return { rows, counts, unplanned: unplannedOf(rows, worlds), digest: hash.digest('hex') }
}
