import { expect } from 'chai'
import { fillIn, goOn, isFinished, takeCourse, type Filled } from '../support/course-taker.js'
import { smallParliament } from '../support/parliament.js'
import type { Answered, Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const course = '/training/test-course'
const begin = (visitor: Visitor) => visitor.post(course, { after: '0' })
const once = (most: number) => (_page: Answered, sent: number) => sent >= most

describe('a course taken late, again, and from several places', () => {
  let world: World
  const emails = ['tomos', 'ada', 'head', 'clerk', 'rowan']

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    for (const person of emails) await world.account(`${person}@parliament.example`, person)
  })
  after(() => world.close())

  const signedIn = (person: string) => world.signedIn(`${person}@parliament.example`)
  const completed = async (person: string) =>
    (await world.app.completions.of([person])).get(person) ?? []
  const kept = () => world.app.database.connection.collection('learning').countDocuments()

  it('after the due date: it goes on at the same place, and completing it is what clears it', async () => {
    const staff = world.app.shelf.current('behaviour-code-staff')!
    const tomos = await signedIn('tomos')
    const place = await takeCourse(tomos, staff, once(12))
    const before = await kept()
    world.clock.set('2027-02-01T10:00:00Z')
    const late = await signedIn('tomos')
    const mine = await late.get('/training')
    expect(mine.words).to.match(/\bHwyr\b/)
    const link = (await late.get('/training/behaviour-code-staff')).$('.govuk-button--start')
    const resumed = await late.get(link.attr('href') ?? '')
    expect(resumed.$('h1').text()).to.equal(place.$('h1').text())
    // What was typed into a page that was opened before the day, sent after it.
    const { path, fields } = fillIn(place, false, staff)!
    expect((await late.send(path, fields)).status).to.equal(303)
    expect(await kept()).to.equal(before + 1)
    const end = await takeCourse(late, staff)
    expect(isFinished(end)).to.equal(true)
    expect((await completed('tomos')).map(({ on }) => on)).to.deep.equal(['2027-02-01'])
    expect((await late.get('/training')).words).not.to.match(/\bHwyr\b/)
  })

  it('in two tabs and on a telephone in turn: one place, each answer once, one completion', async () => {
    const laptop = await signedIn('ada')
    const telephone = await signedIn('ada')
    await begin(laptop)
    const devices = [laptop, telephone]
    let sent = 0
    for (; sent < 60; sent++) {
      const device = devices[sent % 2]!
      // The page is opened twice on this device, as in two tabs; both send what they hold.
      let page = await device.get(course)
      if (isFinished(page)) break
      const onward = page.$('main .govuk-button--start').attr('href')
      if (onward) page = await device.get(onward)
      const note = page.$('main a.govuk-button').first().attr('href')
      const filled = fillIn(page) ?? fillIn(await device.get(note ?? ''))
      const { path, fields } = filled!
      const before = await kept()
      const answers = await Promise.all([device.send(path, fields), device.send(path, fields)])
      expect(answers.map(({ status }) => status)).to.deep.equal([303, 303])
      expect(await kept()).to.equal(before + 1)
    }
    expect(sent).to.be.greaterThan(10)
    expect(await completed('ada')).to.have.lengthOf(1)
  })

  it('a completed module, posted again form by form: nothing changes and nothing is lost', async () => {
    const clerk = await signedIn('clerk')
    const forms: Filled[] = []
    await goOn(clerk, await begin(clerk), (page) => {
      const filled = fillIn(page)
      if (filled?.path.startsWith(`${course}/pages/`)) forms.push(filled)
      return filled?.path.startsWith(`${course}/stories/`) ?? false
    })
    expect(forms.length).to.be.greaterThan(2)
    const before = { kept: await kept(), words: (await clerk.get(course)).words }
    for (const { path, fields } of [...forms, ...forms.toReversed()]) {
      expect((await clerk.send(path, fields)).status).to.equal(303)
    }
    expect({ kept: await kept(), words: (await clerk.get(course)).words }).to.deep.equal(before)
  })

  it('renamed under somebody half way: they finish under its old name, others find the new one', async () => {
    const head = await signedIn('head')
    await goOn(head, await begin(head), once(5))
    const { shelf } = world.app
    const catalogue = shelf.catalogue()
    const { 'test-course': old, ...others } = Object.fromEntries(catalogue.courses)
    const renamed = { ...old!, course: 'practice-course', hash: 'f'.repeat(64) }
    const courses = new Map(Object.entries({ ...others, 'practice-course': renamed }))
    await shelf.stock({ ...catalogue, courses })
    const rowan = await signedIn('rowan')
    const gone = await rowan.get(course)
    expect(gone.status).to.equal(404)
    expect(gone.words).to.include('It may have been renamed or retired')
    expect((await rowan.get('/training/practice-course')).status).to.equal(200)
    const end = await goOn(head, await head.get(course))
    expect(isFinished(end)).to.equal(true)
    expect((await completed('head')).map((one) => one.course)).to.deep.equal(['test-course'])
  })
})
