import { day, type Day } from '../../src/clock.js'
import { entriesOf } from '../../src/compliance/entries.js'
import type { PersonFacts } from '../../src/compliance/timeline.js'
import { covers, type Absence, type Employment, type Term } from '../../src/people/people.js'
import { readProgramme, type Programme } from '../../src/requirements/requirements.js'
import { managersCsv, officesCsv, peopleCsv } from './parliament.js'

export const staffIds = ['p0', 'p1', 'p2']
export const people = [...staffIds, 'peer', 'mp']
export const offices = ['om', 'op', 'oh', 'ox'] as const
export const courses = [
  'behaviour-code',
  'behaviour-code-staff',
  'lords-first-course',
  'lords-seminar',
]

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

/** What one answer of a list says, without what only today has. */
export const written = (parts: readonly (string | undefined)[]): string =>
  parts.map((part) => part ?? '').join('|')

/**
 * Everything that a reader of today knows of a small parliament, in plain lists that facts are
 * written into: what they say of a day by the rule, and the directory that says the same.
 */
export function createRecord(programmeText: string) {
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

  const csv = (header: string, rows: readonly (readonly (string | undefined)[])[]) =>
    [header, ...rows.map((row) => row.map((cell) => cell ?? '').join(',')), ''].join('\n')

  /** The directory's five files as they are now. */
  function directory(): Record<string, Buffer> {
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
    return Object.fromEntries(
      Object.entries(files).map(([file, text]) => [file, Buffer.from(text)]),
    )
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
    terms,
    absences,
    reliefs,
    completions,
    holders,
    directory,
    byRule,
    /** A programme is adopted, in place of any that was to begin on the same day. */
    adopt(programme: Programme): void {
      // A new list: what a list of programmes says is worked out once.
      const others = programmes.filter(({ from }) => from !== programme.from)
      programmes = [...others, programme].sort((a, b) => (a.from < b.from ? -1 : 1))
    },
  }
}
