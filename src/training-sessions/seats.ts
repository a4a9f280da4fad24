import type { Clock } from '../clock.js'
import type { Message } from '../notifications/notifications.js'
import type { People } from '../people/people.js'
import type { KeptOut } from './room.js'
import { stands } from './seat.js'
import { settleSeats, type MayNotMeet, type SeatChange } from './seating.js'
import type { SessionsStore } from './sessions-store.js'
import type { Settings } from './settings.js'
import { messageFor, toldOf, type Voice } from './telling.js'
import type { Courses, TrainingSession } from './training-session.js'

/** Settles who has a place, whatever many ask for at once, and tells them. */
export interface Seats {
  /** Settles a training session's seats and tells people; answers it as it then is. */
  settle(id: string): Promise<TrainingSession | undefined>
  /** Tells people what they have not been told yet. */
  tell(id: string): Promise<void>
  /** Lets offers run out, settles what a crash left, tells what was not told; answers how many sessions it touched. */
  tend(): Promise<number>
  isCurrent(about: string): Promise<boolean>
  /** Whether somebody may not be in the room with others, as a full room would keep them out. */
  keptOut: KeptOut
}

export interface SeatsParts {
  sessions: SessionsStore
  courses: () => Courses
  people: Pick<People, 'byId' | 'lineOf'>
  clock: Clock
  settings: Settings
  voice: Voice
  mayNotMeet: MayNotMeet
  tell: (messages: readonly Message[]) => Promise<void>
}

const hour = 3_600_000

export function createSeats(parts: SeatsParts): Seats {
  const { sessions, courses, people, clock, settings, voice } = parts
  // Those who ask while seats are being settled share the next turn, however many they are.
  const waiting = new Map<string, Promise<TrainingSession | undefined>>()
  const running = new Map<string, Promise<unknown>>()

  /** Whoever is refused, for whichever reason, is refused in the same way. */
  const meetingRule =
    ({ linesApart = false }: Pick<TrainingSession, 'linesApart'>): MayNotMeet =>
    async (person, others) => {
      const sealed = await parts.mayNotMeet(person, others)
      if (!linesApart) return sealed
      const line = await people.lineOf(person, clock.today())
      return sealed || others.some((other) => line.has(other))
    }

  async function changesOf(session: TrainingSession): Promise<SeatChange[]> {
    if (session.cancelled) {
      return session.seats.flatMap((seat, place) =>
        stands(seat) ? [{ place, state: 'cancelled' as const }] : [],
      )
    }
    if (session.startsAt <= clock.now()) return []
    return settleSeats({
      ...session,
      now: clock.now(),
      hold: settings.offerHours * hour,
      mayNotMeet: meetingRule(session),
    })
  }

  async function settleOnce(id: string): Promise<void> {
    for (;;) {
      const session = await sessions.find(id)
      const changes = session ? await changesOf(session) : []
      if (!session || changes.length === 0) return
      const gone = changes
        .filter(({ state }) => !stands({ state }))
        .map(({ place }) => session.seats[place]?.person ?? '')
      if (await sessions.settle(session, changes, gone)) return
    }
  }

  function settleNext(id: string): Promise<TrainingSession | undefined> {
    const next = waiting.get(id)
    if (next) return next
    const before = running.get(id) ?? Promise.resolve()
    const turn = before
      .catch(() => undefined)
      .then(async () => {
        waiting.delete(id)
        running.set(id, turn)
        await settleOnce(id)
        return tell(id)
      })
      .finally(() => {
        if (running.get(id) === turn) running.delete(id)
      })
    waiting.set(id, turn)
    return turn
  }

  async function tell(id: string): Promise<TrainingSession | undefined> {
    const session = await sessions.find(id)
    if (!session) return undefined
    const untold = session.seats.flatMap((seat, place) => {
      const told = toldOf(seat, session.edition)
      return seat.state === 'asked' || seat.told === told ? [] : [{ seat, place, told }]
    })
    const byId = await people.byId(untold.map(({ seat }) => seat.person))
    const world = { courses: courses(), voice, now: clock.now() }
    const messages = untold.flatMap(({ seat }) => {
      const person = byId.get(seat.person)
      return (person && messageFor(session, seat, person, world)) ?? []
    })
    if (messages.length > 0) await parts.tell(messages)
    await sessions.told(session, untold)
    return session
  }

  return {
    settle: settleNext,
    async tell(id) {
      await tell(id)
    },
    async tend() {
      const open = await sessions.unsettled(clock.now())
      const untold = await sessions.untold()
      const ids = new Set([...open, ...untold].map(({ id }) => id))
      for (const id of ids) await settleNext(id)
      return ids.size
    },
    async isCurrent(about) {
      const [id = '', seatId, ...told] = about.split('/')
      const session = await sessions.find(id)
      const seat = session?.seats.find((one) => one.id === seatId)
      return seat !== undefined && toldOf(seat, session?.edition ?? 0) === told.join('/')
    },
    keptOut: async (session, person, others) => meetingRule(session)(person, others),
  }
}
