import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

describe('decisions', () => {
  let world: World
  let one: Visitor
  let two: Visitor

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    await world.account('one@parliament.example', undefined, { name: 'decision-maker' })
    await world.account('two@parliament.example', undefined, { name: 'decision-maker' })
    await world.account('head@parliament.example', 'head', { name: 'decision-maker' })
    await world.account('mair@parliament.example', 'mair')
    await world.account('ada@parliament.example', 'ada')
    await world.account('clerk@parliament.example', 'clerk')
    one = await world.signedIn('one@parliament.example')
    two = await world.signedIn('two@parliament.example')
  })
  after(() => world.close())

  const relief = (person: string, form: Record<string, string>) => ({
    person,
    duty: 'house-staff',
    reason: 'Long training abroad',
    ...form,
  })
  const standing = async (person: string): Promise<string> =>
    (await one.get(`/compliance/people/${person}`)).$('.gs-requirement').first().text()

  it('an extension holds at once; its reason is read by decision-makers alone', async () => {
    await one.get('/decisions/new?person=clerk')
    const past = await one.post(
      '/decisions',
      relief('clerk', { kind: 'extension', until: '2026-03-02' }),
    )
    expect(past.words).to.include('Choose a day after today')
    const done = await one.post(
      '/decisions',
      relief('clerk', { kind: 'extension', until: '2026-06-30' }),
    )
    expect(done.words).to.include('Long training abroad').and.include('30 June 2026')
    expect(await standing('clerk'))
      .to.include('Due')
      .and.include('30 June 2026')
    const own = await (
      await world.signedIn('clerk@parliament.example')
    ).get('/compliance/people/clerk')
    expect(own.words).to.include('30 June 2026').and.not.include('Long training')
  })

  it('an excusal needs a second person; the excused read why, their manager does not', async () => {
    await one.get('/decisions/new?person=clerk')
    const form = relief('clerk', { kind: 'excusal', from: '2026-03-01', to: '2026-12-31' })
    await one.post('/decisions', form)
    const [proposed] = await world.app.decisions.undecided({ kind: 'public' })
    const id = proposed?.id ?? ''
    const grant = `/decisions/${id}/grant`
    expect((await one.send(grant, { person: 'clerk' })).words).to.include(
      'Somebody else must decide',
    )
    expect(await standing('clerk')).to.include('Due')
    await two.get('/decisions')
    await two.post(grant, { person: 'clerk' })
    expect(await standing('clerk')).to.include('Excused until the end of Thursday 31 December 2026')
    const own = await (
      await world.signedIn('clerk@parliament.example')
    ).get('/compliance/people/clerk')
    expect(own.words).to.include('Long training abroad')
    const head = await world.signedIn('head@parliament.example')
    expect((await head.get('/compliance?asAt=2026-03-02')).words).not.to.include('Long training')
    await two.get('/decisions/people/clerk')
    await two.post(`/decisions/${id}/end`, { person: 'clerk' })
    expect(await standing('clerk')).to.include('Due')
  })

  it('nobody decides, or looks at decisions, about themselves or their own line', async () => {
    const head = await world.signedIn('head@parliament.example')
    for (const person of ['head', 'clerk']) {
      const refused = await head.get(`/decisions/new?person=${person}`)
      expect(refused.status, person).to.equal(403)
      expect(refused.words, person).to.include('one@parliament.example can decide it')
    }
    expect((await head.get('/decisions/people/clerk')).status).to.equal(403)
    expect((await head.get('/decisions/people/ada')).status).to.equal(200)
    expect((await head.get('/decisions')).words).not.to.include('Omar')
  })

  it('learning done elsewhere is claimed, reviewed, decided by another, and completes', async () => {
    const clerk = await world.signedIn('clerk@parliament.example')
    await clerk.get('/claims/new')
    const claim = {
      course: 'behaviour-code-staff',
      delivery: 'face-to-face',
      says: 'At the Assembly',
    }
    expect((await clerk.post('/claims', { ...claim, on: '2026-04-01' })).words).to.include(
      'still to come',
    )
    await clerk.post('/claims', { ...claim, on: '2026-02-10' })
    const [made] = await world.app.claims.mine({
      kind: 'person',
      account: 'x',
      person: 'clerk',
      roles: [],
    })
    const id = made?.id ?? ''
    const answer = { answer: 'yes', says: 'I looked at the certificate' }
    await one.get(`/claims/${id}`)
    expect((await one.send(`/claims/${id}/decide`, answer)).status).to.equal(409)
    await one.post(`/claims/${id}/review`, answer)
    expect((await one.send(`/claims/${id}/decide`, answer)).status).to.equal(403)
    await two.get(`/claims/${id}`)
    await two.post(`/claims/${id}/decide`, answer)
    expect(await standing('clerk')).to.include('face to face on Tuesday 10 February 2026')
    expect((await clerk.get('/replies')).words).to.include('Recognised.')
    expect(await world.app.claims.resume()).to.equal(0)
  })

  it('an entry is contested once and answered; a correction takes a completion back, visibly', async () => {
    const clerk = await world.signedIn('clerk@parliament.example')
    const own = (await clerk.get('/training')).$('a[href^="/compliance/people/"]').attr('href')
    const { $ } = await clerk.get(own ?? '')
    const link = $('a[href^="/contests/new"]').first().attr('href') ?? ''
    expect((await clerk.get(link)).words).to.include('The Behaviour Code for House staff')
    const { searchParams } = new URL(link, world.address)
    const unsaid = await clerk.send('/contests', [...searchParams, ['says', ' ']])
    expect(unsaid.status).to.equal(400)
    expect(unsaid.$('#says-error').text()).to.include('Write down what is wrong')
    const form = { ...Object.fromEntries(searchParams), says: 'I was not there that day' }
    await clerk.post('/contests', form)
    expect((await clerk.send('/contests', form)).status).to.equal(409)
    const other = await world.signedIn('ada@parliament.example')
    expect((await other.get(link)).status).to.equal(404)

    const desk = await one.get('/decisions')
    const contest = desk.$('a[href^="/contests/"]').attr('href') ?? ''
    await one.get(contest)
    const unanswered = await one.send(`${contest}/answer`, { says: 'The register was wrong' })
    expect(unanswered.$('#answer-fault').text()).to.include('Choose one of the two answers')
    expect(unanswered.$('#says').text()).to.equal('The register was wrong')
    await one.post(`${contest}/answer`, { answer: 'yes', says: 'The register was wrong' })
    expect((await clerk.get('/replies')).words).to.include(
      'You are right. Answered on Monday 2 March',
    )

    const page = await one.get('/decisions/people/clerk')
    const completion = page.$('input[name="completion"]').first().attr('value') ?? ''
    const note = 'Another person signed'
    await one.post('/corrections', { completion, why: 'wrong-person', note })
    const after = await one.get('/decisions/people/clerk')
    expect(after.words).to.include(`Note for the record: ${note}`)
    expect(after.words, 'learning done elsewhere has no certificate').not.to.include('reads:')
    expect(await standing('clerk')).to.include('Due')
  })

  it('a certificate with a wrong name is put right: another takes its place, the old one says so', async () => {
    const [completion] = await world.app.completions.recordMany(systemActor('test'), [
      {
        person: 'tomos',
        course: 'behaviour-code-staff',
        version: { hash: 'a'.repeat(64), label: '2026.1' },
        delivery: 'face-to-face',
        on: day('2026-02-20'),
        evidence: { kind: 'register', id: 'entry-of-tomos' },
      },
    ])
    const serial = async () =>
      (await world.app.certificates.ofCompletions([completion?.id ?? '']))[0]?.serial ?? ''
    const before = await serial()
    const page = await one.get('/decisions/people/tomos')
    expect(page.words).to.include(before)
    const form = { person: 'tomos', serial: before }
    const audited = world.app.database.connection.collection('audit')
    const readings = () => audited.countDocuments({ act: 'decisions.read', people: 'tomos' })
    const recorded = await readings()
    expect(
      (await one.send('/corrections/certificate', form)).status,
      'nothing to put right',
    ).to.equal(409)
    expect(await readings(), 'the page was shown again, and read').to.equal(recorded + 1)
    await world.directory({
      ...smallParliament,
      people: smallParliament.people.replace('Tomos Wren', 'Tomos Dryw'),
    })
    const right = await one.post('/corrections/certificate', form)
    const after = await serial()
    expect(after).not.to.equal(before)
    expect(right.words).to.include(after).and.not.to.include(before)
    expect((await world.visitor().get(`/verify/${before}`)).words).to.include(after)
    expect((await world.visitor().get(`/verify/${after}`)).words).to.include('Tomos Dryw')
  })
})
