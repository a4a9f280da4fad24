import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, day, type Day } from '../../../src/clock.js'
import { viewDay } from '../../../src/compliance/day-view.js'
import { entriesOf } from '../../../src/compliance/entries.js'
import { indexNames } from '../../../src/compliance/names.js'
import { postsOf } from '../../../src/compliance/post.js'
import { recordOf } from '../../../src/compliance/record.js'
import { openRoll } from '../../../src/compliance/roll.js'
import { queryRoll } from '../../../src/compliance/roll-query.js'
import {
  segmentOn,
  standings,
  timeline,
  type PersonFacts,
} from '../../../src/compliance/timeline.js'
import { absenceKinds, covers, type Term } from '../../../src/people/people.js'
import type { Programme } from '../../../src/requirements/requirements.js'
import { atOnce } from '../../../src/turns.js'
import { programmeFile } from '../../support/programme.js'
import { property } from '../../support/property.js'

// Days around the changes of London's clocks, leap days and month ends come up often.
const marked = [
  '2020-02-29',
  '2020-11-03',
  '2021-03-28',
  '2021-10-31',
  '2022-05-24',
  '2024-02-29',
  '2024-03-31',
  '2024-10-27',
  '2025-02-28',
  '2025-03-30',
]
const first = day('2019-06-01')
const anyDay = fc.oneof(
  fc
    .constantFrom(...marked)
    .chain((text) => fc.integer({ min: -1, max: 1 }).map((by) => addDays(day(text), by))),
  fc.nat(2600).map((by) => addDays(first, by)),
)
const stretch = fc.tuple(anyDay, fc.option(fc.nat(900))).map(([from, length]) => ({
  from,
  ...(length === null ? {} : { to: addDays(from, length) }),
}))
const term = fc
  .tuple(
    stretch,
    fc.constantFrom('mp', 'peer', 'staff'),
    fc.constantFrom('mp', 'peer', 'house'),
    fc.nat(3),
  )
  .map(([days, kind, employedBy, office]): Omit<Term, 'id'> => ({
    person: 'somebody',
    kind: kind,
    house: kind === 'peer' || (kind === 'staff' && employedBy === 'peer') ? 'lords' : 'commons',
    ...(kind === 'staff' ? { office: `o${office}`, employedBy: employedBy } : { party: 'Lantern' }),
    ...days,
  }))
const duties = programmeFile.duties
const dutyId = fc.constantFrom(...duties.map(({ id }) => id))
const facts = fc.record({
  absences: fc.array(fc.tuple(stretch, fc.constantFrom(...absenceKinds)), { maxLength: 3 }),
  completions: fc.array(
    fc.tuple(
      anyDay,
      fc.constantFrom(
        'behaviour-code',
        'behaviour-code-staff',
        'lords-first-course',
        'lords-seminar',
      ),
      fc.constantFrom('online', 'remote', 'face-to-face'),
    ),
    { maxLength: 4 },
  ),
  excusals: fc.array(fc.tuple(anyDay, fc.nat(300), dutyId), { maxLength: 2 }),
  extensions: fc.array(fc.tuple(anyDay, fc.nat(200), dutyId), { maxLength: 2 }),
})
const history = fc.record({ terms: fc.array(term, { minLength: 1, maxLength: 3 }), facts })
type History = typeof history extends fc.Arbitrary<infer Made> ? Made : never

const factsOf = ({ facts: made }: History): PersonFacts => ({
  absences: made.absences.map(([days, kind], at) => ({
    id: `a${at}`,
    person: 'somebody',
    kind,
    ...days,
  })),
  completions: made.completions.map(([on, course, delivery], at) => ({
    id: `c${at}`,
    course,
    delivery: delivery as 'online',
    on,
  })),
  excusals: made.excusals.map(([from, length, duty]) => ({
    duty,
    from,
    to: addDays(from, length),
  })),
  extensions: made.extensions.map(([on, length, duty]) => ({
    duty,
    on,
    until: addDays(on, length),
  })),
})
const termsOf = (made: History, person: string): Term[] =>
  made.terms.map((one, at) => ({ ...one, id: `${person}-${at}`, person }))

const programmes: Programme[] = [
  { from: day('1900-01-01'), adoptedAt: new Date(0), duties },
  {
    from: day('2023-01-01'),
    adoptedAt: new Date(0),
    duties: duties.filter(({ id }) => id !== 'house-staff'),
  },
]
const everything = { sort: 'name', from: 0, size: 1000 } as const

