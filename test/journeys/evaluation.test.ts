import { EJSON } from 'bson'
import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { dayOf } from '../../src/clock.js'
import { takeCourse } from '../support/course-taker.js'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const path = '/evaluation/refresher'
const others = Array.from({ length: 9 }, (_, at) => `learner-${at + 1}`)
const rows = others.map((id) => `${id},${id},${id}@parliament.example,en\n`).join('')

/** What everybody answers alike, and the words that only one of them would write. */
const answers = { worth: '5', ready: '4', better: 'examples' }
const ownWords = 'The scene in the lift was mine, word for word.'

describe('the evaluation of a course', () => {
  let world: World
  let administrator: Visitor
  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory({ ...smallParliament, people: smallParliament.people + rows })
    await world.account('ada@parliament.example', 'ada')
    const roles = ['administrator', 'auditor', 'coordinator', 'author'] as const
    await world.account('admin@parliament.example', undefined, ...roles.map((name) => ({ name })))
    administrator = await world.signedIn('admin@parliament.example')
  })
  after(() => world.close())

  /** Everything kept but the surveys themselves and who is signed in, as a dump would show it. */
  async function restOfDatabase(): Promise<Map<string, string>> {
    const { db } = world.app.database.connection
    const found = new Map<string, string>()
    for (const { name } of (await db?.listCollections().toArray()) ?? []) {
      if (/^(survey|sessions)/.test(name)) continue
      found.set(name, EJSON.stringify(await db!.collection(name).find().toArray()))
    }
    return found
  }
  const changed = (one: Map<string, string>, other: Map<string, string>): string[] =>
    [...one].filter(([name, text]) => other.get(name) !== text).map(([name]) => name)

  /** Every page that an administrator can open without knowing an address; the record of acts apart. */
  async function seenByAdministrator(): Promise<Map<string, string>> {
    const paths = world.app.web.pages
      .filter(({ method, path: at }) => method === 'get' && !at.includes(':') && at !== '/log')
      .map(({ path: at }) => at)
    const seen = new Map<string, string>()
    for (const at of [...new Set(paths)]) seen.set(at, (await administrator.get(at)).words)
    return seen
  }

  it('is offered when a course is complete and not before, and shown to nobody until ten have answered', async function () {
    this.timeout(60_000)
    const ada = await world.signedIn('ada@parliament.example')
    const early = await ada.get(path)
    expect(early.status).to.equal(409)
    const end = await takeCourse(ada, world.app.shelf.current('refresher')!)
    expect(end.$(`a[href="${path}"]`)).to.have.lengthOf(1)

    const form = await ada.get(path)
    expect(form.$('.gs-support')).to.have.lengthOf(1)
    expect(form.$('.govuk-exit-this-page')).to.have.lengthOf(1)
    const empty = await ada.post(path, { words: ' ' })
    expect(empty.status).to.equal(400)
    const seen = await seenByAdministrator()
    const before = await restOfDatabase()
    const thanks = await ada.post(path, { ...answers, words: ownWords, person: 'ada' })
    expect(thanks.$('[role="status"]').text()).to.include('Thank you')
    expect(changed(before, await restOfDatabase()), 'answering leaves a trace').to.deep.equal([])
    expect(changed(seen, await seenByAdministrator()), 'one answer shows').to.deep.equal([])
    expect(seen.get('/surveys')).to.include('Fewer than 10 people have answered')
    expect((await administrator.get('/log')).words).not.to.match(/survey|evaluat/i)
    expect((await ada.post(path, answers)).status, 'twice').to.equal(409)
    expect((await ada.get(path)).$('main form')).to.have.lengthOf(0)

    const { completions } = world.app
    await completions.recordMany(
      systemActor('test'),
      others.map((person) => ({
        person,
        course: 'refresher',
        version: { hash: 'f'.repeat(64), label: '1' },
        delivery: 'remote' as const,
        on: dayOf(new Date('2026-02-27T12:00:00Z')),
        evidence: { kind: 'register' as const, id: `a register/${person}` },
      })),
    )
    for (const [at, person] of others.entries()) {
      const held = await administrator.get('/surveys')
      expect(held.words).not.to.include('lift')
      expect(held.words, `${at + 1} have answered`).not.to.match(/worth the time.*\d+ /)
      await world.account(`${person}@parliament.example`, person)
      const visitor = await world.signedIn(`${person}@parliament.example`)
      await visitor.get(path)
      const words = at < 8 ? `words of number ${at}` : ''
      expect((await visitor.post(path, { ...answers, words })).status).to.equal(200)
    }

    const shown = await administrator.get('/surveys')
    const section = shown
      .$('section')
      .filter((_, one) => shown.$(one).text().includes('Behaviour Code: refresher'))
    expect(section.text()).to.match(/10 people/)
    expect(section.find('table').first().text().replace(/\s+/g, ' ')).to.match(/10/)
    for (const person of [...others, 'words of number']) expect(shown.words).not.to.include(person)
    // Ten have answered and nine have written: what they wrote is held back.
    expect(section.text()).not.to.include('lift')
  })
})
