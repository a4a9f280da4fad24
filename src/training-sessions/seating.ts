import { holds, type Seat, type SeatState } from './seat.js'

/**
 * Whether somebody is not to be given a place among others, for a reason that is nobody's business
 * here. Asked of the sealed plane; true only for the one who has to give way.
 */
export type MayNotMeet = (person: string, others: readonly string[]) => boolean | Promise<boolean>

export interface Room {
  seats: readonly Seat[]
  capacity: number
  /** They are in the room as well. */
  trainers: readonly string[]
  startsAt: Date
  now: Date
  /** How long an offer holds, in milliseconds; never beyond the start. */
  hold: number
  mayNotMeet: MayNotMeet
}

/** A seat by its place in the list, and what becomes of it. */
export interface SeatChange {
  place: number
  state: SeatState
  until?: Date
}

/**
 * Settles who has a place: offers that ran out lapse; places that are too many go back to the
 * waiting list, the latest first; free places are offered to those who wait, in their order, and
 * then given to those who have just asked, in theirs. Whoever may not meet somebody in the room is
 * answered as if it were full, and passed over in silence for as long as that is so: their own
 * answer, their place in the list and everybody else's answers are those of a full room. The answer
 * about each who has just asked is sought whether or not there is room, so that it takes no longer
 * for one than for another.
 */
export async function settleSeats(room: Room): Promise<SeatChange[]> {
  const { seats, capacity, trainers, startsAt, now, hold, mayNotMeet } = room
  const states = seats.map(({ state }) => state)
  const changes = new Map<number, SeatChange>()
  const change = (place: number, state: SeatState, until?: Date) => {
    states[place] = state
    changes.set(place, { place, state, ...(until ? { until } : {}) })
  }
  const inState = (state: SeatState) => [...states.keys()].filter((at) => states[at] === state)
  const holding = () => [...states.keys()].filter((at) => holds({ state: states[at] ?? 'asked' }))
  const personAt = (place: number) => seats[place]?.person ?? ''
  const others = () => [...trainers, ...holding().map(personAt)]

  for (const place of inState('offered')) {
    const { until } = seats[place] ?? {}
    if (until && until <= now) change(place, 'lapsed')
  }
  for (const place of holding().slice(Math.max(capacity, 0))) change(place, 'waiting')

  const there = others()
  const asked = inState('asked')
  const answers = await Promise.all(asked.map(async (place) => mayNotMeet(personAt(place), there)))
  const kept = new Map(asked.map((place, at) => [place, answers[at] ?? false]))
  let came: string[] = []

  /** Gives a place, unless somebody who came in meanwhile is not to be met; others may give way. */
  async function seat(place: number, state: 'booked' | 'offered', until?: Date): Promise<void> {
    const person = personAt(place)
    if (came.length > 0 && (await mayNotMeet(person, came))) return
    const present = holding()
    change(place, state, until)
    came = [...came, person]
    for (const other of present) {
      if (await mayNotMeet(personAt(other), [person])) change(other, 'waiting')
    }
  }

  const until = new Date(Math.min(now.getTime() + hold, startsAt.getTime()))
  for (const place of until > now ? inState('waiting') : []) {
    if (holding().length >= capacity) break
    if (changes.has(place) || (await mayNotMeet(personAt(place), others()))) continue
    await seat(place, 'offered', until)
  }
  for (const place of asked) {
    if (holding().length < capacity && !kept.get(place)) await seat(place, 'booked')
    if (states[place] === 'asked') change(place, 'waiting')
  }
  return [...changes.values()]
}
