import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { completeIn, exampleParliament, rowOf } from '../support/example-parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const system = systemActor('test')

describe('the domain’s examples, in lists over HTTP', () => {
  let world: World
  let coordinator: Visitor

  before(async () => {
    world = await createWorld('2020-10-20T10:00:00Z')
    await world.directory(exampleParliament)
    await world.account('clerk@parliament.example', undefined, { name: 'coordinator' })
    for (const id of ['a', 'b', 'c', 'two']) await world.account(`${id}@parliament.example`, id)
    await completeIn(world, 'early', 'lords-first-course', '2020-10-15', 'remote')
    coordinator = await world.signedIn('clerk@parliament.example')
  })
  after(() => world.close())

  it('3: complete from the day of attendance, and overdue as known until the register came', async () => {
    world.clock.set('2021-10-14T10:00:00Z')
    await completeIn(world, 'refuser', 'lords-first-course', '2021-10-12', 'face-to-face')
    world.clock.set('2021-10-20T10:00:00Z')
    coordinator = await world.signedIn('clerk@parliament.example')
    const at = (asAt: string, known: string) =>
      rowOf(coordinator, `/compliance?asAt=${asAt}&known=${known}&q=refuser`, 'Lord Refuser')
    expect(await at('2021-10-11', 'now')).to.include('Overdue')
    expect(await at('2021-10-12', 'now')).to.include('Complete')
    expect(await at('2021-10-13', 'then')).to.include('Overdue')
    expect(await at('2021-10-14', 'then')).to.include('Complete')
  })

  it('1, 2 and 4: on time, overdue until attendance, due with the month’s last day', async () => {
    world.clock.set('2022-06-01T10:00:00Z')
    coordinator = await world.signedIn('clerk@parliament.example')
    await completeIn(world, 'late', 'lords-first-course', '2021-07-01', 'face-to-face')
    const cases: [name: string, asAt: string, standing: string][] = [
      ['Lord Early', '2020-11-03', 'Complete'],
      ['Lord Early', '2022-05-24', 'Complete'],
      ['Baroness Late', '2021-04-01', 'Due'],
      ['Baroness Late', '2021-04-02', 'Overdue'],
      ['Baroness Late', '2021-06-30', 'Overdue'],
      ['Baroness Late', '2021-07-01', 'Complete'],
      ['Lord New', '2022-02-28', 'Due'],
      ['Lord New', '2022-03-01', 'Overdue'],
      ['Lord Away', '2021-04-02', 'Absent'],
    ]
    for (const [name, asAt, standing] of cases) {
      const found = await rowOf(
        coordinator,
        `/compliance?asAt=${asAt}&q=${name.split(' ')[1]}`,
        name,
      )
      expect(found, `${name} on ${asAt}`).to.match(new RegExp(`Peer.*${standing} `))
    }
  })

  it('5: as known then, and as known now', async () => {
    world.clock.set('2023-04-10T10:00:00Z')
    await world.app.decisions.propose(system, {
      person: 'away',
      duty: 'lords-training',
      relief: { kind: 'extension', until: day('2023-07-14') },
      reason: 'Asked before the date',
    })
    world.clock.set('2023-08-03T10:00:00Z')
    await completeIn(world, 'away', 'lords-seminar', '2023-08-01', 'face-to-face')
    coordinator = await world.signedIn('clerk@parliament.example')
    const at = (asAt: string, known: string) =>
      rowOf(coordinator, `/compliance?asAt=${asAt}&known=${known}&q=away`, 'Lord Away')
    expect(await at('2023-01-13', 'now')).to.include('Absent')
    expect(await at('2023-01-14', 'now'))
      .to.include('Due')
      .and.include('14 April 2023')
    expect(await at('2023-07-14', 'now'))
      .to.include('Due')
      .and.include('14 July 2023')
    expect(await at('2023-07-31', 'now')).to.include('Overdue')
    expect(await at('2023-08-02', 'now')).to.include('Complete')
    expect(await at('2023-08-02', 'then')).to.include('Overdue')
    const record = '/compliance/people/away?asAt=2023-08-02'
    expect((await coordinator.get(`${record}&known=then`)).words).to.include(
      'was due by the end of',
    )
    expect((await coordinator.get(record)).words).to.include(
      'face to face on Tuesday 1 August 2023',
    )
  })

  it('7 and 8: suspended is absent, and back with three months; a body’s date is nowhere', async () => {
    world.clock.set('2023-12-12T10:00:00Z')
    await completeIn(world, 'panel', 'behaviour-code', '2023-12-12', 'face-to-face')
    world.clock.set('2023-12-13T10:00:00Z')
    coordinator = await world.signedIn('clerk@parliament.example')
    const cases: [name: string, asAt: string, standing: string][] = [
      ['Lady Held', '2020-12-06', 'Due'],
      ['Lady Held', '2020-12-07', 'Absent'],
      ['Lady Held', '2022-09-01', 'Absent'],
      ['Lady Held', '2022-09-02', '2 December 2022'],
      ['Lady Held', '2022-12-03', 'Overdue'],
      ['Paul Panel', '2023-09-04', 'Expected'],
      ['Paul Panel', '2023-12-05', 'Expected'],
      ['Paul Panel', '2023-12-12', 'Complete'],
    ]
    for (const [name, asAt, standing] of cases) {
      const address = `/compliance?asAt=${asAt}&q=${name.split(' ')[1]}`
      expect(await rowOf(coordinator, address, name), `${name} on ${asAt}`).to.include(standing)
    }
  })

  it('6: two employers see the same completion, each on their own days', async () => {
    world.clock.set('2025-12-01T10:00:00Z')
    await completeIn(world, 'two', 'behaviour-code-staff', '2025-05-10', 'online')
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map((id) => world.signedIn(`${id}@parliament.example`)),
    )
    if (!a || !b || !c) throw new Error('nobody signed in')
    const on = (visitor: Visitor, asAt: string) =>
      rowOf(visitor, `/compliance?asAt=${asAt}`, 'Dylan Twoposts')
    expect(await on(a, '2025-05-09')).to.include('Overdue')
    expect(await on(a, '2025-06-01')).to.include('Complete')
    expect(await on(a, '2025-07-01')).to.equal('')
    expect(await on(b, '2025-05-09')).to.include('Due')
    expect(await on(b, '2025-12-01')).to.include('Complete')
    expect(await on(c, '2025-09-30')).to.equal('')
    expect(await on(c, '2025-10-01')).to.include('Complete')
  })
})
