import fc from 'fast-check'
import { systemActor, type PersonActor } from '../../src/actor.js'
import { addDays, type Day } from '../../src/clock.js'
import { DomainError } from '../../src/errors.js'
import { bodyOf, respondents, type RespondentId, type Side, type TwoWorlds } from './two-worlds.js'

const system = systemActor('test')
const people = [...respondents, 'ada', 'head'] as const

/** What everybody may see happen: done in both worlds. */
export type OrdinaryAct =
  | { act: 'days'; days: number }
  | { act: 'complete'; person: string; delivery: 'online' | 'face-to-face'; ago: number }
  | { act: 'annul' }
  | { act: 'begin'; person: RespondentId }
  | { act: 'session'; on: number; booked: string }
  | { act: 'excuse'; person: string }
  | { act: 'rest' }

const sealedActs = [
  ...['agree', 'stay', 'resume', 'extend', 'confirm', 'activateRestriction', 'withdraw'],
  ...['ask', 'plan', 'book', 'mark', 'share', 'address', 'work', 'visit'],
  ...['takeBack', 'changeKeys'],
] as const

/** What belongs to outcomes: done in one of them. */
export type SealedAct =
  | {
      act: 'impose'
      person: RespondentId
      bespoke: boolean
      confirmed: boolean
      parties: number
      restricted: boolean
      due: number
    }
  | { act: (typeof sealedActs)[number]; nth: number }

export type HistoryAct =
  { plane: 'ordinary'; does: OrdinaryAct } | { plane: 'sealed'; does: SealedAct }

