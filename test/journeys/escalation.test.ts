import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { smallParliament } from '../support/parliament.js'
import { createWorld, type World } from '../support/world.js'

const system = systemActor('test')

describe('a date that has passed', () => {
  let world: World

  before(async () => {
    world = await createWorld('2026-03-05T10:00:00Z')
    await world.directory(smallParliament)
  })
  after(() => world.close())

  /** What the server does beside requests, as far as this is about it. */
  async function look(): Promise<void> {
    await world.app.escalations.run()
    await world.app.notifications.deliver()
  }
  const mailTo = (address: string) => world.mail.filter(({ to }) => to === address)
  const complete = (person: string, course: string, on: string) =>
    world.app.completions.recordMany(system, [
      {
        person,
        course,
        delivery: 'remote',
        on: day(on),
        version: { hash: 'v', label: '1' },
        evidence: { kind: 'register', id: `${person}-${on}` },
      },
    ])

  it('is told to the Member whose staff it is, in the morning, once, and names nobody', async () => {
    await look()
    expect(world.mail).to.have.length(0)
    // Tomos was due on Thursday the 5th; at one at night nobody is written to.
    world.clock.set('2026-03-06T01:00:00Z')
    await look()
    expect(world.mail).to.have.length(0)
    world.clock.set('2026-03-06T08:30:00Z')
    await look()
    const [mail, ...more] = mailTo('mair@parliament.example')
    expect(more).to.deep.equal([])
    expect(mail?.text)
      .to.include('One person has not completed what the rule for the staff of Members')
      .and.include('/compliance?standing=overdue')
      .and.not.include('Tomos')
    world.clock.set('2026-03-09T09:00:00Z')
    await look()
    expect(world.mail).to.have.length(1)
  })

  it('is told to the Commissioner where the rule says so', async () => {
    world.clock.set('2026-04-21T09:00:00Z')
    await look()
    const [mail] = mailTo('lords-commissioner@example.org')
    expect(mail?.text).to.include('three-month rule').and.include('training@example.org')
    expect(mail?.text).not.to.include('Rowan')
  })

  it('is told to the compliance team where there is nobody else, and to nobody once it is done', async () => {
    const people = `${smallParliament.people}sol,Sol Itary,sol@parliament.example,en\n`
    const offices = `${smallParliament.offices}solo,Office of One,both,department,,\n`
    const terms = `${smallParliament.terms}sol,staff,both,,solo,Keeper,2026-04-22,\n`
    await world.directory({ ...smallParliament, people, offices, terms })
    world.clock.set('2026-06-23T09:00:00Z')
    await look()
    expect(mailTo('training@example.org')).to.have.length(1)

    const later = `${terms}ada,staff,commons,,o-mair,Second post,2026-06-24,\nsol,staff,both,,team,Helper,2026-06-24,\n`
    await world.directory({ ...smallParliament, people, offices, terms: later })
    world.clock.set('2026-08-25T05:00:00Z')
    await look()
    await complete('sol', 'behaviour-code-staff', '2026-08-25')
    world.clock.set('2026-08-25T09:00:00Z')
    await look()
    expect(mailTo('nia@parliament.example')).to.have.length(0)
    expect(mailTo('training@example.org')).to.have.length(1)
  })
})
