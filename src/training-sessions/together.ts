import { groupBy } from 'es-toolkit'
import type { Day } from '../clock.js'
import { inForce } from './entry.js'
import type { EntriesStore } from './entries-store.js'
import { came } from './room.js'
import type { SessionsStore } from './sessions-store.js'

/** A training session in which two people were both marked as present. */
export interface Meeting {
  session: string
  course: string
  on: Day
}

/**
 * Where two people were both present, by what registers say at this moment, the latest first: for
 * whoever has to know that people met who were to be kept apart. Nothing is noted anywhere.
 */
export async function meetingsOf(
  { entries, sessions }: { entries: EntriesStore; sessions: SessionsStore },
  one: string,
  other: string,
): Promise<Meeting[]> {
  const there = (await entries.ofPeople([one, other])).filter((entry) => came(inForce(entry)))
  const both = Object.values(groupBy(there, ({ session }) => session)).filter(
    (own) => new Set(own.map(({ person }) => person)).size === 2,
  )
  const held = await sessions.byIds(both.flatMap(([entry]) => entry?.session ?? []))
  return held
    .map(({ id, course, on }) => ({ session: id, course, on }))
    .sort((a, b) => (a.on < b.on ? 1 : -1))
}
