import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

describe('two people who are not to be seated together', () => {
  let world: World
  let keeper: Visitor
  let sessions = 0

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    await world.account('leila@example.org', undefined, { name: 'safeguarding-officer' })
    await world.account('cora@example.org', undefined, { name: 'coordinator' })
    await world.account('ada@parliament.example', 'ada')
    await world.account('omar@parliament.example', 'clerk')
    await world.app.training.accreditations.grant(systemActor('test'), {
      person: 'head',
      name: 'sexual-violence',
      from: day('2026-01-01'),
    })
    keeper = await world.signedIn('leila@example.org')
  })
  after(() => world.close())

  async function session(): Promise<string> {
    const { id } = await world.app.training.planning.plan(systemActor('test'), {
      course: 'behaviour-code-staff',
      delivery: 'face-to-face',
      on: day(`2026-03-${10 + ++sessions}`),
      from: '10:00',
      to: '12:30',
      venue: 'Wilson Room',
      capacity: 12,
      trainers: ['head'],
      invited: {},
      arrangements: [],
    })
    return id
  }
  const ask = async (id: string, person: string) =>
    (await world.app.training.bookings.ask(systemActor('test'), id, person)).state

  it('is written by a safeguarding officer, and is nowhere for anybody else', async () => {
    const empty = await keeper.get('/safeguarding')
    expect(empty.words).to.include('Nobody is kept apart')
    const pair = { protected: 'ada@parliament.example', other: 'clerk' }
    const kept = await keeper.post('/safeguarding', pair)
    expect(kept.words).to.include('Ada Linnet').and.to.include('Omar Teasel')
    for (const email of ['cora@example.org', 'ada@parliament.example', 'omar@parliament.example']) {
      const other = await world.signedIn(email)
      expect((await other.get('/safeguarding')).status, email).to.equal(404)
      expect((await other.send('/safeguarding', pair)).status, email).to.equal(404)
    }
  })

  it('says what is wrong beside what was typed', async () => {
    await keeper.get('/safeguarding')
    const unknown = await keeper.send('/safeguarding', { protected: 'ada', other: 'no-one' })
    expect(unknown.status).to.equal(400)
    expect(unknown.words).to.include('The directory knows nobody')
    expect(unknown.$('#protected').attr('value')).to.equal('ada')
    const same = await keeper.send('/safeguarding', { protected: 'ada', other: 'ada' })
    expect(same.words).to.include('one and the same person')
  })

  it('gives the other the ordinary answer of a session that is full', async () => {
    const id = await session()
    expect(await ask(id, 'ada')).to.equal('booked')
    expect(await ask(id, 'clerk')).to.equal('waiting')
  })

  it('keeps the place of the protected person, also when they come second', async () => {
    const id = await session()
    expect(await ask(id, 'clerk')).to.equal('booked')
    expect(await ask(id, 'ada')).to.equal('booked')
    const places = await world.app.training.bookings.of(['clerk'])
    const own = (places.get('clerk') ?? []).find((place) => place.session === id)
    expect(own?.state).to.equal('waiting')
  })

  it('lies in the database as nothing that can be read', async () => {
    const { connection } = world.app.database
    for (const { name } of await connection.listCollections()) {
      if (!name.startsWith('sealed')) continue
      for await (const document of connection.collection(name).find()) {
        expect(JSON.stringify(document)).not.to.match(/ada|clerk|apart/)
      }
    }
  })

  /** What a register says to whoever sends it, without the addresses that differ in every file. */
  async function sent(id: string, people: readonly string[]): Promise<string[]> {
    const rows = people.map((person) => `${id},${person},attended`)
    const bytes = Buffer.from(['session,person,attendance', ...rows].join('\n'))
    const { uploads } = world.app.training
    const upload = await uploads.rehearse(systemActor('test'), { name: 'r.csv', bytes })
    const shown = await uploads.rows(systemActor('test'), upload.id, { from: 0, size: 10 })
    await uploads.confirm(systemActor('test'), upload.id, 'good')
    return shown.map(({ judged }) => `${judged?.verdict ?? ''} ${judged?.say.key ?? ''}`)
  }

  it('are answered like anybody who comes without a place, in a register sent while it goes on', async () => {
    const id = await session()
    await ask(id, 'ada')
    world.clock.set(`2026-03-${10 + sessions}T11:00:00Z`)
    expect(await sent(id, ['ada', 'clerk', 'rowan'])).to.deep.equal([
      'matched register.row.will-be.attended',
      'faulty place.full',
      'matched register.row.will-be.attended',
    ])
  })

  it('were there if a register says so afterwards, and only the officer hears of it', async () => {
    const id = await session()
    await ask(id, 'ada')
    world.clock.set(`2026-03-${10 + sessions}T15:00:00Z`)
    keeper = await world.signedIn('leila@example.org')
    const before = await keeper.get('/safeguarding')
    expect(before.words).not.to.include('Both are recorded')
    const other = await session()
    await ask(other, 'rowan')
    world.clock.set(`2026-03-${10 + sessions}T15:00:00Z`)
    expect(await sent(id, ['ada', 'clerk']), 'as any two').to.deep.equal(
      await sent(other, ['rowan', 'clerk']),
    )
    keeper = await world.signedIn('leila@example.org')
    const shown = await keeper.get('/safeguarding')
    expect(shown.words).to.include('Both are recorded as having been there')
    world.mail.length = 0
    await world.app.watchPairs()
    await world.app.watchPairs()
    const told = world.mail.map(({ to, subject, text }) => ({ to, words: `${subject} ${text}` }))
    expect(told.map(({ to }) => to)).to.deep.equal(['leila@example.org'])
    expect(told[0]?.words).not.to.match(/Ada|Omar|apart|seat/)
  })

  it('ends when the officer says so, and stays in the history', async () => {
    const shown = await keeper.get('/safeguarding')
    const end = shown.$('form[action$="/end"]').attr('action') ?? ''
    const ended = await keeper.post(end, {})
    expect(ended.words).to.include('Ada Linnet').and.not.to.include('They may meet again')
    const id = await session()
    await ask(id, 'ada')
    expect(await ask(id, 'clerk')).to.equal('booked')
  })
})
