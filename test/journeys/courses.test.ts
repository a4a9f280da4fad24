import { expect } from 'chai'
import { fillIn, goOn, type Filled } from '../support/course-taker.js'
import { smallParliament } from '../support/parliament.js'
import type { Answered, Visitor } from '../support/visitor.js'
import { createWorld, password, type World } from '../support/world.js'

const course = '/training/test-course'

const begin = (visitor: Visitor) => visitor.post(course, { after: '0' })
const asks = (what: string) => (page: Answered) =>
  page.$(`main input[name="do"][value="${what}"]`).length > 0

describe('taking a course', () => {
  let world: World
  let people = 0

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    await world.account('tomos@parliament.example', 'tomos')
    await world.account('mair@parliament.example', 'mair')
  })
  after(() => world.close())

  /** Somebody new, signed in, whose language is English. */
  async function somebody(): Promise<{ visitor: Visitor; person: string; email: string }> {
    const person = `learner-${++people}`
    const email = `${person}@parliament.example`
    await world.directory({
      ...smallParliament,
      people: `${smallParliament.people}${allPeople(people)}`,
    })
    await world.account(email, person)
    return { visitor: await world.signedIn(email), person, email }
  }
  const allPeople = (count: number) =>
    Array.from({ length: count }, (_, at) => {
      const id = `learner-${at + 1}`
      return `${id},Learner ${at + 1},${id}@parliament.example,en\n`
    }).join('')
  const completed = async (person: string) =>
    (await world.app.completions.of([person])).get(person) ?? []

  it('shows after signing in what is asked of somebody, why, and how long it takes', async () => {
    const visitor = world.visitor()
    await visitor.get('/sign-in')
    const page = await visitor.post('/sign-in', { email: 'mair@parliament.example', password })
    expect(page.$('h1').text()).to.equal('My training')
    const card = page.$('.gs-card').first()
    expect(card.find('a').attr('href')).to.equal('/training/behaviour-code')
    expect(card.text()).to.match(/Expected.*is expected. There is no due date.*60 minutes/s)
    expect(page.words).not.to.include('Test course')
  })

  it('goes from its first page to the completion without JavaScript, and completes once', async () => {
    const { visitor, person } = await somebody()
    const front = await visitor.get(course)
    expect(front.words).to.include('It takes about 10 minutes. There is no time limit')
    const end = await goOn(visitor, await begin(visitor))
    expect(end.$('h1').text()).to.equal('Completed')
    expect(end.$('main a[href="/certificates"]')).to.have.lengthOf(1)
    expect(end.words).to.include('What comes next')
    expect(await completed(person)).to.have.lengthOf(1)
    await goOn(visitor, await visitor.get(course))
    expect(await completed(person)).to.have.lengthOf(1)
    expect((await visitor.get('/training')).words).to.include('Test course, completed on')
  })

  it('goes on at the same place on another device', async () => {
    const { visitor, email } = await somebody()
    const stopped = await goOn(visitor, await begin(visitor), asks('choose'))
    const telephone = await world.signedIn(email)
    const resumed = await telephone.get(
      (await telephone.get(course)).$('main a.govuk-button--start').attr('href') ?? '',
    )
    expect(resumed.$('h1').text()).to.equal(stopped.$('h1').text())
  })

  it('is the same course in Welsh, with support and a way out on each page', async () => {
    const visitor = await world.signedIn('tomos@parliament.example')
    const front = await visitor.get(course)
    expect(front.$('html').attr('lang')).to.equal('cy')
    const seen: Answered[] = [front]
    const end = await goOn(visitor, await begin(visitor), (page) => {
      seen.push(page)
      return false
    })
    expect(end.$('h1').text()).to.equal('Wedi’i gwblhau')
    for (const { $ } of seen) {
      expect($('.govuk-exit-this-page a').attr('href')).to.match(/^https:/)
      expect($('.gs-support').text()).to.include('Llinell gymorth annibynnol')
      expect($('.gs-support a[href="tel:08081570999"]')).to.have.lengthOf(1)
      expect($('body').text()).not.to.match(/\bContinue\b|Previous page|Your answer|Question \d/)
    }
  })

  it('says what is in a page that may distress before it is shown, and offers another', async () => {
    const visitor = await world.signedIn('mair@parliament.example')
    await visitor.get(course)
    await begin(visitor)
    const dark = `${course}/stories/dark-page`
    const note = await visitor.get(dark)
    expect(note.words).to.include('The next page is dark as well.')
    expect(note.words).not.to.include('There was no moon that night.')
    expect(note.$('main a[role="button"]').last().attr('href')).to.equal(`${dark}-in-short`)
    const page = await visitor.get(note.$('main a[role="button"]').first().attr('href') ?? '')
    expect(page.words).to.include('There was no moon that night.')
    const { path, fields } = fillIn(page, true)!
    await visitor.post(path, fields)
    expect((await visitor.get(dark)).words).to.include('There was no moon that night.')
  })

  it('says of each answer whether it is right and why, in words', async () => {
    const { visitor } = await somebody()
    const page = await goOn(visitor, await begin(visitor), asks('check'))
    const { path, fields } = fillIn(page, true)!
    const result = await visitor.post(path, fields)
    expect(result.$('[role="alert"]').text()).to.include('That is not right')
    expect(result.words).to.match(
      /Five Your answer Not right One too many\. Four Right Yes, four\./,
    )
    expect(result.words).to.include('Saved 10:00')
  })

  it('asks again only for the part that was failed', async () => {
    const { visitor } = await somebody()
    let page = await goOn(visitor, await begin(visitor), asks('answer'))
    const titles: string[] = []
    while (asks('answer')(page)) {
      titles.push(page.$('title').text())
      const { path, fields } = fillIn(page, true)!
      page = await visitor.post(path, fields)
    }
    // The window names each question, for those who hear the page and do not see it change.
    expect(titles[0]).to.match(/^Question 1 of \d+: questions on the whole course/)
    expect(new Set(titles).size).to.equal(titles.length)
    expect(page.$('title').text()).to.include('Your result: questions on the whole course')
    expect(page.$('h1').text()).to.equal('Questions on the whole course')
    expect(page.words).to.match(/You passed [01] of 2 parts/)
    const end = await goOn(visitor, page)
    expect(end.$('h1').text()).to.equal('Completed')
  })

  it('takes a signature for the exact words, and none for others or without a tick', async () => {
    const { visitor, person } = await somebody()
    const page = await goOn(visitor, await begin(visitor), asks('acknowledge'))
    const { path, fields } = fillIn(page)!
    const without = fields.filter(([name]) => name !== 'confirm')
    const unticked = await visitor.post(path, without)
    expect(unticked.status).to.equal(400)
    expect(unticked.$('.govuk-error-summary').text()).to.include('Tick the box')
    const other = fields.map(([name, value]): [string, string] =>
      name === 'hash' ? [name, 'f'.repeat(64)] : [name, value],
    )
    const refused = await visitor.post(path, other)
    expect(refused.status).to.equal(409)
    expect(refused.words).to.include('The text has changed since you opened this page')
    await visitor.post(path, fields)
    const signed = await visitor.get(path)
    expect(signed.words).to.include('You confirmed at 10:00 on Monday 2 March 2026')
    expect(await completed(person)).to.have.lengthOf(0)
  })

  describe('when something is sent that cannot be', () => {
    let visitor: Visitor
    let question: Filled
    let person: string
    beforeEach(async () => {
      const one = await somebody()
      visitor = one.visitor
      person = one.person
      const page = await goOn(visitor, await begin(visitor), asks('answer'))
      question = fillIn(page)!
    })
    const with_ = (change: Record<string, string>): [string, string][] =>
      question.fields.map(([name, value]) => [name, change[name] ?? value])

    const cases: [says: string, change: Record<string, string>, answer: RegExp][] = [
      ['of another attempt', { attempt: 'another' }, /belongs to another time/],
      ['to a question that was not asked', { question: 'check-single' }, /not asked this question/],
      ['to a form that was not given', { form: '7' }, /not asked this question/],
      ['of a step that is not theirs', { do: 'read' }, /not in your version/],
    ]
    for (const [says, change, answer] of cases) {
      it(`an answer ${says}: it says so, and nothing is lost`, async () => {
        const before = await visitor.get(question.path)
        const refused = await visitor.post(question.path, with_(change))
        expect(refused.status).to.equal(409)
        expect(refused.words).to.match(answer)
        expect(refused.$('main a.govuk-button').attr('href')).to.equal(course)
        expect((await visitor.get(question.path)).words).to.equal(before.words)
      })
    }

    it('no answer at all: the question again, with what is missing', async () => {
      const fields = question.fields.filter(([name]) => !/^(answer|truth|place-)/.test(name))
      const again = await visitor.post(question.path, fields)
      expect(again.status).to.equal(400)
      expect(again.$('.govuk-error-summary a').text()).to.equal('Choose an answer.')
      const field = again.$('.govuk-error-summary a').attr('href') ?? ''
      expect(again.$(field), `the fault leads to ${field}`).to.have.lengthOf(1)
    })

    it('the same answer twice, and another from a tab left open: the first one counts', async () => {
      const next = await visitor.post(question.path, question.fields)
      const doubled = await visitor.post(question.path, question.fields)
      expect(doubled.words).to.equal(next.words)
      const change = question.fields.map(([name, value]): [string, string] =>
        name === 'answer' && value !== 'two' ? [name, 'two'] : [name, value],
      )
      expect((await visitor.post(question.path, change)).status).to.be.oneOf([200, 400])
      await goOn(visitor, await visitor.get(course))
      expect(await completed(person)).to.have.lengthOf(1)
    })

    it('a form from before sign-in ran out: it waits, and comes back filled in', async () => {
      const page = await visitor.get(question.path)
      visitor.cookies.delete('sid')
      const asked = await visitor.send(question.path, question.fields)
      expect(asked.status).to.equal(401)
      expect(asked.words).to.include('What you typed has been kept')
      const kept = asked.$('input[name="kept"]').attr('value') ?? ''
      const email = `${person}@parliament.example`
      const back = await visitor.post('/sign-in', { email, password, kept })
      expect(back.words).to.include('Your answer is still here')
      expect(back.$('legend').text()).to.equal(page.$('legend').text())
      const again = fillIn(back)!
      const chosen = back.$('input:checked, option[selected]').length
      expect(chosen).to.equal(
        again.fields.filter(([name]) => /^(answer|truth|place-)/.test(name)).length,
      )
    })

    it('a course that has been completed, posted again: nothing changes', async () => {
      await goOn(visitor, await visitor.get(course))
      await visitor.post(question.path, question.fields)
      await visitor.post(course, { after: '0' })
      expect(await completed(person)).to.have.lengthOf(1)
    })
  })

  it('says plainly what has become of a course that is not there', async () => {
    const { visitor } = await somebody()
    const gone = await visitor.get('/training/no-such-course')
    expect(gone.status).to.equal(404)
    expect(gone.words).to.include('It may have been renamed or retired')
    const part = await visitor.get('/training/test-course/nothing/here')
    expect(part.words).to.include('Test course')
  })

  it('withheld under somebody half way, it goes on for them and begins for nobody', async () => {
    const [half, fresh] = [await somebody(), await somebody()]
    await goOn(half.visitor, await begin(half.visitor), asks('choose'))
    const { shelf } = world.app
    const catalogue = shelf.catalogue()
    const courses = new Map([...catalogue.courses].filter(([id]) => id !== 'test-course'))
    const fault = {
      course: 'test-course',
      file: 'course.yaml',
      line: 1,
      say: { key: 'content.no-file' },
      withholds: true,
    }
    await shelf.stock({ ...catalogue, courses, faults: [fault] })
    try {
      const refused = await fresh.visitor.get(course)
      expect(refused.status).to.equal(503)
      expect(refused.words).to.include('Nobody who has begun it is held up')
      const end = await goOn(half.visitor, await half.visitor.get(course))
      expect(end.$('h1').text()).to.equal('Completed')
      expect(await completed(half.person)).to.have.lengthOf(1)
    } finally {
      await shelf.stock(catalogue)
    }
  })
})
