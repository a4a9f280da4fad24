import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { smallParliament } from '../support/parliament.js'
import { createProgram, type Program } from '../support/program.js'
import type { Answered, Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const programme = readFileSync(new URL('../../courses/programme.yaml', import.meta.url), 'utf8')
const parliament = {
  ...smallParliament,
  offices: `${smallParliament.offices}solo,Office of One,both,department,,\n`,
  people: `${smallParliament.people}sol,Sol Itary,sol@parliament.example,en\n`,
  terms: `${smallParliament.terms}sol,staff,both,,solo,Keeper,2024-01-08,\n`,
}
type Files = Partial<typeof parliament>

/** What does not belong to what people see of each other: web sessions, tries, uploads on the way. */
const passing = /session|attempt|limit|imports|file|lease|audit|ledger|leaves|outbox/

describe('bad input is answered by a sentence, and nothing changes', () => {
  let world: World
  let clerk: Visitor
  let officer: Visitor
  let program: Program

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(parliament)
    await world.account('clerk@example.org', undefined, { name: 'coordinator' })
    await world.account('officer@example.org', undefined, { name: 'decision-maker' })
    clerk = await world.signedIn('clerk@example.org')
    officer = await world.signedIn('officer@example.org')
    program = await createProgram(world, ['compliance'])
    await world.app.reconciler.settle()
  })
  after(() => world.close())

  /** Everything that is kept. */
  async function everything(): Promise<Record<string, unknown[]>> {
    const { connection } = world.app.database
    const collections = await connection.listCollections()
    const names = collections.map(({ name }) => name).filter((name) => !passing.test(name))
    expect(names).to.include.members(['terms', 'offices', 'managers', 'programmes'])
    const kept: Record<string, unknown[]> = {}
    for (const name of names.toSorted()) {
      kept[name] = await connection.collection(name).find().sort({ _id: 1 }).toArray()
    }
    return kept
  }
  async function changesNothing(act: () => Promise<void>): Promise<void> {
    const before = await everything()
    await act()
    const after = await everything()
    for (const name of Object.keys(after)) expect(after[name], name).to.deep.equal(before[name])
  }
  const refusedIn = (answer: Answered, sentence: RegExp) => {
    expect(answer.status).to.equal(400)
    expect(answer.words).to.match(sentence)
    expect(answer.$('tbody').length).to.equal(0)
  }

  const filters: [what: string, query: string, sentence: RegExp][] = [
    ['a date in the year 20225', 'asAt=20225-01-01', /Write the date as/],
    ['a day that does not exist', 'asAt=2025-02-29', /Write the date as/],
    ['a day to come', 'asAt=2026-03-03', /is in the future|to come|has not come/],
    ['a filter with operators', 'standing[$ne]=due', /filter/i],
    ['a name with operators', 'q[$regex]=.*', /filter/i],
    ['the page before the first', 'page=-1', /page|number/i],
    ['half a page', 'page=1.5', /page|number/i],
    ['a million to a page', 'size=1000000', /filter|most|page/i],
    ['an order by scores', 'sort=score', /sort|order|one of|choose/i],
    ['a filter there is not', 'party[]=Lantern', /filter/i],
  ]
  for (const [what, query, sentence] of filters) {
    it(`${what}: on every list, and for programs`, () =>
      changesNothing(async () => {
        for (const path of ['/compliance', '/compliance/pictures', '/compliance/remind']) {
          refusedIn(await clerk.get(`${path}?${query}`), sentence)
        }
        for (const format of ['csv', 'xlsx', 'pdf']) {
          const { status } = await clerk.get(`/compliance.${format}?${query}`)
          expect(status, format).to.equal(400)
        }
        const answer = await program.get(`/compliance?${query}`)
        expect(answer.status).to.equal(400)
        expect(answer.headers.get('content-type')).to.include('application/problem+json')
        const said = [answer.problem.detail, ...(answer.problem.errors ?? []).map((e) => e.detail)]
        expect(said.join(' ').length).to.be.above(10)
        if (query.startsWith('asAt')) {
          refusedIn(await clerk.get(`/compliance/people/ada?${query}`), sentence)
          expect((await program.get(`/people/ada/standing?${query}`)).status).to.equal(400)
        }
      }))
  }

  const directories: [what: string, files: Files, sentence: string][] = [
    [
      'two terms that contradict each other',
      { terms: `${parliament.terms}mair,peer,lords,Crossbench,,,2025-01-06,\n` },
      'contradicts the one in line',
    ],
    [
      'an office that is its own parent',
      { offices: parliament.offices.replace('department,,\nteam', 'department,team,\nteam') },
      'above itself',
    ],
    [
      'a manager of themselves',
      { managers: `${parliament.managers}solo,sol,2026-03-02,\n` },
      'nobody but themselves',
    ],
    [
      'a date in the year 20225',
      { terms: `${parliament.terms}ada,staff,commons,,o-mair,Aide,20225-01-01,\n` },
      '20225-01-01',
    ],
  ]
  it('100,000 rows without a name: in the directory, the first of them on the page, all in a file', () =>
    changesNothing(async () => {
      const nameless = Array.from({ length: 100_000 }, (_, at) => `q${at},,,en`)
      const people = `${parliament.people}${nameless.join('\n')}\n`
      await clerk.get('/directory')
      const shown = await clerk.upload('/directory', 'file', { 'people.csv': people })
      expect(shown.words)
        .to.include('100,000 things are wrong')
        .and.include('The first 200 are shown')
        .and.include('These files change nothing')
      expect(shown.$('tbody tr').length).to.equal(200)
      const all = await clerk.fetch(shown.$('a[href$="/faults.csv"]').attr('href') ?? '')
      const lines = (await all.text()).trimEnd().split('\r\n')
      expect(lines).to.have.length(100_001)
      expect(lines.at(-1)).to.match(/^people\.csv,\d+,name,./)
    }))

  for (const [what, files, sentence] of directories) {
    it(`${what}: in the directory`, () =>
      changesNothing(async () => {
        await clerk.get('/directory')
        const all: Files = { ...parliament, ...files }
        const named = Object.entries(all).map(([file, text]): [string, string] => [
          `${file}.csv`,
          text,
        ])
        const shown = await clerk.upload('/directory', 'file', Object.fromEntries(named))
        expect(shown.words).to.include(sentence).and.include('These files change nothing')
        expect(shown.$('form[action$="/confirm"]').length).to.equal(0)
      }))
  }

  const programmes: [what: string, from: string, text: string, sentence: string][] = [
    [
      'a rule without an audience',
      '2026-05-01',
      programme.replace('audience: { kind: mp }\n        ', ''),
      '“audience” is missing',
    ],
    [
      'a rule from the year 20225',
      '2026-05-01',
      programme.replace('begins: 2022-05-24', 'begins: 20225-05-24'),
      'date',
    ],
    ['a programme from the year 20225', '20225-05-01', programme, 'Write the date as'],
  ]
  for (const [what, from, text, sentence] of programmes) {
    it(`${what}: in the programme`, () =>
      changesNothing(async () => {
        await clerk.get('/programme/new')
        const answer = await clerk.post('/programme', { text, from, says: 'A change' })
        expect(answer.status).to.equal(400)
        expect(answer.words).to.include(sentence)
      }))
  }

  const reliefs: [what: string, form: Record<string, string>, sentence: string][] = [
    [
      'an extension to the year 20225',
      { kind: 'extension', until: '20225-01-01' },
      'Write the date as',
    ],
    ['an extension without a date', { kind: 'extension' }, 'Give the new due date'],
    ['an excusal without an end', { kind: 'excusal', from: '2026-03-02' }, 'Give the last day'],
    ['an operator for a date', { kind: 'extension', 'until[$gt]': '2026-01-01' }, 'Give the new'],
    ['a requirement that there is not', { duty: 'dancing', until: '2026-06-01' }, 'requirements'],
  ]
  for (const [what, form, sentence] of reliefs) {
    it(`${what}: in a decision`, () =>
      changesNothing(async () => {
        await officer.get('/decisions/new?person=ada')
        const whole = { person: 'ada', duty: 'members-staff', kind: 'extension', reason: 'Asked' }
        const answer = await officer.post('/decisions', { ...whole, ...form })
        expect(answer.status).to.equal(400)
        expect(answer.words).to.include(sentence)
        expect(answer.$('textarea').text()).to.include('Asked')
      }))
  }
})
