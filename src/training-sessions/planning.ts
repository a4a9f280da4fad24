import { isEqual, pick, uniqWith } from 'es-toolkit'
import { hasRole, personOf, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import { addDays, type Clock, type Day } from '../clock.js'
import { conflict, invalid, notFound, refused, type Fault } from '../errors.js'
import { calledName, type People } from '../people/people.js'
import type { Random } from '../random.js'
import type { Accreditations } from './accreditations.js'
import { faultsOf } from './plan-checks.js'
import { daysOf, timesOf, type Repeat } from './schedule.js'
import { briefly, checkKeeper, checkPlanner, organises } from './scope.js'
import type { SessionsStore } from './sessions-store.js'
import type { Settings } from './settings.js'
import { taughtOf, type Courses, type Plan, type TrainingSession } from './training-session.js'

/** Plans, changes and cancels training sessions. */
export interface Planning {
  /** What is wrong already with as much of a plan as is known, field by field; `own` is being changed. */
  check(actor: Actor, plan: Partial<Plan>, own?: string): Promise<Fault[]>
  /** The same of training with one person. */
  checkFor(actor: Actor, person: string, plan: Partial<Plan>): Promise<Fault[]>
  /** The same of a series, which may be wrong in itself. */
  checkSeries(actor: Actor, plan: Partial<Plan>, repeat: Repeat): Promise<Fault[]>
  /** Throws `invalid` with faults by field. A trainer plans what they give themselves. */
  plan(actor: Actor, plan: Plan): Promise<TrainingSession>
  /**
   * Plans training with one person, who has its only place from the start. For safeguarding officers
   * and organisers. Throws `invalid` with faults by field, among them a trainer in the person's own line.
   */
  planFor(actor: Actor, person: string, plan: Plan): Promise<TrainingSession>
  /** A plan as it stands, for whoever may change it. Throws not-found. */
  planOf(actor: Actor, id: string): Promise<Plan>
  /** Plans a series at the same London time; nothing of it where one day cannot be. */
  planSeries(actor: Actor, plan: Plan, repeat: Repeat): Promise<TrainingSession[]>
  /** Changes a plan; whoever has a place hears of it by an update of their calendar. */
  change(actor: Actor, id: string, changes: Partial<Plan>): Promise<TrainingSession>
  /** Cancels a training session; with `series` all of its series that have not begun. */
  cancel(actor: Actor, id: string, reason: string, series?: boolean): Promise<TrainingSession[]>
}

export interface PlanningParts {
  sessions: SessionsStore
  accreditations: Accreditations
  courses: () => Courses
  people: Pick<People, 'byId' | 'lineOf'>
  audit: Audit
  clock: Clock
  random: Random
  settings: Settings
  /** Settles places and tells people, after a plan has changed. */
  settle: (id: string) => Promise<void>
}

const planFields = [
  'course',
  'delivery',
  'on',
  'from',
  'to',
  'venue',
  'link',
  'capacity',
  'trainers',
  'invited',
  'arrangements',
  'linesApart',
  'verified',
] as const satisfies readonly (keyof Plan)[]

// Training with one person has one place, and nobody else is invited.
const alone = { capacity: 1, invited: {} } as const

/** What is kept of a training session from its plan; the times must have been checked. */
export function sessionFrom(
  plan: Plan,
  given: Pick<TrainingSession, 'id' | 'planned' | 'origin' | 'taught' | 'checkInSecret'>,
): TrainingSession {
  const times = timesOf(plan.on, plan.from, plan.to)
  if (!times) throw invalid('training-session.fault.times', { on: plan.on })
  return {
    ...pick(plan, [...planFields]),
    ...times,
    ...pick(given, ['id', 'planned', 'origin', 'taught', 'checkInSecret']),
    edition: 1,
    version: 1,
    seats: [],
    register: { state: 'open' },
  }
}

export function createPlanning(parts: PlanningParts): Planning {
  const { sessions, accreditations, courses, people, audit, clock, random, settings } = parts

  async function faultsIn(plan: Partial<Plan>, own?: string): Promise<Fault[]> {
    const { trainers = [] } = plan
    const found = await people.byId(trainers)
    return faultsOf(
      plan,
      {
        courses: courses(),
        known: new Set(found.keys()),
        nameOf: (person) => {
          const trainer = found.get(person)
          return trainer ? calledName(trainer) : person
        },
        accredited: await accreditations.forCourses(courses()),
        others: plan.on ? await around(plan.on, trainers) : [],
        now: clock.now(),
      },
      own,
    )
  }

  /** What some trainers give on a day, the day before and the day after: midnight divides nothing. */
  async function around(on: Day, trainers: readonly string[]): Promise<TrainingSession[]> {
    const days = await Promise.all(
      trainers.map((trainer) => sessions.between(addDays(on, -1), addDays(on, 1), trainer)),
    )
    return days.flat().filter(({ cancelled }) => !cancelled)
  }

  async function check(actor: Actor, plan: Partial<Plan>, own?: string): Promise<Fault[]> {
    checkPlanner(actor)
    const faults = await faultsIn(plan, own)
    const person = personOf(actor)
    if (!organises(actor) && (person === undefined || !plan.trainers?.includes(person))) {
      faults.push({ field: 'trainers', say: { key: 'training-session.fault.not-yours' } })
    }
    return faults
  }

  async function checkFor(actor: Actor, person: string, plan: Partial<Plan>): Promise<Fault[]> {
    if (!organises(actor) && !hasRole(actor, 'safeguarding-officer')) {
      throw refused('training-session.not-planner')
    }
    const faults = await faultsIn({ ...plan, ...alone })
    const line = await people.lineOf(person, clock.today())
    if (plan.trainers?.some((trainer) => trainer === person || line.has(trainer))) {
      faults.push({ field: 'trainers', say: { key: 'training-session.fault.own-line' } })
    }
    return faults
  }

  async function checkSeries(actor: Actor, plan: Partial<Plan>, repeat: Repeat): Promise<Fault[]> {
    const most = settings.seriesLength
    const long = Number.isInteger(repeat.times) && repeat.times >= 2 && repeat.times <= most
    const say = { key: 'training-session.fault.series', with: { most } }
    const first = plan.on
    const days = first && long ? daysOf(first, repeat).map((on) => ({ ...plan, on })) : [plan]
    const faults = await Promise.all(days.map((day) => check(actor, day)))
    // What is wrong with every day is said once.
    return uniqWith([...faults.flat(), ...(long ? [] : [{ field: 'times', say }])], isEqual)
  }

  function accept(faults: readonly Fault[]): void {
    if (faults.length > 0) throw invalid('training-session.faults', undefined, faults)
  }

  function make(actor: Actor, plan: Plan, series?: string): TrainingSession {
    const taught = taughtOf(courses(), plan.course, plan.delivery)
    if (!taught) throw invalid('training-session.fault.delivery')
    const session = sessionFrom(plan, {
      id: random.id(),
      planned: { by: briefly(actor), at: clock.now() },
      origin: 'planned',
      taught,
      checkInSecret: random.bytes(32).toString('base64url'),
    })
    return series === undefined ? session : { ...session, series }
  }

  async function add(actor: Actor, planned: readonly TrainingSession[]): Promise<void> {
    await sessions.add(planned)
    await audit.recordMany(
      planned.map(({ id, course, on }) => ({
        actor,
        act: { act: 'training-session.planned', session: id, course, on },
        key: `training-session.planned:${id}`,
      })),
    )
  }

  async function get(actor: Actor, id: string): Promise<TrainingSession> {
    const session = await sessions.find(id)
    if (!session) throw notFound()
    checkKeeper(actor, session)
    return session
  }

  return {
    check,
    checkFor,
    checkSeries,
    planOf: async (actor, id) => pick(await get(actor, id), [...planFields]),
    async plan(actor, plan) {
      accept(await check(actor, plan))
      const session = make(actor, plan)
      await add(actor, [session])
      return session
    },
    async planFor(actor, person, plan) {
      accept(await checkFor(actor, person, plan))
      const asked = { by: briefly(actor), at: clock.now() }
      const seat = { id: random.id(), person, asked, state: 'asked', needs: [], moves: 0 } as const
      const session = { ...make(actor, { ...plan, ...alone }), onlyFor: person, seats: [seat] }
      await add(actor, [session])
      await parts.settle(session.id)
      return session
    },
    async planSeries(actor, plan, repeat) {
      accept(await checkSeries(actor, plan, repeat))
      const series = random.id()
      const planned = daysOf(plan.on, repeat).map((on) => make(actor, { ...plan, on }, series))
      await add(actor, planned)
      return planned
    },
    async change(actor, id, changes) {
      for (;;) {
        const session = await get(actor, id)
        if (session.cancelled) throw conflict('training-session.cancelled-already')
        if (session.startsAt <= clock.now()) throw conflict('training-session.begun')
        const plan: Plan = { ...pick(session, [...planFields]), ...changes }
        accept(await check(actor, plan, id))
        const changed = planFields.filter((field) => !isEqual(plan[field], session[field]))
        if (changed.length === 0) return session
        const next = sessionFrom(plan, { ...session, taught: make(actor, plan).taught })
        const fields = pick(next, [...planFields, 'startsAt', 'endsAt', 'taught'])
        if (!(await sessions.change(session, fields))) continue
        await audit.record(actor, { act: 'training-session.changed', session: id, changed })
        await parts.settle(id)
        return get(actor, id)
      }
    },
    async cancel(actor, id, reason, series = false) {
      if (reason.trim() === '') throw invalid('training-session.no-reason')
      const first = await get(actor, id)
      const all = series && first.series ? await sessions.inSeries(first.series) : [first]
      const cancelled: TrainingSession[] = []
      for (const session of all) {
        if (session.startsAt <= clock.now() || session.cancelled) {
          if (session.id === id) throw conflict('training-session.begun')
          continue
        }
        let current = session
        const deed = { by: briefly(actor), at: clock.now(), reason }
        while (!(await sessions.change(current, { cancelled: deed }))) {
          current = await get(actor, session.id)
        }
        await audit.record(
          actor,
          { act: 'training-session.cancelled', session: session.id, reason },
          `training-session.cancelled:${session.id}`,
        )
        await parts.settle(session.id)
        cancelled.push({ ...current, cancelled: deed })
      }
      return cancelled
    },
  }
}
