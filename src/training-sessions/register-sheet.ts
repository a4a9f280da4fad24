import { omit } from 'es-toolkit'
import type { Person } from '../people/people.js'
import type { Arrangement } from './arrangement.js'
import { disagreementsOf, type Disagreement } from './disagreements.js'
import { inForce, waitsForCountersign, type Entry } from './entry.js'
import type { Mark, Statement } from './mark.js'
import { minutesOf } from './schedule.js'
import { seatOf } from './seat.js'
import type { Settings } from './settings.js'
import type { TrainingSession } from './training-session.js'

/** One line of a register: who, what they need in the room, and what is said of them. */
export interface RegisterLine {
  person: string
  /** Had a place; somebody without one walked in, or came with an upload. */
  hadPlace: boolean
  needs: readonly Arrangement[]
  mark?: Mark
  checkedIn?: Date
  /** A second person has still to sign for it. */
  countersign?: true
  /** Everything ever said, oldest first: old and new stand side by side. */
  history: readonly Statement[]
}

/** A register as its keeper sees it. It knows nothing of who waits, who has an offer, and how many may come. */
export interface RegisterSheet {
  session: Omit<TrainingSession, 'seats' | 'capacity' | 'checkInSecret' | 'linesApart'>
  lines: readonly RegisterLine[]
  /** What has to be looked at before it can lock. */
  disagreements: readonly Disagreement[]
  /** What people with a place have said once, for every room, that a room must have: never who said it. */
  roomNeeds: readonly string[]
  /** People with a place of whom nothing is said yet. */
  unmarked: number
}

/** Puts a register together from the places held and what has been said. */
export function sheetOf(
  session: TrainingSession,
  entries: readonly Entry[],
  people: ReadonlyMap<string, Person>,
  settings: Settings,
): RegisterSheet {
  const { seats } = session
  const shown = omit(session, ['seats', 'capacity', 'checkInSecret', 'linesApart'])
  const byPerson = new Map(entries.map((entry) => [entry.person, entry]))
  const booked = seats.filter(({ state }) => state === 'booked').map(({ person }) => person)
  const nameOf = (person: string): string => people.get(person)?.name ?? person
  const everybody = [...new Set([...booked, ...byPerson.keys()])].toSorted((one, other) =>
    nameOf(one).localeCompare(nameOf(other)),
  )
  const lines = everybody.flatMap((person): RegisterLine[] => {
    const entry = byPerson.get(person)
    const seat = seatOf(seats, person)
    const statement = entry && inForce(entry)
    const checkedIn = entry?.claims.findLast(({ source }) => source === 'check-in')?.at
    const hadPlace = seat?.state === 'booked'
    // Whoever only another source has is here too, so that the register can take them in.
    if (!hadPlace && !entry?.statements.length && !entry?.claims.some(({ present }) => present)) {
      return []
    }
    return [
      {
        person,
        hadPlace,
        needs: seat?.needs ?? [],
        history: entry?.statements ?? [],
        ...(statement ? { mark: markOf(statement) } : {}),
        ...(checkedIn ? { checkedIn } : {}),
        ...(entry && waitsForCountersign(entry) ? { countersign: true as const } : {}),
      },
    ]
  })
  return {
    session: shown,
    lines,
    roomNeeds: [],
    disagreements: disagreementsOf(entries, minutesOf(session), {
      minutes: settings.toleranceMinutes,
    }),
    unmarked: lines.filter(({ hadPlace, mark }) => hadPlace && !mark).length,
  }
}

export const markOf = ({ attendance, minutes }: Mark): Mark => ({
  attendance,
  ...(minutes === undefined ? {} : { minutes }),
})
