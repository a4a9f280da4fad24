import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { createWindows, expectAccessible, signIn, type Windows } from '../support/browser.js'
import { smallParliament } from '../support/parliament.js'
import { sessionForm } from '../support/session-form.js'
import type { Answered, Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

describe('a training session', () => {
  let world: World
  let windows: Windows
  let trainer: Visitor
  let learner: Visitor
  let address = ''

  before(async () => {
    world = await createWorld()
    windows = await createWindows()
    await world.directory(smallParliament)
    await world.account('head@parliament.example', 'head', { name: 'trainer' })
    await world.account('mair@parliament.example', 'mair')
    await world.account('ada@parliament.example', 'ada')
    await world.account('keeper@parliament.example', undefined, { name: 'coordinator' })
    trainer = await world.signedIn('head@parliament.example')
    learner = await world.signedIn('mair@parliament.example')
  })
  after(async () => {
    await windows.close()
    await world.close()
  })

  const action = ({ $ }: Answered, end: string): string =>
    String($(`form[action$="/${end}"]`).first().attr('action'))

  it('is planned on a form that keeps what was typed and says what is wrong', async () => {
    await trainer.get('/training-sessions/plan')
    const faulty = await trainer.post('/training-sessions/plan', { ...sessionForm, venue: '' })
    expect(faulty.status).to.equal(400)
    expect(faulty.words).to.include('Say where it takes place.')
    expect(faulty.$('#from').attr('value')).to.equal('10:00')
    const planned = await trainer.post('/training-sessions/plan', sessionForm)
    expect(planned.words).to.include('Tuesday 3 March 2026, 10:00 to 11:30')
    const list = await trainer.get('/training-sessions')
    address = String(list.$('.gs-sessions a').first().attr('href'))
    expect(address).to.match(/^\/training-sessions\/[a-z0-9]{20}$/)
  })

  it('is booked by a learner and on behalf of her staff, and its calendar entry had', async () => {
    const shown = await learner.get(address)
    expect(shown.words).not.to.include('Register')
    const booked = await learner.post(action(shown, 'place'), { needs: 'hearing-loop' })
    expect(booked.words).to.include('You have a place.')
    const others = await learner.get(`${address}/others`)
    expect(others.words).to.include('Ada Linnet').and.to.include('Tomos Wren')
    expect(others.words).not.to.include('Lord Rowan')
    const behalf = await learner.post(`${address}/place`, { person: 'tomos' })
    expect(behalf.words).to.include('Booked')
    const stranger = await learner.post(`${address}/place`, { person: 'rowan' })
    expect(stranger.status).to.equal(403)
    const third = await (await world.signedIn('ada@parliament.example')).get(address)
    expect(third.status).to.equal(200)
    const waiting = await learner.post(`${address}/place`, { person: 'ada' })
    expect(waiting.words).to.include('Waiting list')
    const calendar = await (await learner.fetch(`${address}/calendar.ics`)).text()
    expect(calendar).to.include('BEGIN:VEVENT').and.to.include('DTSTART:20260303T100000Z')
  })

  it('has its register marked on a phone at the door, signed, amended and locked', async () => {
    world.clock.set('2026-03-03T10:05:00Z')
    const page = await windows.open(world.address, { width: 390 })
    await signIn(page, 'head@parliament.example')
    await page.goto(`${address}/register`)
    await page.getByRole('button', { name: /Here.*Mair Larkspur/ }).click()
    await page.waitForURL(/#person-mair$/)
    expect(await page.locator('#person-mair').innerText()).to.include('attended')
    await expectAccessible(page)

    const open = await trainer.get(`${address}/register?q=tea`)
    expect(open.words).to.include('Needs: hearing loop').and.to.include('Omar Teasel')
    const marked = await trainer.post(action(open, 'mark'), {
      person: 'tomos',
      attendance: 'part',
      minutes: '30',
    })
    expect(marked.words).to.include('attended in part, 30 minutes')
    const own = await trainer.post(action(open, 'mark'), { person: 'head', attendance: 'attended' })
    expect(own.status).to.equal(403)
    world.clock.set('2026-03-03T11:40:00Z')
    const signed = await trainer.post(`${address}/register/sign`, {})
    expect(signed.words).to.include('Signed by Nia Kestrelow')
    expect((await world.app.completions.of(['mair'])).get('mair')).to.have.length(1)
    const silent = await trainer.post(`${address}/register/amend`, {
      person: 'tomos',
      attendance: 'attended',
      reason: '',
    })
    expect(silent.words).to.include('Say why.')
    const amended = await trainer.post(`${address}/register/amend`, {
      person: 'tomos',
      attendance: 'attended',
      reason: 'Came back after the break.',
    })
    expect(amended.words).to.include('Everything that was said')
    expect(amended.words).to.include('Came back after the break.')
    expect((await world.app.completions.of(['tomos'])).get('tomos')).to.have.length(1)
    const locked = await trainer.post(`${address}/register/lock`, {})
    expect(locked.words).to.include('Locked by Nia Kestrelow').and.to.include('SHA-256')
  })

  it('lets people check in by the code at the door, and nobody by another', async () => {
    world.clock.set('2026-03-04T09:00:00Z')
    const planned = await trainer.post('/training-sessions/plan', {
      ...sessionForm,
      on: '2026-03-05',
      from: '14:00',
      to: '15:30',
    })
    const next = String(planned.$('a[href$="/register"]').attr('href')).replace('/register', '')
    world.clock.set('2026-03-05T13:50:00Z')
    const door = await trainer.get(`${next}/door`)
    expect(door.$('.gs-qr svg')).to.have.length(1)
    const id = next.split('/').at(-1) ?? ''
    const { code } = await world.app.training.registers.code(systemActor('test'), id)
    const form = await learner.get(`${next}/check-in?code=${code}`)
    const wrong = await learner.post(action(form, 'check-in'), { code: 'guessed' })
    expect(wrong.words).to.include('This code is no longer good')
    const here = await learner.post(action(form, 'check-in'), { code })
    expect(here.words).to.include('sees that you are here')
    const register = await trainer.get(`${next}/register`)
    expect(register.words).to.include('Mair Larkspur').and.to.include('Checked in at 13:50')
    const confirmed = await trainer.post(action(register, 'check-ins'), {})
    expect(confirmed.$('#person-mair .gs-mark').text()).to.equal('attended')
  })

  it('is given only by the accredited, and only coordinators accredit', async () => {
    await trainer.get('/training-sessions/plan')
    const refused = await trainer.post('/training-sessions/plan', {
      ...sessionForm,
      course: 'behaviour-code',
      on: '2026-03-20',
    })
    expect(refused.words).to.include('does not hold the accreditation')
    expect((await trainer.get('/training-sessions/accreditations')).status).to.equal(403)
    const keeper = await world.signedIn('keeper@parliament.example')
    await keeper.get('/training-sessions/accreditations')
    const granted = await keeper.post('/training-sessions/accreditations', {
      person: 'head',
      name: 'sexual-violence',
      from: day('2026-01-01'),
      to: '',
    })
    expect(granted.words).to.include('Nia Kestrelow').and.to.include('sexual-violence')
  })
})