const ordinary: fc.Arbitrary<OrdinaryAct> = fc.oneof(
  fc.record({ act: fc.constant('days' as const), days: fc.integer({ min: 1, max: 30 }) }),
  fc.record({
    act: fc.constant('complete' as const),
    person: fc.constantFrom(...people),
    delivery: fc.constantFrom('online' as const, 'face-to-face' as const),
    ago: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({ act: fc.constant('annul' as const) }),
  fc.record({ act: fc.constant('begin' as const), person: fc.constantFrom(...respondents) }),
  fc.record({
    act: fc.constant('session' as const),
    on: fc.integer({ min: 1, max: 20 }),
    booked: fc.constantFrom(...people),
  }),
  fc.record({ act: fc.constant('excuse' as const), person: fc.constantFrom(...people) }),
  fc.record({ act: fc.constant('rest' as const) }),
)

const impose = fc.record({
  act: fc.constant('impose' as const),
  person: fc.constantFrom(...respondents),
  bespoke: fc.boolean(),
  confirmed: fc.boolean(),
  parties: fc.integer({ min: 0, max: 2 }),
  restricted: fc.boolean(),
  due: fc.integer({ min: 1, max: 40 }),
})
const sealed: fc.Arbitrary<SealedAct> = fc.oneof(
  { arbitrary: impose, weight: 1 },
  {
    arbitrary: fc.record({ act: fc.constantFrom(...sealedActs), nth: fc.nat({ max: 20 }) }),
    weight: 3,
  },
)

/** Random histories in which there is at least one outcome, and something happens beside it. */
export const histories = (most: number): fc.Arbitrary<HistoryAct[]> =>
  fc
    .tuple(
      // Nobody's agreement is waited for: something follows from it.
      impose.map((first) => ({ ...first, parties: 0 })),
      fc.array(
        fc.oneof(
          ordinary.map((does): HistoryAct => ({ plane: 'ordinary', does })),
          sealed.map((does): HistoryAct => ({ plane: 'sealed', does })),
        ),
        { minLength: 8, maxLength: most },
      ),
    )
    .map(([first, rest]) => [{ plane: 'sealed', does: first }, ...rest])

/** A rule that refuses an act is part of history, not the end of the test. */
async function tried(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
}

async function actorOf(side: Side, email: string): Promise<PersonActor> {
  const { identity } = side.world.app
  const account = await identity.findAccount(email)
  const actor = await identity.actor(account?.id ?? '')
  if (!actor) throw new RangeError(email)
  return actor
}

const daysOn = (from: Day, days: number): string => `${addDays(from, days)}T09:00:00Z`

/** One ordinary act, told in a way that depends on nothing but the history. */
async function doOrdinary(side: Side, does: OrdinaryAct, place: number): Promise<void> {
  const { app, clock } = side.world
  const today = clock.today()
  switch (does.act) {
    case 'days':
      clock.set(daysOn(today, does.days))
      return
    case 'complete':
      await app.completions.recordMany(system, [
        {
          person: does.person,
          course: 'behaviour-code',
          version: { label: '2026.1', hash: 'b'.repeat(64) },
          delivery: does.delivery,
          on: addDays(today, -does.ago),
          evidence: { kind: 'register', id: `entry-${place}` },
        },
      ])
      return
    case 'annul': {
      const standing = [...(await app.completions.of()).values()].flat()
      const last = standing.toSorted((a, b) => a.id.localeCompare(b.id)).at(-1)
      if (last) await app.completions.annul(system, [last.id], { why: 'issued-in-error' })
      return
    }
    case 'begin':
      return tried(async () => {
        const learner = await actorOf(side, `${does.person}@own.example`)
        const { number } = await app.learning.open(learner, 'behaviour-code')
        await app.learning.begin(learner, 'behaviour-code', number)
      })
    case 'session':
      return tried(async () => {
        const planner = await actorOf(side, 'coordinator@example.org')
        const { id } = await app.training.planning.plan(planner, {
          course: 'behaviour-code',
          delivery: 'face-to-face',
          on: addDays(today, does.on),
          from: '10:00',
          to: '12:00',
          venue: `Room ${place}`,
          capacity: 8,
          trainers: ['otto'],
          invited: {},
          arrangements: [],
        })
        await app.training.bookings.ask(planner, id, does.booked)
      })
    case 'excuse':
      return tried(async () => {
        const decider = await actorOf(side, 'decision-maker@example.org')
        await app.decisions.propose(decider, {
          person: does.person,
          duty: 'house-staff',
          relief: { kind: 'extension', until: addDays(today, 60) },
          reason: 'Asked for',
        })
      })
    case 'rest':
      await app.completions.follow()
      await app.training.tend()
      await app.audit.seal()
      await app.notifications.deliver()
  }
}

/** The outcomes that there are, as their body's officers know them. */
export interface Sealed {
  ids: { id: string; person: RespondentId; session?: string }[]
}

const officerOf = (side: Side, person: RespondentId) =>
  actorOf(side, `${bodyOf[person]}@example.org`)

async function imposeIn(
  side: Side,
  does: Extract<SealedAct, { act: 'impose' }>,
  known: Sealed,
  place: number,
): Promise<void> {
  const { app, clock } = side.world
  const today = clock.today()
  const officer = await officerOf(side, does.person)
  const { id } = await app.sanctions.impose(officer, {
    reference: `SECRET-${place}`,
    respondent: does.person,
    decidedOn: today,
    sanctions: ['training', 'apology'],
    training: {
      ...(does.bespoke ? { bespoke: 'A secret matter' } : { course: 'behaviour-code' }),
      delivery: ['online', 'face-to-face'].slice(does.bespoke ? 1 : 0),
      dueOn: addDays(today, does.due),
      confirmationRequired: does.confirmed,
    },
    agreementOf: Array.from({ length: does.parties }, (_, n) => `party-${n + 1}`),
    noticeTo: 'independent-panel',
    ...(does.restricted ? { restriction: { state: 'active' } } : {}),
  })
  known.ids.push({ id, person: does.person })
}

/** One act of the sealed plane, by its doors and by its pages. */
async function doSealed(side: Side, does: SealedAct, known: Sealed, place: number): Promise<void> {
  if (does.act === 'impose') return tried(() => imposeIn(side, does, known, place))
  const held = known.ids[does.nth % Math.max(known.ids.length, 1)]
  if (!held) return
  const { app, clock } = side.world
  const { sanctions } = app
  const today = clock.today()
  const which = { id: held.id }
  const officer = await officerOf(side, held.person)
  const respondent = await actorOf(side, `${held.person}@own.example`)
  const acts: Record<(typeof sealedActs)[number], () => Promise<unknown>> = {
    agree: () => sanctions.agree(officer, which, { party: `party-${(place % 2) + 1}`, on: today }),
    stay: () => sanctions.stay(officer, which, {}),
    resume: () => sanctions.resume(officer, which, {}),
    extend: () => sanctions.extend(officer, which, { dueOn: addDays(today, 30) }),
    confirm: () => sanctions.confirm(officer, which, { understood: place % 3 > 0 }),
    activateRestriction: () => sanctions.activateRestriction(officer, which, {}),
    withdraw: () => sanctions.withdraw(officer, which, {}),
    ask: () => sanctions.ask(respondent, held.id, { about: 'fact', text: 'A secret question' }),
    address: () => sanctions.writeTo(respondent, held.id, 'secret@private.example'),
    async plan() {
      const view = await sanctions.planTraining(officer, which, {
        trainer: 'tess',
        delivery: 'face-to-face',
        on: today,
        start: '10:00',
        end: '12:00',
        place: 'A secret room',
        aims: 'Secret aims',
        readableUntil: addDays(today, 30),
      })
      const session = view.state.sessions.at(-1)?.id
      if (session) held.session = session
    },
    book: () => sanctions.book(respondent, held.id, held.session ?? ''),
    mark: async () =>
      sanctions.markTraining(
        await actorOf(side, 'tess@own.example'),
        held.session ?? '',
        'attended',
      ),
    share: () => sanctions.shareCertificate(respondent, held.id),
    takeBack: () => sanctions.annulTraining(officer, which, { reason: 'A secret mistake' }),
    changeKeys: () => sanctions.rotateKeys(officer),
    async work() {
      await sanctions.scanDueDates()
      await sanctions.reconcile()
      await sanctions.deliver()
    },
    async visit() {
      const pages = ['/outcomes', `/outcomes/${held.id}`, '/outcomes/new', '/outcomes/notices']
      pages.push('/outcomes/keys', '/outcomes/webhooks', `/outcomes/${held.id}/check`)
      for (const path of pages) await side.officers.get(bodyOf[held.person])?.get(path)
      const own = side.respondents.get(held.person)
      for (const path of ['/private', `/private/${held.id}`, `/private/${held.id}/check`])
        await own?.get(path)
      // What is refused at these doors is told to nobody either.
      await own?.send(`/private/${held.id}/ask`, { about: 'nothing', text: '' })
      await side.respondents.get('tess')?.get(`/private/sessions/${held.session ?? 'none'}`)
    },
  }
  return tried(acts[does.act])
}

/** Lives a history in both worlds; what is sealed happens in the one alone. */
export async function live(worlds: TwoWorlds, history: readonly HistoryAct[]): Promise<Sealed> {
  const known: Sealed = { ids: [] }
  for (const [place, { plane, does }] of history.entries()) {
    if (plane === 'sealed') await doSealed(worlds.with, does, known, place)
    else {
      await doOrdinary(worlds.with, does, place)
      await doOrdinary(worlds.without, does, place)
    }
  }
  const end: OrdinaryAct = { act: 'rest' }
  await doSealed(worlds.with, { act: 'work', nth: 0 }, known, history.length)
  await doOrdinary(worlds.with, end, history.length)
  await doOrdinary(worlds.without, end, history.length)
  return known
}
