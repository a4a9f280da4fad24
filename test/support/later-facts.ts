import fc from 'fast-check'
import { systemActor, type PersonActor } from '../../src/actor.js'
import { addDays, day, type Day } from '../../src/clock.js'
import { entriesOf } from '../../src/compliance/entries.js'
import type { PersonFacts } from '../../src/compliance/timeline.js'
import { covers, type Absence, type Employment, type Term } from '../../src/people/people.js'
import type { Programme } from '../../src/requirements/requirements.js'
import { readProgramme } from '../../src/requirements/requirements.js'
import { managersCsv, officesCsv, peopleCsv } from './parliament.js'
import type { World } from './world.js'

const system = systemActor('test')

/** One thing that happens, in the order in which the system hears of it. */
export type Fact =
  /** The day ends, and some more pass. */
  | { fact: 'pass'; days: number }
  | { fact: 'hire'; who: number; office: number; in: number }
  | { fact: 'leave'; which: number; in: number }
  | { fact: 'away'; who: number; kind: number; in: number; length: number }
  | { fact: 'done'; who: number; course: number; delivery: number }
  | { fact: 'extended'; who: number; duty: number; by: number }
  | { fact: 'excused'; who: number; duty: number; in: number; length: number }
  | { fact: 'relief-ended'; which: number }
  | { fact: 'office-handed-on'; to: number }
  | { fact: 'rule-changed'; months: number; in: number }
  // Corrections: what speaks of days that are over.
  | { fact: 'late-register'; who: number; course: number; delivery: number; ago: number }
  | { fact: 'annulled'; which: number }
  | { fact: 'term-put-right'; which: number; by: number }
  | { fact: 'absence-put-right'; which: number; by: number }

const corrections = new Set<Fact['fact']>([
  'late-register',
  'annulled',
  'term-put-right',
  'absence-put-right',
])
export const isCorrection = ({ fact }: Fact): boolean => corrections.has(fact)

const kind = <Name extends Fact['fact'], More extends object>(
  weight: number,
  fact: Name,
  more: { [Field in keyof More]: fc.Arbitrary<More[Field]> },
) => ({
  weight,
  arbitrary: fc.record<More>(more).map((rest): { fact: Name } & More => ({ fact, ...rest })),
})
const who = fc.nat(2)
const small = fc.nat(40)

export const facts = (length: number): fc.Arbitrary<Fact[]> =>
  fc.array(
    fc.oneof(
      kind(9, 'pass', { days: fc.integer({ min: 1, max: 90 }) }),
      kind(3, 'hire', { who, office: fc.nat(3), in: small }),
      kind(2, 'leave', { which: fc.nat(20), in: small }),
      kind(3, 'away', { who: fc.nat(4), kind: fc.nat(5), in: small, length: fc.nat(200) }),
      kind(1, 'done', { who: fc.nat(4), course: fc.nat(3), delivery: fc.nat(2) }),
      kind(3, 'extended', {
        who: fc.nat(4),
        duty: fc.nat(2),
        by: fc.integer({ min: 1, max: 200 }),
      }),
      kind(3, 'excused', { who: fc.nat(4), duty: fc.nat(2), in: small, length: fc.nat(200) }),
      kind(4, 'relief-ended', { which: fc.nat(5) }),
      kind(2, 'office-handed-on', { to: fc.nat(1) }),
      kind(1, 'rule-changed', { months: fc.integer({ min: 1, max: 9 }), in: fc.nat(100) }),
      kind(1, 'late-register', {
        who: fc.nat(4),
        course: fc.nat(3),
        delivery: fc.nat(2),
        ago: fc.integer({ min: 1, max: 120 }),
      }),
      kind(1, 'annulled', { which: fc.nat(10) }),
      kind(1, 'term-put-right', { which: fc.nat(20), by: fc.integer({ min: -60, max: 60 }) }),
      kind(1, 'absence-put-right', { which: fc.nat(10), by: fc.integer({ min: -60, max: 60 }) }),
    ),
    { minLength: length, maxLength: length },
  )

