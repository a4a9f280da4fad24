import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

describe('what else is known of who was there', () => {
  let world: World
  let trainer: Visitor
  let address: string

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    await world.account('nia@parliament.example', 'head', { name: 'trainer' })
    const { planning, bookings, registers } = world.app.training
    const system = systemActor('test')
    const { id } = await planning.plan(system, {
      course: 'raising-a-concern',
      delivery: 'remote',
      on: day('2026-03-03'),
      from: '10:00',
      to: '11:30',
      link: 'https://video.example/1',
      capacity: 20,
      trainers: ['head'],
      invited: {},
      arrangements: [],
    })
    for (const person of ['mair', 'tomos', 'ada']) await bookings.ask(system, id, person)
    world.clock.set('2026-03-03T12:00:00Z')
    for (const person of ['mair', 'tomos', 'ada']) {
      await registers.mark(system, id, person, { attendance: 'attended' })
    }
    address = `/training-sessions/${id}/register`
    trainer = await world.signedIn('nia@parliament.example')
  })
  after(() => world.close())

  const log = [
    'Name,Join time,Leave time,Email',
    'Mair Larkspur,03/03/2026 10:00,03/03/2026 11:30,mair@parliament.example',
    'iPhone,03/03/2026 10:00,03/03/2026 10:40,',
    'iPhone,03/03/2026 10:50,03/03/2026 11:30,',
  ].join('\n')

  it('is compared with the log of the call, in which people can be named', async () => {
    await trainer.get(address)
    const read = await trainer.upload(`${address}/log`, 'file', { 'log.csv': log })
    expect(read.words).to.include('Who was “iPhone”?')
    const fields = {
      name: read.$('input[name="name"]').attr('value') ?? '',
      log: read.$('input[name="log"]').attr('value') ?? '',
    }
    const who = read.$('input[name^="who-"]')
    expect(who, 'asked once').to.have.length(1)
    const field = who.attr('name') ?? ''
    const wrong = await trainer.send(`${address}/log/named`, { ...fields, [field]: 'Nobody Known' })
    expect(wrong.status).to.equal(400)
    expect(wrong.words).to.include('Write their e-mail address.')
    const named = { ...fields, [field]: 'tomos@parliament.example' }
    const compared = await trainer.send(`${address}/log/named`, named)
    expect(compared.words).not.to.include('Who was “iPhone”?')
    const tasks = compared.$('#compared ~ ul').first().text().replaceAll(/\s+/g, ' ')
    expect(tasks).to.include('Ada Linnet: the log of the call says that they were not there')
    expect(tasks).not.to.include('Tomos Wren')
  })

  it('is compared with the list on paper, and locks when all of it is settled', async () => {
    await trainer.get(address)
    const page = await trainer.post(`${address}/paper`, {
      present: 'mair',
      others: 'Lord Rowan\n',
    })
    const tasks = page.$('#compared ~ ul').first().text().replaceAll(/\s+/g, ' ')
    expect(tasks).to.include('Tomos Wren: the paper list says that they were not there')
    expect(tasks).to.include('Lord Rowan: the paper list says that they were there')
    expect(page.$('#person-rowan'), 'whoever only the list has can be marked').to.have.length(1)
    await trainer.post(`${address}/sign`, {})
    const early = await trainer.send(`${address}/lock`, {})
    expect(early.status).to.equal(409)
    world.clock.set('2026-03-03T12:30:00Z')
    const reason = 'Looked into with the list in hand.'
    const settled = { ada: 'absent', tomos: 'attended', rowan: 'attended' }
    for (const [person, attendance] of Object.entries(settled)) {
      await trainer.post(`${address}/amend`, { person, attendance, reason })
    }
    const locked = await trainer.post(`${address}/lock`, {})
    expect(locked.words).to.include('Locked by Nia Kestrelow')
  })
})
