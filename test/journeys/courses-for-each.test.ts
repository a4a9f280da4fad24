import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { fillIn, goOn, isFinished } from '../support/course-taker.js'
import { smallParliament } from '../support/parliament.js'
import type { Answered, Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const course = '/training/test-course'
const scene = `${course}/stories/dark-room`

/** A folder of courses whose programme lets a passed pre-test shorten the course for Members. */
function coursesThatMayShorten(): string {
  const root = mkdtempSync(join(tmpdir(), 'gs-shorten-'))
  cpSync('courses', root, { recursive: true })
  const path = join(root, 'programme.yaml')
  const text = readFileSync(path, 'utf8')
  // The first rule that says so is that of Members.
  const rule = /pre-test-may-shorten: \[/
  expect(text).to.match(rule)
  writeFileSync(
    path,
    text.replace(rule, (found) => `${found}test-course, `),
  )
  return root
}

describe('a course for each person', () => {
  let world: World
  let coursesDir: string
  let [member, staff]: (Visitor | undefined)[] = []
  before(async () => {
    coursesDir = coursesThatMayShorten()
    world = await createWorld('2026-03-02T10:00:00Z', { coursesDir })
    await world.directory(smallParliament)
    await world.account('mair@parliament.example', 'mair')
    await world.account('ada@parliament.example', 'ada')
    member = await world.signedIn('mair@parliament.example')
    staff = await world.signedIn('ada@parliament.example')
    for (const visitor of [member, staff]) await visitor.post(course, { after: '0' })
  })
  after(async () => {
    await world.close()
    rmSync(coursesDir, { recursive: true })
  })
  const taskOf = (page: Answered, module: string) => page.$(`#${module}-status`).text().trim()

  it('shows a Member what is for Members, and others not', async () => {
    expect((await member!.get(`${course}/pages/for-members`)).status).to.equal(200)
    expect((await member!.get(`${course}/questions/check-members`)).status).to.equal(200)
    expect((await staff!.get(`${course}/pages/for-members`)).status).to.equal(404)
    expect((await staff!.get(`${course}/questions/check-members`)).status).to.equal(404)
    expect((await staff!.get(`${course}/pages/pre-test`)).status).to.equal(404)
  })

  it('says beforehand that a scene may distress, and counts the page that stands in for it', async () => {
    const note = await staff!.get(scene)
    expect(note.$('.govuk-warning-text').text()).to.include('The next story is dark.')
    expect(note.words).not.to.include('It is dark.')
    const instead = note.$('main a.govuk-button--secondary').attr('href') ?? ''
    const page = await staff!.get(instead)
    const { path, fields } = fillIn(page)!
    await staff!.post(path, fields)
    const { progress } = await world.app.learning.open(
      { kind: 'person', account: 'ada', person: 'ada', roles: [] },
      'test-course',
    )
    const own = progress.steps.find(({ step }) => `/training/test-course/${step.id}` === scene)
    expect(own?.state).to.equal('done')
    expect((await staff!.get(`${scene}?go=1`)).words).to.include('It is dark.')
  })

  it('is shortened by a passed pre-test, but for stories, signatures and what always stays', async () => {
    let page = await member!.get(`${course}/pages/pre-test`)
    expect(page.words).to.include('What you know already may be left out')
    while (fillIn(page)) {
      const { path, fields } = fillIn(page)!
      page = await member!.post(path, fields)
    }
    expect(page.$('#result').text()).to.include('You passed every part')
    const front = await member!.get(course)
    expect(taskOf(front, 'questions')).to.equal('Not needed')
    expect(taskOf(front, 'pages'), 'what always stays').to.equal('Not started')
    const asked = new Set<string>()
    const end = await goOn(member!, front, (at) => {
      asked.add(at.$('main input[name="do"]').attr('value') ?? '')
      return false
    })
    expect(isFinished(end)).to.equal(true)
    expect([...asked]).to.include.members(['read', 'choose', 'acknowledge'])
    expect([...asked]).not.to.include.members(['check'])
    expect([...asked]).not.to.include.members(['answer'])
  })

  it('ends with the certificate itself, and what comes next', async () => {
    const end = await member!.get(course)
    const certificate = end.$('.gs-certificates__card a').first()
    expect(certificate.text()).to.equal('Test course')
    const address = certificate.attr('href') ?? ''
    expect(address).to.match(/^\/certificates\/[0-9A-Z-]+$/)
    expect((await member!.get(address)).words).to.include('Mair Larkspur')
    expect(end.words).to.include('What comes next')
    expect(end.$('main a[href="/evaluation/test-course"]')).to.have.lengthOf(1)
  })

  const pages: [what: string, ask: (visitor: Visitor) => Promise<Answered>][] = [
    ['the paper version', (visitor) => visitor.get(`${course}?print=1&large=1`)],
    ['a story', (visitor) => visitor.get(`${course}/stories/two-doors`)],
    [
      'a question with a fault',
      (visitor) => visitor.post(`${course}/questions/check-single`, check),
    ],
    ['what could not be kept', (visitor) => visitor.post(`${course}/pages/first`, check)],
    ['what another course could not keep', (visitor) => visitor.post(`${other}/x/y`, check)],
    ['the evaluation', (visitor) => visitor.get('/evaluation/test-course')],
    ['the survey of the year', (visitor) => visitor.get('/climate')],
  ]
  const check = { do: 'check', attempt: 'another', answer: 'nothing' }
  const other = '/training/refresher'
  for (const [what, ask] of pages) {
    it(`has support and a way out beside ${what}`, async () => {
      const page = await ask(member!)
      expect(page.$('.govuk-exit-this-page a').attr('href')).to.match(/^https:/)
      expect(page.$('.gs-support a[href="tel:08081570999"]')).to.have.lengthOf(1)
      expect(page.$('.gs-support').text()).to.include('999')
    })
  }
})
