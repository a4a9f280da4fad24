import type { Actor } from '../actor.js'
import type { Arrangement } from './arrangement.js'

/**
 * What has become of somebody's wish for a place: `asked` until it is settled; a place held, wanted
 * or on offer; or over, because it was given up, an offer lapsed, or the session was cancelled.
 */
export type SeatState =
  'asked' | 'booked' | 'waiting' | 'offered' | 'given-up' | 'lapsed' | 'cancelled'

/** One wish for a place, in the order in which they were made. Neither a booking nor a wait is attendance. */
export interface Seat {
  id: string
  person: string
  asked: { by: Actor; at: Date }
  state: SeatState
  /** Until when an offer holds. */
  until?: Date
  /** Practical arrangements that the person needs; seen by them, the trainers and the organisers. */
  needs: readonly Arrangement[]
  /** How often its state has changed. */
  moves: number
  /** What the person has been told last. */
  told?: string
}

const over = new Set<SeatState>(['given-up', 'lapsed', 'cancelled'])

/** Whether a wish still stands. A person has at most one that does. */
export const stands = ({ state }: Pick<Seat, 'state'>): boolean => !over.has(state)

/** Whether it takes a place in the room: an offer does, for as long as it holds. */
export const holds = ({ state }: Pick<Seat, 'state'>): boolean =>
  state === 'booked' || state === 'offered'

export const seatOf = (seats: readonly Seat[], person: string): Seat | undefined =>
  seats.findLast((seat) => seat.person === person && stands(seat))
