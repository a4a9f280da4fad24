import { expect } from 'chai'
import { smallParliament } from '../support/parliament.js'
import { createWorld, type World } from '../support/world.js'

const scene = '/training/test-course/stories/dark-room'

describe('how training reaches somebody', () => {
  let world: World
  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    for (const person of ['tomos', 'ada', 'rowan'])
      await world.account(`${person}@parliament.example`, person)
    await world.account('clerk@parliament.example', 'clerk', { name: 'safeguarding-officer' })
    await world.account('mair@parliament.example', 'mair', { name: 'safeguarding-officer' })
  })
  after(() => world.close())

  const usual = { display: 'large-print', room: 'hearing-loop', language: 'en', adultFrom: '' }

  it('is said once and holds on every page and every device, in the language chosen', async () => {
    const visitor = await world.signedIn('tomos@parliament.example')
    expect((await visitor.get('/adjustments')).$('html').attr('lang')).to.equal('cy')
    const saved = await visitor.post('/adjustments', usual)
    expect(saved.words).to.include('It holds from now on')
    expect(saved.$('#room-hearing-loop').attr('checked')).to.equal('checked')
    const telephone = await world.signedIn('tomos@parliament.example')
    for (const path of ['/training', '/training/test-course', '/certificates', '/nowhere']) {
      const { $ } = await telephone.get(path)
      expect($('html').attr('class'), path).to.include('gs-large-print')
      expect($('html').attr('lang'), path).to.equal('en')
    }
  })

  it('is nobody else’s to see: no list, no search and no other page shows a trace of it', async () => {
    const manager = await world.signedIn('mair@parliament.example')
    const before = await manager.get('/compliance')
    const tomos = await world.signedIn('tomos@parliament.example')
    await tomos.get('/adjustments')
    await tomos.post('/adjustments', { ...usual, adultFrom: '2027-01-01' })
    await tomos.post('/adjustments/way', { way: 'one-to-one' })
    const after = await manager.get('/compliance')
    expect(after.words).to.equal(before.words)
    expect(after.$('html').attr('class')).not.to.include('gs-large-print')
    expect((await manager.get('/adjustments/asked')).words).not.to.include('Tomos')
    expect((await tomos.get('/adjustments/asked')).status).to.equal(403)
    await tomos.get('/adjustments')
    await tomos.post('/adjustments', { ...usual, adultFrom: '' })
    await tomos.post('/adjustments/way', { way: 'usual' })
  })

  it('under 18 gives the variant without distressing scenes, and the safeguarding officer', async () => {
    const visitor = await world.signedIn('ada@parliament.example')
    await visitor.get('/adjustments')
    const wrong = await visitor.post('/adjustments', { ...usual, adultFrom: '2001-01-01' })
    expect(wrong.status).to.equal(400)
    expect(wrong.$('.govuk-error-summary a').attr('href')).to.equal('#adultFrom')
    expect(wrong.$('#adultFrom').attr('value')).to.equal('2001-01-01')
    await visitor.post('/adjustments', { ...usual, adultFrom: '2027-01-01' })
    await visitor.get('/training/test-course')
    const page = await visitor.post('/training/test-course', { after: '0' })
    expect(page.$('.gs-support').text()).to.include('Safeguarding officer')
    expect(page.$('.gs-parts').text()).to.match(/under 18/i)
    expect((await visitor.get(scene)).status).to.equal(404)
    world.clock.set('2027-01-02T10:00:00Z')
    const grown = await world.signedIn('ada@parliament.example')
    expect((await grown.get(scene)).status).to.equal(200)
    world.clock.set('2026-03-02T10:00:00Z')
  })

  it('without distressing scenes holds from the moment it is asked for, before anybody decides', async () => {
    const visitor = await world.signedIn('rowan@parliament.example')
    await visitor.get('/training/test-course')
    await visitor.post('/training/test-course', { after: '0' })
    await visitor.get('/adjustments')
    const said = await visitor.post('/adjustments/way', { way: 'without-distressing-scenes' })
    expect(said.words).to.include('You have asked for: Without distressing scenes')
    const module = await visitor.get('/training/test-course/stories')
    expect(module.$('.gs-parts').text()).not.to.include('The dark room not')
    expect(module.$('.gs-parts a[href$="/dark-room"]')).to.have.lengthOf(0)
    expect(module.$('.gs-parts a[href$="/dark-room-in-short"]')).to.have.lengthOf(1)
  })

  it('with one person is agreed by an officer outside the line of the employer, once', async () => {
    const visitor = await world.signedIn('tomos@parliament.example')
    await visitor.get('/adjustments')
    await visitor.post('/adjustments/way', { way: 'one-to-one' })
    const employer = await world.signedIn('mair@parliament.example')
    const theirs = await employer.get('/adjustments/asked')
    expect(theirs.words).not.to.include('Tomos Wren')
    const officer = await world.signedIn('clerk@parliament.example')
    const list = await officer.get('/adjustments/asked')
    const form = list.$('section:contains("Tomos Wren") form').attr('action') ?? ''
    expect(form).to.match(/^\/adjustments\/asked\//)
    expect((await employer.send(form, { agreed: 'yes' })).status).to.equal(403)
    const rest = await officer.post(form, { agreed: 'yes' })
    expect(rest.words).not.to.include('Tomos Wren')
    expect((await officer.post(form, { agreed: 'no' })).status).to.equal(409)
    expect((await visitor.get('/adjustments')).words).to.include('Agreed: One to one')
  })

  it('becomes training with one person, which trainer and person hear of and nobody else sees', async () => {
    const { app } = world
    await world.account('nia@parliament.example', 'head', { name: 'trainer' })
    const ada = await world.signedIn('ada@parliament.example')
    await ada.get('/adjustments')
    await ada.post('/adjustments', usual)
    await ada.post('/adjustments/way', { way: 'one-to-one' })
    const officer = await world.signedIn('clerk@parliament.example')
    const asked = await officer.get('/adjustments/asked')
    const decide = asked.$('section:contains("Ada Linnet") form').attr('action') ?? ''
    await officer.post(decide, { agreed: 'yes' })
    const agreed = await officer.get('/adjustments/one-to-one')
    const path = agreed.$('section:contains("Ada Linnet") a').attr('href') ?? ''
    await officer.get(path)
    const plan = {
      course: 'raising-a-concern',
      delivery: 'face-to-face',
      on: '2026-03-10',
      from: '10:00',
      to: '11:30',
      venue: '',
      trainers: 'head',
    }
    const faulty = await officer.send(path, plan)
    expect(faulty.$('#venue-error').text()).to.include('Say where it takes place.')
    world.mail.length = 0
    const planned = await officer.post(path, { ...plan, venue: 'Room 7' })
    expect(planned.words).to.include('Tuesday 10 March 2026')
    await app.notifications.deliver()
    const mails = Object.fromEntries(world.mail.map(({ to, text }) => [to, text]))
    expect(Object.keys(mails).sort()).to.deep.equal([
      'ada@parliament.example',
      'nia@parliament.example',
    ])
    expect(mails['ada@parliament.example']).to.include('You have a place')
    expect(mails['nia@parliament.example']).to.include('one person').and.not.to.include('Ada')
    const [held] = await app.training.oneToOne.of(['ada'])
    const address = `/training-sessions/${held?.id ?? ''}`
    expect((await ada.get(address)).words).to.include('Room 7')
    const rowan = await world.signedIn('rowan@parliament.example')
    expect((await rowan.get(address)).status).to.equal(404)
    expect((await rowan.get('/training-sessions')).words).not.to.include('Room 7')
    const trainer = await world.signedIn('nia@parliament.example')
    const register = await trainer.get(`${address}/register`)
    expect(register.words).to.include('Ada Linnet').and.to.include('A hearing loop')
    expect(register.words).not.to.match(/one to one|With one person|agreed/i)
  })
})
