import { expect } from 'chai'
import { EJSON } from 'bson'
import type { PersonActor } from '../../src/actor.js'
import type { SurveyAnswers, SurveyName } from '../../src/surveys/surveys.js'
import { smallParliament } from '../support/parliament.js'
import { createWorld, type World } from '../support/world.js'

const climate: SurveyName = 'climate/2026'
const people = Array.from({ length: 23 }, (_, at) => `learner-${at + 1}`)
const actor = (person: string): PersonActor => ({
  kind: 'person',
  account: `account-of-${person}`,
  person,
  roles: [],
})
/** Everybody writes something that only they would write. */
const said = (at: number): SurveyAnswers => ({
  respect: [String(1 + (at % 5))],
  words: [`words number ${String((at * 7) % 23).padStart(2, '0')}`],
})

interface Kept {
  _id: string
  waiting: string[]
  people: { $numberInt: string }
}

/** The whole database as an administrator would dump it: every document of every collection, in the order they lie. */
async function dump(world: World): Promise<Map<string, string>> {
  const { db } = world.app.database.connection
  const found = new Map<string, string>()
  for (const { name } of (await db?.listCollections().toArray()) ?? []) {
    const documents = await db!.collection(name).find().toArray()
    found.set(name, EJSON.stringify(documents, { relaxed: false }))
  }
  return found
}
const surveysOf = (all: Map<string, string>) =>
  [...all].filter(([name]) => name.startsWith('survey')).sort()
const othersOf = (all: Map<string, string>) =>
  [...all].filter(([name]) => !name.startsWith('survey')).sort()

describe('surveys', () => {
  let world: World
  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
  })
  after(() => world.close())

  it('tell nothing of anybody, whoever reads the whole database: not by name, order, time or size', async () => {
    const { surveys } = world.app
    const before = othersOf(await dump(world))
    for (const [at, person] of people.entries()) {
      world.clock.set(`2026-03-02T10:${String(10 + at)}:00Z`)
      await surveys.answer(actor(person), climate, said(at))
    }
    const after = await dump(world)
    expect(othersOf(after), 'answering leaves a trace elsewhere').to.deep.equal(before)
    const kept = surveysOf(after)
    const text = kept.map(([, documents]) => documents).join('\n')
    for (const person of people) expect(text).not.to.match(new RegExp(`\\b${person}\\b`))
    expect(text, 'a date or an id that holds one').not.to.match(/\$date|\$oid|\$timestamp/)
    // The last three wait for company: nothing that they wrote can be read, nor how much it was.
    for (const at of [20, 21, 22]) expect(text).not.to.include(said(at)['words']?.[0])
    const [survey] = JSON.parse(after.get('surveys') ?? '[]') as [Kept]
    expect(survey.waiting).to.have.lengthOf(3)
    expect(new Set(survey.waiting.map(({ length }) => length)).size).to.equal(1)
    expect(survey.waiting).to.deep.equal([...survey.waiting].sort())
    for (const { words } of JSON.parse(after.get('survey_words') ?? '[]') as { words: string[] }[])
      expect(words).to.deep.equal([...words].sort())
    for (const { marks } of JSON.parse(after.get('survey_marks') ?? '[]') as { marks: string[] }[])
      expect(marks).to.deep.equal([...marks].sort())
  })

  it('are kept the same whoever of a group gave which answer, and whoever came first', async () => {
    const group = people.slice(0, 10)
    const keptFor = async (survey: SurveyName, order: readonly number[], shift: number) => {
      for (const at of order)
        await world.app.surveys.answer(actor(group[at]!), survey, said((at + shift) % 10))
      const all = surveysOf(await dump(world)).filter(([name]) => name !== 'survey_marks')
      const own = all.map(([name, documents]) => {
        const mine = JSON.parse(documents) as { _id: string; batches?: unknown }[]
        return [name, mine.filter(({ _id }) => name !== 'surveys' || _id === survey)]
      })
      return { told: await world.app.surveys.result(survey), own }
    }
    const one = await keptFor('evaluation/one', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 0)
    const other = await keptFor('evaluation/two', [9, 3, 1, 7, 5, 0, 2, 8, 6, 4], 3)
    expect(one.told).to.deep.equal(other.told)
    expect(one.told?.people).to.equal(10)
    expect(one.told?.words).to.have.lengthOf(10)
  })

  it('tell nothing of fewer than ten, add in groups of ten, and hold words back as long', async () => {
    const { surveys } = world.app
    const climate = 'climate/2024'
    for (const [at, person] of people.slice(0, 9).entries())
      await surveys.answer(actor(person), climate, said(at))
    expect(await surveys.result(climate)).to.equal(undefined)
    await surveys.answer(actor(people[9]!), climate, { respect: ['5'] })
    const first = await surveys.result(climate)
    expect(first?.people).to.equal(10)
    expect(first?.words, 'nine have written').to.equal(undefined)
    for (const person of people.slice(10, 19)) await surveys.answer(actor(person), climate, said(1))
    expect(await surveys.result(climate)).to.deep.equal(first)
    await surveys.answer(actor(people[19]!), climate, said(1))
    const second = await surveys.result(climate)
    expect(second?.people).to.equal(20)
    expect(second?.words).to.have.lengthOf(19)
    expect(second?.counts['respect 5']).to.be.greaterThan(0)
  })

  it('lose no answer that comes at the same moment as others, and take one of each person', async () => {
    const { surveys } = world.app
    const climate = 'climate/2025'
    const given = await Promise.allSettled(
      [...people, ...people].map((person, at) => surveys.answer(actor(person), climate, said(at))),
    )
    expect(given.filter(({ status }) => status === 'fulfilled')).to.have.lengthOf(people.length)
    const all = JSON.parse((await dump(world)).get('surveys') ?? '[]') as Kept[]
    const survey = all.find(({ _id }) => _id === climate)!
    expect(survey.waiting.length + Number(survey.people.$numberInt)).to.equal(people.length)
  })

  it('are asked after a course, once, with every question free to be left out', async () => {
    await world.account('tomos@parliament.example', 'tomos')
    await world.account('author@parliament.example', undefined, { name: 'author' })
    const visitor = await world.signedIn('tomos@parliament.example')
    expect((await visitor.get('/evaluation/test-course')).status).to.equal(409)
    const page = await visitor.get('/climate')
    expect(page.words).to.include('Ni all neb ddweud pwy ddywedodd beth')
    const empty = await visitor.post('/climate', { words: '  ' })
    expect(empty.status).to.equal(400)
    const before = othersOf(await dump(world))
    const thanks = await visitor.post('/climate', { respect: '4', happened: 'no', nonsense: 'x' })
    expect(thanks.words).to.include('Diolch')
    expect(othersOf(await dump(world))).to.deep.equal(before)
    expect((await visitor.post('/climate', { respect: '1' })).status).to.equal(409)
    expect((await visitor.get('/surveys')).status).to.equal(403)
    const author = await world.signedIn('author@parliament.example')
    expect((await author.get('/surveys')).words).to.include('Fewer than 10 people have answered')
  })
})