/** What the rule alone says of everybody on a day: who, which duty, which office or none, which state. */
function byRule(people: readonly History[], on: Day): string[] {
  const held = programmes.findLast(({ from }) => from <= on)
  return people.flatMap((made, at) =>
    postsOf(termsOf(made, `p${at}`)).flatMap((post) =>
      (held?.duties ?? []).flatMap((duty) => {
        const found = covers(post, on)
          ? segmentOn(timeline(duty, post, factsOf(made)), on)
          : undefined
        if (!found || found.because === 'no-rule') return []
        const state = found.because === 'absent' ? 'absent' : found.state
        return [[`p${at}`, duty.id, post.kind, state, found.due ?? '', found.since ?? ''].join('/')]
      }),
    ),
  )
}

describe('read model, query and rule', () => {
  it('agree on every day of every history, by count, by filter and by line', () => {
    fc.assert(
      fc.property(fc.array(history, { minLength: 1, maxLength: 4 }), anyDay, (people, on) => {
        const roll = openRoll()
        people.forEach((made, at) => {
          roll.put(
            `p${at}`,
            `Person ${at}`,
            entriesOf(programmes, termsOf(made, `p${at}`), factsOf(made)),
          )
        })
        // The same roll as another thread would hand it over.
        const handed = openRoll(roll.data())
        const view = atOnce(viewDay(handed, indexNames(handed), on))
        const all = queryRoll(handed, view, [{ sees: 'everybody' }], {}, everything)
        const listed = [...all.lines].map(({ person, duty, kind, answer }) =>
          [
            person,
            duty,
            kind,
            answer.absent ? 'absent' : answer.state,
            answer.due ?? '',
            answer.since ?? '',
          ].join('/'),
        )
        const expected = byRule(people, on)
        expect(listed.toSorted()).to.deep.equal(expected.toSorted())
        for (const standing of [...standings, 'absent'] as const) {
          const wanted = expected.filter((line) => line.split('/')[3] === standing)
          if (standing === 'not-required') continue
          const found = queryRoll(handed, view, [{ sees: 'everybody' }], { standing }, everything)
          expect({ standing, total: found.total }).to.deep.equal({ standing, total: wanted.length })
          expect(all.counts[standing]).to.equal(wanted.length)
        }
        expect(all.people).to.equal(new Set(expected.map((line) => line.split('/')[0])).size)
      }),
      property(300, 20_000),
    )
  })

  it('never show a manager anybody, any day or any count from outside their scope', () => {
    const scope = fc.record({
      offices: fc.array(fc.tuple(fc.nat(3), stretch), { minLength: 1, maxLength: 3 }),
      but: fc.nat(3),
    })
    fc.assert(
      fc.property(
        fc.array(history, { minLength: 1, maxLength: 4 }),
        scope,
        anyDay,
        (people, made, on) => {
          const roll = openRoll()
          people.forEach((one, at) => {
            roll.put(
              `p${at}`,
              `Person ${at}`,
              entriesOf(programmes, termsOf(one, `p${at}`), factsOf(one)),
            )
          })
          const offices = new Map<string, { from: Day; to?: Day }[]>()
          for (const [office, days] of made.offices) {
            offices.set(`o${office}`, [...(offices.get(`o${office}`) ?? []), days])
          }
          const own = `p${made.but}`
          const scopes = [{ sees: 'offices' as const, offices, but: [own] }]
          const cared = (office: string | undefined, from: Day, to = from) =>
            [from, to].every((end) => offices.get(office ?? '')?.some((days) => covers(days, end)))
          const view = atOnce(viewDay(roll, indexNames(roll), on))
          const found = queryRoll(roll, view, scopes, {}, everything)
          const lines = [...found.lines]
          expect(lines.length).to.equal(
            Object.values(found.counts).reduce((sum, one) => sum + one, 0),
          )
          for (const { person, kind, part } of lines) {
            expect(person).not.to.equal(own)
            expect(kind).to.equal('staff')
            expect(cared(part.office, on)).to.equal(true)
          }
          for (const office of found.choices.offices) expect(cared(office, on)).to.equal(true)
          expect(found.choices.parties).to.deep.equal([])
          for (const sort of ['name', 'due', 'standing'] as const) {
            const sorted = queryRoll(roll, view, scopes, {}, { ...everything, sort })
            expect([...sorted.lines]).to.have.deep.members(lines)
          }
          people.forEach((_, at) => {
            for (const { history: past, kind } of recordOf(roll, `p${at}`, scopes, lines, on)) {
              expect(`p${at}`).not.to.equal(own)
              expect(kind).to.equal('staff')
              for (const { from } of past) {
                expect([...offices.values()].flat().some((days) => covers(days, from))).to.equal(
                  true,
                )
                expect(from <= on).to.equal(true)
              }
            }
          })
        },
      ),
      property(300, 20_000),
    )
  })
})
