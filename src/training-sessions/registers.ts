import type { Actor } from '../actor.js'
import { createClosing, type Closing } from './closing.js'
import { createMarking, type Marking } from './marking.js'
import { createDesk, type RegistersParts } from './register-desk.js'
import { sheetOf, type RegisterSheet } from './register-sheet.js'

/** Registers on screen: marked at the door, signed, compared with other sources, locked, amended. */
export interface Registers extends Marking, Closing {
  /** A register as whoever keeps it sees it. Throws not-found for everybody else. */
  sheet(actor: Actor, session: string): Promise<RegisterSheet>
}

export function createRegisters(parts: RegistersParts): Registers {
  const desk = createDesk(parts)
  return {
    async sheet(actor, id) {
      const session = await desk.held(actor, id)
      const own = await parts.entries.of(id)
      const seated = session.seats.map(({ person }) => person)
      const known = await parts.people.byId([...seated, ...own.map(({ person }) => person)])
      const booked = session.seats.flatMap(({ state, person }) =>
        state === 'booked' ? [person] : [],
      )
      const roomNeeds = (await parts.roomNeeds?.(booked)) ?? []
      return { ...sheetOf(session, own, known, parts.settings), roomNeeds }
    },
    ...createMarking(desk),
    ...createClosing(desk),
  }
}
