import { expect } from 'chai'
import { chunk } from 'es-toolkit'
import { fillIn, type Filled } from '../support/course-taker.js'
import { smallParliament } from '../support/parliament.js'
import { rounds } from '../support/property.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const people = rounds(25, 1000)
const checks = ['single', 'multiple', 'true-false', 'ordering', 'judgement']
const at = (name: string) => `/training/test-course/questions/check-${name}`

describe(`${people} people answering at once`, () => {
  let world: World
  const visitors: Visitor[] = []

  before(async function () {
    this.timeout(rounds(60_000, 1_800_000))
    // Far ahead: a database takes away invitations whose day is past, by its own clock, within a minute.
    world = await createWorld('2040-03-02T10:00:00Z')
    const names = Array.from({ length: people }, (_, index) => `learner-${index}`)
    const rows = names.map((name) => `${name},${name},${name}@parliament.example,en\n`).join('')
    await world.directory({ ...smallParliament, people: smallParliament.people + rows })
    // Whoever asks and whoever answers share this process: while one is busy, the other's idea of how
    // long a connection has been idle is wrong, and a connection is used at the moment it is closed.
    world.app.web.server.keepAliveTimeout = 600_000
    for (const some of chunk(names, 10)) {
      visitors.push(...(await Promise.all(some.map((name) => begun(name)))))
    }
  })
  after(() => world.close())

  async function begun(name: string): Promise<Visitor> {
    await world.account(`${name}@parliament.example`, name)
    const visitor = await world.signedIn(`${name}@parliament.example`)
    await visitor.get('/training/test-course')
    await visitor.post('/training/test-course', { after: '0' })
    return visitor
  }

  it('lose no answer: all of them are there, once, and on each own page', async function () {
    this.timeout(rounds(60_000, 1_800_000))
    const answered: { status: number }[] = []
    for (const name of checks) {
      const forms: Filled[] = []
      for (const visitor of visitors) forms.push(fillIn(await visitor.get(at(name)))!)
      // The answers of everybody at the same moment, each from two tabs.
      const both = visitors.flatMap((visitor, index) => {
        const { path, fields } = forms[index]!
        return [visitor.send(path, fields), visitor.send(path, fields)]
      })
      answered.push(...(await Promise.all(both)))
    }
    expect(new Set(answered.map(({ status }) => status))).to.deep.equal(new Set([303]))
    const kept = await world.app.database.connection
      .collection('learning')
      .find({ kind: 'checked' })
      .toArray()
    const places = new Set(kept.map(({ person, step }) => `${String(person)} ${String(step)}`))
    expect(kept).to.have.lengthOf(people * checks.length)
    expect(places.size).to.equal(people * checks.length)
    for (const visitor of visitors) {
      const own = await visitor.get(at('judgement'))
      expect(own.$('[role="alert"]').text()).to.include('That is the best thing to do')
      expect(own.$('.gs-parts').text()).not.to.include('not done yet')
    }
  })
})