const staffIds = ['p0', 'p1', 'p2']
const people = [...staffIds, 'peer', 'mp']
const offices = ['om', 'op', 'oh', 'ox'] as const
const courses = ['behaviour-code', 'behaviour-code-staff', 'lords-first-course', 'lords-seminar']
const deliveries = ['online', 'remote', 'face-to-face'] as const
const away = [
  'leave-of-absence',
  'suspended',
  'disqualified',
  'not-sworn',
  'abstentionist',
  'away',
] as const

interface WrittenTerm {
  id: string
  person: string
  kind: Term['kind']
  house: Term['house']
  party?: string
  office?: string
  title: string
  from: Day
  to?: Day
}
interface Relief {
  id: string
  person: string
  duty: string
  on: Day
  from?: Day
  until: Day
  ended?: Day
}
type Done = PersonFacts['completions'][number] & { person: string }

/** House staff get so many months instead of two. */
const withMonths = (text: string, months: number): string => {
  const [before = '', rule = ''] = text.split('      - id: A1')
  const changed = rule
    .replace('start: { months: 2 }', `start: { months: ${months} }`)
    .replace(
      /expect:[\s\S]*$/,
      'expect:\n              - { on: 2019-06-01, standing: not-required }\n',
    )
  return `${before}      - id: A1${changed}`
}

/** What one answer of a list says, without what only today has. */
const written = (parts: readonly (string | undefined)[]): string =>
  parts.map((part) => part ?? '').join('|')

/**
 * A parliament to which facts come one after the other, through the application's own doors; and
 * beside it, in plain lists, everything that a reader of today knows.
 */
