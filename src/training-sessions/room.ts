import { inForce, type Entry } from './entry.js'
import type { Mark } from './mark.js'
import { holds } from './seat.js'
import type { TrainingSession } from './training-session.js'

/** What of a training session decides who may still come in. */
export type Room = Pick<
  TrainingSession,
  'origin' | 'endsAt' | 'seats' | 'capacity' | 'trainers' | 'linesApart'
>

export const came = (mark: Mark | undefined): boolean =>
  mark?.attendance === 'attended' || mark?.attendance === 'part'

/** Everybody in the room: who is there, and whose place is still theirs. */
export function inTheRoom(room: Pick<Room, 'seats'>, entries: readonly Entry[]): Set<string> {
  const marks = new Map(entries.map((entry) => [entry.person, inForce(entry)]))
  const seated = room.seats
    .filter((seat) => holds(seat) && (!marks.get(seat.person) || came(marks.get(seat.person))))
    .map(({ person }) => person)
  const present = [...marks].flatMap(([person, mark]) => (came(mark) ? [person] : []))
  return new Set([...seated, ...present])
}

/** Answers whether somebody is kept out by others, for a reason that is nobody's business here. */
export type KeptOut = (
  room: Pick<Room, 'linesApart'>,
  person: string,
  others: readonly string[],
) => Promise<boolean>

/**
 * Whether somebody may come in: whoever has a place, or where there is room, and always once the
 * training session has ended: then a mark says who was there. Asked alike of everybody.
 */
export async function mayComeIn(
  room: Room,
  person: string,
  there: ReadonlySet<string>,
  now: Date,
  keptOut: KeptOut,
): Promise<boolean> {
  if (room.origin !== 'planned' || now > room.endsAt) return true
  if (room.seats.some((seat) => seat.state === 'booked' && seat.person === person)) return true
  const others = [...there].filter((other) => other !== person)
  const apart = await keptOut(room, person, [...room.trainers, ...others])
  return !apart && others.length < room.capacity
}
