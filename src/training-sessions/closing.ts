import { createHash } from 'node:crypto'
import { personOf, type Actor } from '../actor.js'
import { conflict, invalid, notFound, refused } from '../errors.js'
import { disagreementsOf } from './disagreements.js'
import { inForce, waitsForCountersign, withStatement, type Entry } from './entry.js'
import type { Mark } from './mark.js'
import { markOf, sheetOf } from './register-sheet.js'
import type { RegisterDesk } from './register-desk.js'
import { minutesOf } from './schedule.js'
import { briefly, gives, organises } from './scope.js'

/** How a register is closed, and changed afterwards. */
export interface Closing {
  /** The trainer's signature. Throws `conflict` while somebody with a place has no mark. */
  sign(actor: Actor, session: string): Promise<void>
  /** A second person's look at a signed register. */
  verify(actor: Actor, session: string): Promise<void>
  /** Throws `conflict` while sources disagree, a countersignature or a verification is wanting. */
  lock(actor: Actor, session: string): Promise<void>
  /** Changes what a register says, visibly and with a reason: the only way once it is signed. */
  amend(actor: Actor, session: string, person: string, mark: Mark, reason: string): Promise<void>
  /** Finishes signatures that a crash interrupted; answers how many. */
  resumeSigning(): Promise<number>
}

/** Everything that a register says, in one digest: the same statements give the same one. */
function digestOf(entries: readonly Entry[]): string {
  const lines = entries
    .map(({ person, statements }) => ({ person, statements, says: entrySays(statements) }))
    .filter(({ statements }) => statements.length > 0)
    .map(({ person, says }) => JSON.stringify([person, says]))
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

const entrySays = (statements: Entry['statements']) =>
  statements.map(({ id, attendance, minutes, at, withdrawn }) => [
    id,
    attendance,
    minutes ?? null,
    at.toISOString(),
    withdrawn?.at.toISOString() ?? null,
  ])

export function createClosing(desk: RegisterDesk): Closing {
  const { sessions, entries, keeping, people, clock, settings } = desk
  const deed = (actor: Actor) => ({ by: briefly(actor), at: clock.now() })

  return {
    async sign(actor, id) {
      const session = await desk.held(actor, id)
      const orphan = session.trainers.length === 0 && organises(actor) && actor.kind === 'person'
      if (!gives(actor, session) && !orphan) throw refused('register.trainer-signs')
      if (session.cancelled) throw conflict('training-session.cancelled-already')
      if (session.startsAt > clock.now()) throw conflict('register.too-early')
      const { lines, unmarked } = sheetOf(session, await entries.of(id), new Map(), settings)
      if (unmarked === 0 && lines.every(({ mark }) => !mark)) throw conflict('register.empty')
      if (unmarked > 0) throw conflict('register.unmarked', { count: unmarked })
      const signed = { state: 'signed', signed: deed(actor), signing: true } as const
      if (!(await sessions.moveRegister(id, 'open', signed))) {
        throw conflict('register.signed-already')
      }
      await desk.record(actor, { act: 'register.signed', session: id })
      await desk.signThrough(actor, id)
    },
    async verify(actor, id) {
      const session = await desk.held(actor, id)
      const { signed, state } = session.register
      if (state === 'open' || !signed) throw conflict('register.not-signed')
      const self = personOf(actor)
      if (self === undefined || self === personOf(signed.by))
        throw refused('register.second-person')
      if (!(await sessions.moveRegister(id, 'signed', { verified: deed(actor) }))) {
        throw conflict('register.locked-already')
      }
      await desk.record(actor, { act: 'register.verified', session: id })
    },
    async lock(actor, id) {
      const session = await desk.held(actor, id)
      const { state, verified } = session.register
      if (state === 'locked') throw conflict('register.locked-already')
      if (state === 'open') throw conflict('register.not-signed')
      await desk.signThrough(actor, id)
      const own = await entries.of(id)
      const tolerance = { minutes: settings.toleranceMinutes }
      const count = disagreementsOf(own, minutesOf(session), tolerance).length
      if (count > 0) throw conflict('register.disagreements', { count })
      if (own.some(waitsForCountersign)) throw conflict('register.countersign-wanting')
      if (session.verified && !verified) throw conflict('register.not-verified')
      const sha256 = digestOf(own)
      const locked = { ...deed(actor), sha256 }
      if (!(await sessions.moveRegister(id, 'signed', { state: 'locked', locked }))) {
        throw conflict('register.locked-already')
      }
      await desk.record(actor, { act: 'register.locked', session: id, sha256 })
    },
    async amend(actor, id, person, mark, reason) {
      const session = await desk.held(actor, id)
      if (reason.trim() === '') throw invalid('register.no-reason')
      desk.checkMark(actor, session, person, mark)
      if (!(await people.byId([person])).has(person)) throw notFound()
      const state = await desk.stating(actor, 'amendment', reason)
      const statement = state(person, mark)
      let before: Mark | undefined
      await keeping.revise(desk.act(actor, session, reason), [{ session: id, person }], (entry) => {
        const said = inForce(entry)
        if (said && said.id !== statement.id) before = markOf(said)
        return withStatement(entry, statement)
      })
      await desk.record(actor, {
        act: 'register.amended',
        people: [person],
        session: id,
        attendance: mark.attendance,
        ...(before ? { before: before.attendance } : {}),
        reason,
      })
    },
    async resumeSigning() {
      const unfinished = await sessions.signing()
      for (const { id, register } of unfinished) {
        await desk.signThrough(register.signed?.by ?? { kind: 'system', part: 'reconciler' }, id)
      }
      return unfinished.length
    },
  }
}
