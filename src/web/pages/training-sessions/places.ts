import { z } from 'zod'
import { hasRole, personOf, type Actor } from '../../../actor.js'
import { addDays } from '../../../clock.js'
import { may } from '../../../identity/identity.js'
import { calledName } from '../../../people/people.js'
import {
  arrangements,
  type Arrangement,
  type SessionView,
} from '../../../training-sessions/training-sessions.js'
import { optional } from '../../fields.js'
import { file, go, page, view, type Answer, type Page } from '../../page.js'
import {
  id,
  recognisable,
  registerAddress,
  sessionAddress,
  type TrainingSessionPagesParts,
} from './around.js'

// How far back and ahead those see who give training sessions, in days.
const [back, ahead] = [60, 366]
const mostOthers = 20
const needsOf = (value: unknown): Arrangement[] =>
  arrangements.filter((one) => [value ?? []].flat().includes(one))

/** Training sessions as somebody finds them, books a place and gives it up. */
export function placePages(parts: TrainingSessionPagesParts): Page[] {
  const { training, people, clock, courseTitle } = parts
  const { browsing, bookings } = training

  const line = (session: SessionView): object => ({
    ...session,
    href: sessionAddress(session.id),
    courseName: courseTitle(session.course),
    register: session.keeps ? registerAddress(session.id) : undefined,
    registerState: session.cancelled
      ? 'cancelled'
      : session.startsAt > clock.now()
        ? 'to-come'
        : session.register.state,
  })

  async function list(actor: Actor, course?: string): Promise<Answer> {
    const self = personOf(actor)
    const runs = may(actor, 'run-training-sessions')
    const today = clock.today()
    const [open, places, kept] = await Promise.all([
      browsing.open(actor, course),
      self === undefined ? new Map<string, never[]>() : bookings.of([self]),
      runs ? browsing.kept(actor, addDays(today, -back), addDays(today, ahead)) : [],
    ])
    const mine = (places.get(self ?? '') ?? []).map((place) => ({
      ...place,
      href: sessionAddress(place.session),
      courseName: courseTitle(place.course),
    }))
    const held = new Set(mine.map(({ session }) => session))
    const past = kept.filter(({ startsAt }) => startsAt <= clock.now()).toReversed()
    const model = {
      mine,
      open: open.filter((session) => !held.has(session.id)).map(line),
      runs,
      organises: hasRole(actor, 'coordinator'),
      coming: kept.filter(({ startsAt }) => startsAt > clock.now()).map(line),
      past: past.map(line),
      course,
      courseName: course === undefined ? undefined : courseTitle(course),
    }
    return view('training-sessions/list', { key: 'sessions.title' }, model)
  }

  async function show(actor: Actor, session: string): Promise<Answer> {
    const found = await browsing.get(actor, session)
    const trainers = await people.byId(found.trainers)
    const self = personOf(actor)
    const toCome = !found.cancelled && found.startsAt > clock.now()
    const model = {
      session: line(found),
      trainers: [...trainers.values()].map(calledName),
      gives: self !== undefined && found.trainers.includes(self),
      toCome,
      bookable: toCome && found.origin === 'planned',
      needs: arrangements,
      self,
    }
    const title = { key: 'sessions.one', with: { course: courseTitle(found.course), on: found.on } }
    return view('training-sessions/session', title, model)
  }

  /** People for whom somebody may act, found by name: those in their line, or anybody for an organiser. */
  async function others(actor: Actor, session: string, q = ''): Promise<Answer> {
    const found = await browsing.get(actor, session)
    const self = personOf(actor)
    const organises = hasRole(actor, 'coordinator')
    const own = self === undefined ? [] : [...(await people.lineOf(self, clock.today()))]
    const named = q.trim() === '' ? [] : (await people.search(q, 200)).map((person) => person.id)
    const within = new Set(own)
    const wanted = q === '' ? own : organises ? named : named.filter((one) => within.has(one))
    const known = await recognisable(parts, wanted.slice(0, mostOthers))
    const places = await bookings.of([...known.keys()])
    const shown = [...known.values()].map(({ place: office, ...person }) => ({
      ...person,
      office,
      place: places.get(person.person)?.find((place) => place.session === session)?.state,
    }))
    const model = { session: line(found), q, shown, organises }
    return view('training-sessions/others', { key: 'sessions.for-others' }, model)
  }

  /** A form about a place: one's own, or that of the person whom it names. */
  const placeForm = (
    path: string,
    act: (actor: Actor, session: string, person: string, needs: unknown) => Promise<unknown>,
  ): Page =>
    page({
      method: 'post',
      path: `/training-sessions/:id/${path}`,
      permission: 'be-signed-in',
      input: z.object({
        id,
        person: optional(z.string().max(64)),
        needs: z.unknown().optional(),
      }),
      audit: 'act',
      async handle({ actor, input }) {
        const self = personOf(actor)
        const { id: session, person = self } = input
        await act(actor, session, person ?? '', input.needs)
        const address = sessionAddress(session)
        return go(person === self ? address : `${address}/others`)
      },
      again({ actor, input }) {
        const { person } = input
        const session = String(input['id'])
        return typeof person === 'string' && person !== personOf(actor)
          ? others(actor, session)
          : show(actor, session)
      },
      // A button has no field for a fault to stand beside.
      faultsAt: () => undefined,
    })

  return [
    page({
      method: 'get',
      path: '/training-sessions',
      permission: 'be-signed-in',
      input: z.object({ course: optional(z.string().max(100)) }),
      audit: 'nothing',
      handle: ({ actor, input }) => list(actor, input.course),
    }),
    page({
      method: 'get',
      path: '/training-sessions/:id',
      permission: 'be-signed-in',
      input: z.object({ id }),
      audit: 'nothing',
      handle: ({ actor, input }) => show(actor, input.id),
    }),
    page({
      method: 'get',
      path: '/training-sessions/:id/others',
      permission: 'be-signed-in',
      input: z.object({ id, q: optional(z.string().max(100)) }),
      audit: 'nothing',
      handle: ({ actor, input }) => others(actor, input.id, input.q),
    }),
    placeForm('place', (actor, session, person, needs) =>
      bookings.ask(actor, session, person, needsOf(needs)),
    ),
    placeForm('place/accept', (actor, session, person) => bookings.accept(actor, session, person)),
    placeForm('place/give-up', (actor, session, person) => bookings.giveUp(actor, session, person)),
    page({
      method: 'get',
      path: '/training-sessions/:id/calendar.ics',
      permission: 'own-training',
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const content = await training.calendar(actor, input.id)
        return file(Buffer.from(content), 'text/calendar; charset=utf-8; method=REQUEST', {
          name: 'training-session.ics',
        })
      },
    }),
  ]
}