export function createHistory(world: World, programmeText: string) {
  const { app, clock } = world
  const terms: WrittenTerm[] = [
    {
      id: 't-peer',
      person: 'peer',
      kind: 'peer',
      house: 'lords',
      party: 'Crossbench',
      title: '',
      from: day('2015-06-01'),
    },
    {
      id: 't-mp',
      person: 'mp',
      kind: 'mp',
      house: 'commons',
      party: 'Lantern',
      title: 'Wrenford',
      from: day('2015-05-08'),
    },
    {
      id: 't-mp2',
      person: 'mp2',
      kind: 'mp',
      house: 'commons',
      party: 'Lantern',
      title: 'Quay',
      from: day('2015-05-08'),
    },
    {
      id: 't-pe2',
      person: 'peer2',
      kind: 'peer',
      house: 'lords',
      party: 'Crossbench',
      title: '',
      from: day('2015-05-08'),
    },
  ]
  const absences: (Absence & { person: string })[] = []
  const reliefs: Relief[] = []
  const completions: Done[] = []
  // The office of a Member, and by whom it was held from which day.
  const holders: { from: Day; mp: boolean }[] = [{ from: day('1900-01-01'), mp: true }]
  let programmes: readonly Programme[] = [
    {
      from: day('1900-01-01'),
      adoptedAt: new Date(0),
      duties: readProgramme(Buffer.from(programmeText)).duties,
    },
  ]
  const approvers = ['one', 'two'].map((account): PersonActor => ({
    kind: 'person',
    account,
    roles: [{ name: 'coordinator' }],
  }))
  let count = 0

  const csv = (header: string, rows: readonly (readonly (string | undefined)[])[]) =>
    [header, ...rows.map((row) => row.map((cell) => cell ?? '').join(',')), ''].join('\n')

  /** Sends the directory as it is now. */
  async function send(): Promise<void> {
    const files = {
      people: peopleCsv(
        ...[...people, 'mp2', 'peer2'].map(
          (id) => `${id},Person ${id},${id}@parliament.example,en`,
        ),
      ),
      offices: officesCsv(
        `om,Office of a Member,commons,member,,${holders.at(-1)?.mp ? 'mp' : 'peer2'}`,
        'op,Office of a peer,lords,member,,peer2',
        'oh,Department,both,department,,',
        'ox,Cleaning,both,contractor,,',
      ),
      terms: csv(
        'id,person,kind,house,party,office,title,from,to',
        terms.map((one) => [
          one.id,
          one.person,
          one.kind,
          one.house,
          one.party,
          one.office,
          one.title,
          one.from,
          one.to,
        ]),
      ),
      absences: csv(
        'id,person,kind,from,to',
        absences.map((one) => [one.id, one.person, one.kind, one.from, one.to]),
      ),
      managers: managersCsv(),
    }
    const upload = Object.fromEntries(
      Object.entries(files).map(([file, text]) => [file, Buffer.from(text)]),
    )
    const { id, faults } = await app.people.directory.rehearse(system, upload)
    if (faults.length > 0) throw new Error(JSON.stringify(faults))
    await app.people.directory.confirm(system, id, { allowEnding: true })
  }

  async function complete(
    person: string,
    course: number,
    delivery: number,
    on: Day,
  ): Promise<void> {
    const done = { course: courses[course] ?? '', delivery: deliveries[delivery] ?? 'online', on }
    const evidence = { kind: 'register' as const, id: `e${count++}` }
    const version = { hash: 'v', label: '1' }
    const [made] = await app.completions.recordMany(system, [
      { person, ...done, version, evidence },
    ])
    completions.push({ id: made?.id ?? '', person, ...done })
  }

  async function relieve(
    person: string,
    duty: string,
    relief: { from?: Day; until: Day },
  ): Promise<void> {
    const on = clock.today()
    const { from, until } = relief
    const asked = from
      ? ({ kind: 'excusal', from, to: until } as const)
      : ({ kind: 'extension', until } as const)
    const { id } = await app.decisions.propose(system, { person, duty, relief: asked, reason: 'r' })
    if (from) await app.decisions.decide(system, id, true)
    reliefs.push({ id, person, duty, on, ...relief })
  }

  /** One of the duties that somebody has today. */
  const owed = (person: string, which: number): string => {
    const own = byRule(clock.today()).filter((line) => line.startsWith(`${person}|`))
    return at(own, which)?.split('|')[1] ?? 'house-staff'
  }

  const at = <Thing>(things: readonly Thing[], which: number): Thing | undefined =>
    things.length === 0 ? undefined : things[which % things.length]

  /** Lets one fact arrive; answers whether anything came of it. */
  async function arrive(fact: Fact): Promise<boolean> {
    const today = clock.today()
    switch (fact.fact) {
      case 'pass':
        clock.set(`${addDays(today, fact.days)}T10:00:00Z`)
        return true
      case 'hire': {
        const office = at(offices, fact.office) ?? 'oh'
        const house = office === 'om' ? 'commons' : office === 'op' ? 'lords' : 'both'
        const person = staffIds[fact.who] ?? 'p0'
        const id = `t${count++}`
        terms.push({
          id,
          person,
          kind: 'staff',
          house,
          office,
          title: id,
          from: addDays(today, fact.in),
        })
        await send()
        return true
      }
      case 'leave': {
        const term = at(
          terms.filter((one) => one.kind === 'staff' && !one.to),
          fact.which,
        )
        const to = addDays(today, fact.in)
        if (!term || to < term.from) return false
        term.to = to
        await send()
        return true
      }
      case 'away': {
        const from = addDays(today, fact.in)
        const person = people[fact.who] ?? 'peer'
        const id = `a${count++}`
        absences.push({
          id,
          person,
          kind: away[fact.kind] ?? 'away',
          from,
          to: addDays(from, fact.length),
        })
        await send()
        return true
      }
      case 'done':
        await complete(people[fact.who] ?? 'peer', fact.course, fact.delivery, today)
        return true
      case 'late-register':
        await complete(
          people[fact.who] ?? 'peer',
          fact.course,
          fact.delivery,
          addDays(today, -fact.ago),
        )
        return true
      case 'extended':
        await relieve(people[fact.who] ?? 'peer', owed(people[fact.who] ?? 'peer', fact.duty), {
          until: addDays(today, fact.by),
        })
        return true
      case 'excused': {
        const from = addDays(today, fact.in)
        await relieve(people[fact.who] ?? 'peer', owed(people[fact.who] ?? 'peer', fact.duty), {
          from,
          until: addDays(from, fact.length),
        })
        return true
      }
      case 'relief-ended': {
        const relief = at(
          reliefs.filter(({ ended }) => !ended),
          fact.which,
        )
        if (!relief) return false
        await app.decisions.end(system, relief.id)
        relief.ended = today
        return true
      }
      case 'office-handed-on':
        holders.push({ from: today, mp: fact.to === 0 })
        await send()
        return true
      case 'rule-changed': {
        const text = withMonths(programmeText, fact.months)
        const from = addDays(today, fact.in + 1)
        const { id } = await app.programmes.propose(system, { text, from, says: 'changed' })
        for (const approver of approvers) await app.programmes.approve(approver, id)
        const changed = {
          from,
          adoptedAt: clock.now(),
          duties: readProgramme(Buffer.from(text)).duties,
        }
        // A new list: what a list of programmes says is worked out once.
        const others = programmes.filter((one) => one.from !== from)
        programmes = [...others, changed].sort((a, b) => (a.from < b.from ? -1 : 1))
        return true
      }
      case 'annulled': {
        const done = at(completions, fact.which)
        if (!done) return false
        await app.completions.annul(system, [done.id], 'Another person signed')
        completions.splice(completions.indexOf(done), 1)
        return true
      }
      case 'term-put-right': {
        const term = at(
          terms.filter((one) => one.kind === 'staff'),
          fact.which,
        )
        const from = term && addDays(term.from, fact.by)
        if (!from || (term.to && term.to < from)) return false
        term.from = from
        await send()
        return true
      }
      case 'absence-put-right': {
        const absence = at(absences, fact.which)
        const to = absence?.to && addDays(absence.to, fact.by)
        if (!to || to < absence.from) return false
        absence.to = to
        await send()
        return true
      }
    }
  }

  /** Whose staff somebody is who begins in an office on a day: that stays, whoever comes after. */
  function employerOf(office: string, from: Day): Employment {
    if (office === 'op') return 'peer'
    if (office !== 'om') return office === 'ox' ? 'sponsor' : 'house'
    return holders.findLast((holder) => holder.from <= from)?.mp ? 'mp' : 'peer'
  }

  const factsOf = (person: string): PersonFacts => ({
    absences: absences.filter((one) => one.person === person),
    completions: completions.filter((one) => one.person === person),
    excusals: reliefs.flatMap(({ person: whose, duty, from, until, ended }) =>
      whose === person && from ? [{ duty, from, to: until, ...(ended ? { ended } : {}) }] : [],
    ),
    extensions: reliefs.flatMap(({ person: whose, duty, on, from, until, ended }) =>
      whose !== person || from || ended === on
        ? []
        : [{ duty, on, until, ...(ended ? { ended } : {}) }],
    ),
  })

  /** What the rule says of a day by everything that is known now. */
  function byRule(on: Day): string[] {
    return [...people, 'mp2', 'peer2']
      .flatMap((person) => {
        const own = terms
          .filter((one) => one.person === person)
          .map((one): Term => ({
            ...one,
            ...(one.office ? { employedBy: employerOf(one.office, one.from) } : {}),
          }))
        return entriesOf(programmes, own, factsOf(person)).flatMap(({ duty, parts, answers }) => {
          const answer = answers.find((one) => covers(one, on))
          const part = parts.find((one) => covers(one, on))
          if (!answer || !part || (answer.state === 'not-required' && !answer.absent)) return []
          const state = answer.absent ? 'absent' : answer.state
          const { since, due, until } = answer
          return [written([person, duty, part.office, state, since, due, until])]
        })
      })
      .toSorted()
  }

  return {
    begin: send,
    arrive,
    byRule,
    /** What the lists say of a day. */
    async listed(asAt: Day, asKnownThen = false): Promise<string[]> {
      const { lines, total } = await app.compliance.list(system, { asAt, asKnownThen })
      if (total !== lines.length) throw new Error(`${total} counted, ${lines.length} listed`)
      return lines
        .map(({ person, duty, part, answer: { state, absent, since, due, until } }) =>
          written([person, duty, part.office, absent ? 'absent' : state, since, due, until]),
        )
        .toSorted()
    },
  }
}
