import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { PersonActor } from '../../src/actor.js'
import { nextRequest } from '../support/learning.js'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const people = Array.from({ length: 16 }, (_, at) => `learner-${at + 1}`)
const actor = (person: string): PersonActor => ({
  kind: 'person',
  account: `account-of-${person}`,
  person,
  roles: [],
})
const course = 'test-course'

describe('an author is told', () => {
  let world: World
  let author: Visitor
  let coursesDir: string
  before(async () => {
    coursesDir = mkdtempSync(join(tmpdir(), 'gs-authors-'))
    cpSync('courses', coursesDir, { recursive: true })
    cpSync('courses/test-course', join(coursesDir, 'broken-course'), { recursive: true })
    const broken = join(coursesDir, 'broken-course/modules/01-pages/en.md')
    writeFileSync(broken, `${readFileSync(broken, 'utf8')}\n[gone](#nowhere)\n`)
    world = await createWorld('2026-03-02T10:00:00Z', { coursesDir })
    await world.directory(smallParliament)
    await world.account('author@parliament.example', 'ada', { name: 'author' })
    author = await world.signedIn('author@parliament.example')
  })
  after(async () => {
    await world.close()
    rmSync(coursesDir, { recursive: true })
  })

  it('of a fault with its file, line and sentence; that course is withheld, and the others are taught', async function () {
    this.timeout(60_000)
    let page = await author.get('/authors')
    while (page.words.includes('The files are being read')) page = await author.get('/authors')
    const text = readFileSync(join(coursesDir, 'broken-course/modules/01-pages/en.md'), 'utf8')
    const line = text.trimEnd().split('\n').length
    expect(page.words).to.include(`broken-course/modules/01-pages/en.md:${line}`)
    expect(page.words).to.include('The link “#nowhere” leads nowhere.')
    expect(page.words).to.match(/Withheld.*broken-course|broken-course.*withheld/i)
    const withheld = await author.get('/training/broken-course')
    expect(withheld.status).to.equal(503)
    expect((await author.get(`/training/${course}`)).status).to.equal(200)
  })

  it('how questions do, where people stop and what they would have better, of ten people and more', async function () {
    this.timeout(60_000)
    const { learning, surveys } = world.app
    /** Goes on for so many steps at most; one in three answers wrongly at first. */
    const goOn = async (person: string, at: number, most: number): Promise<void> => {
      let place = await learning.begin(actor(person), course, 0)
      for (let sent = 0; sent < most && !place.endedAt; sent++) {
        const request = nextRequest(place.attempt, at, at % 3 === 2 && sent < 12)
        if (!request) break
        const answer = await learning.submit(actor(person), course, request)
        if ('refused' in answer) throw new Error(answer.refused.key)
        place = answer.place
      }
    }
    for (const [at, person] of people.entries()) await goOn(person, at, at < 3 ? 2 : 4)
    const halfWay = await author.get(`/authors/${course}`)
    const stops = halfWay.$('table').first().find('tbody td').toArray()
    expect(stops.map((cell) => halfWay.$(cell).text())).to.have.members(['fewer than 10', '13'])

    for (const [at, person] of people.entries()) {
      await goOn(person, at, 200)
      await surveys.answer(actor(person), `evaluation/${course}`, {
        worth: ['4'],
        better: at % 2 ? ['examples'] : ['examples', 'length'],
      })
    }
    const page = await author.get(`/authors/${course}`)
    expect(page.words).to.match(/Begun 16 times, completed \d+ times/)
    const rows = page.$('table').last().find('tbody tr').toArray()
    const themes = rows.map((row) => page.$(row).text().replace(/\s+/g, ' ').trim())
    expect(themes).to.have.lengthOf(2)
    // Answers are told in groups of ten: six of the sixteen still wait for company.
    expect(themes[0]).to.match(/examples ?10$/)
    expect(themes[1]).to.match(/ ?5$/)
    const items = page.$('[aria-labelledby="items-title"] tbody tr')
    expect(items.length).to.be.greaterThan(0)
    const first = items.first()
    expect(first.find('th').text().length, 'the question in words').to.be.greaterThan(20)
    expect(first.find('td').eq(1).text()).to.match(/\d+ %/)
    expect(items.text()).to.match(/True or false: \d+ %\s*Reason: \d+ %/)
    for (const person of people) expect(page.words).not.to.include(person)
  })
})
