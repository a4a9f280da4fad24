import { personOf, type Actor } from '../actor.js'
import { conflict, notFound, refused } from '../errors.js'
import { codeAt, isCodeGood } from './check-in.js'
import { entryKey, inForce, withClaim, withCountersign, withStatement } from './entry.js'
import { sameMark, type ClaimSource, type Mark } from './mark.js'
import type { RegisterDesk } from './register-desk.js'
import { came, inTheRoom, mayComeIn } from './room.js'
import { briefly } from './scope.js'
import type { TrainingSession } from './training-session.js'

/** Marks made at the door and after it. */
export interface Marking {
  /**
   * Marks somebody; a second mark corrects the first. Whoever has no place is taken in as a walk-in
   * where there is room: until the training session ends, `conflict` says that it is full. From the
   * signature on `conflict` says that an amendment is needed.
   */
  mark(actor: Actor, session: string, person: string, mark: Mark): Promise<void>
  /** The code that the door shows now, and until when. */
  code(actor: Actor, session: string): Promise<{ code: string; seconds: number }>
  /** Says that one is there, by the code at the door. It counts once whoever keeps the register signs for it. */
  checkIn(actor: Actor, session: string, code: string): Promise<void>
  /** Marks as attended those who have checked in and are not marked yet; answers how many. */
  confirmCheckIns(actor: Actor, session: string): Promise<number>
  /** Signs, as a second person, for marks that somebody made in their own line. */
  countersign(actor: Actor, session: string, people: readonly string[]): Promise<void>
  /**
   * What a paper list or a call's log says of people; of whom it says nothing, it says that they were
   * not there.
   */
  claim(
    actor: Actor,
    session: string,
    source: Exclude<ClaimSource, 'check-in'>,
    claims: readonly Claimed[],
  ): Promise<void>
}

/** Somebody whom another source says was there, or was not. */
export interface Claimed {
  person: string
  present: boolean
  minutes?: number
}

export function createMarking(desk: RegisterDesk): Marking {
  const { sessions, entries, keeping, seats, people, clock, settings } = desk

  /** Throws as a full room would for whoever may not come in, whatever keeps them out. */
  async function checkRoom(session: TrainingSession, person: string): Promise<void> {
    const there = inTheRoom(session, await entries.of(session.id))
    if (!(await mayComeIn(session, person, there, clock.now(), seats.keptOut))) {
      throw conflict('place.full')
    }
  }

  async function get(id: string): Promise<TrainingSession> {
    const session = await sessions.find(id)
    if (!session) throw notFound()
    return session
  }

  function checkOpen(session: TrainingSession): void {
    if (session.register.state !== 'open') throw conflict('register.signed-already')
  }

  return {
    async mark(actor, id, person, mark) {
      const session = await desk.held(actor, id)
      checkOpen(session)
      desk.checkMark(actor, session, person, mark)
      await people.byId([person]).then((found) => {
        if (!found.has(person)) throw notFound()
      })
      if (came(mark)) await checkRoom(session, person)
      await desk.begin(actor, session)
      const state = await desk.stating(actor, 'screen')
      const statement = state(person, mark)
      const act = desk.act(actor, session)
      await keeping.revise(act, [{ session: id, person }], (entry) => {
        const said = inForce(entry)
        // A second tap on the same mark says nothing new.
        const again = said?.source === 'screen' && sameMark(said, mark)
        return again && said.id !== statement.id ? entry : withStatement(entry, statement)
      })
      await desk.record(actor, {
        act: 'register.marked',
        people: [person],
        session: id,
        attendance: mark.attendance,
      })
      // A signature given in the same moment covers this mark as well.
      if ((await get(id)).register.state !== 'open') await desk.signThrough(actor, id)
    },
    async code(actor, id) {
      const session = await desk.held(actor, id)
      const rule = { seconds: settings.codeSeconds }
      return { code: codeAt(session.checkInSecret, id, clock.now(), rule), ...rule }
    },
    async checkIn(actor, id, code) {
      const person = personOf(actor)
      const session = await get(id)
      const now = clock.now()
      const rule = { seconds: settings.codeSeconds }
      if (person === undefined || !isCodeGood(session.checkInSecret, id, code, now, rule)) {
        throw refused('register.code')
      }
      const opens = session.startsAt.getTime() - settings.doorOpensMinutes * 60_000
      if (session.cancelled || now.getTime() < opens || now > session.endsAt) {
        throw conflict('register.code')
      }
      if (session.trainers.includes(person)) throw refused('register.own-mark')
      await checkRoom(session, person)
      const claim = { source: 'check-in', present: true, by: briefly(actor), at: now } as const
      const act = desk.act(actor, session)
      await keeping.revise(act, [{ session: id, person }], (entry) => withClaim(entry, claim))
    },
    async confirmCheckIns(actor, id) {
      const session = await desk.held(actor, id)
      checkOpen(session)
      const self = personOf(actor)
      const waiting = (await entries.of(id)).filter(
        (entry) =>
          inForce(entry) === undefined &&
          entry.person !== self &&
          entry.claims.some(({ source }) => source === 'check-in'),
      )
      await desk.begin(actor, session)
      const state = await desk.stating(actor, 'screen')
      const marks = new Map(
        waiting.map(({ person }) => [
          entryKey(id, person),
          state(person, { attendance: 'attended' }),
        ]),
      )
      const act = desk.act(actor, session)
      const subjects = waiting.map(({ person }) => ({ session: id, person }))
      await keeping.revise(act, subjects, (entry) => {
        const statement = marks.get(entryKey(id, entry.person))
        return statement && inForce(entry) === undefined ? withStatement(entry, statement) : entry
      })
      await desk.record(actor, {
        act: 'register.marked',
        people: waiting.map(({ person }) => person),
        session: id,
        attendance: 'attended',
      })
      return waiting.length
    },
    async countersign(actor, id, wanted) {
      const session = await desk.held(actor, id)
      const self = personOf(actor)
      if (self === undefined) throw refused('register.countersign-person')
      const line = await people.lineOf(self, clock.today())
      const own = wanted.some((person) => person === self || line.has(person))
      const found = (await entries.of(id)).filter(({ person }) => wanted.includes(person))
      const marked = found.some(({ statements }) =>
        statements.some(({ countersign, by }) => countersign === 'needed' && personOf(by) === self),
      )
      if (own || marked) throw refused('register.countersign-other')
      const at = clock.now()
      const subjects = found.map(({ person }) => ({ session: id, person }))
      await keeping.revise(desk.act(actor, session), subjects, (entry) =>
        withCountersign(entry, briefly(actor), at),
      )
      const act = { act: 'register.countersigned', people: wanted, session: id } as const
      await desk.record(actor, act)
    },
    async claim(actor, id, source, claims) {
      const session = await desk.held(actor, id)
      if (session.register.state === 'locked') throw conflict('register.locked-already')
      const known = await people.byId(claims.map(({ person }) => person))
      const byPerson = new Map(claims.map((claim) => [claim.person, claim]))
      const subjects = claims
        .filter(({ person }) => known.has(person) && !session.trainers.includes(person))
        .map(({ person }) => ({ session: id, person }))
      const said = { source, by: briefly(actor), at: clock.now() }
      await keeping.revise(desk.act(actor, session), subjects, (entry) => {
        const claimed = byPerson.get(entry.person)
        if (!claimed) return entry
        const { present, minutes } = claimed
        return withClaim(entry, {
          ...said,
          present,
          ...(minutes === undefined ? {} : { minutes }),
        })
      })
    },
  }
}
