import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { smallParliament } from '../support/parliament.js'
import { rounds } from '../support/property.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const asking = rounds(150, 500)
const places = 20
// Each with their own account and browser; signing in is made slow, so the others ask through a secretary.
const browsers = rounds(5, 60)

describe(`${asking} people asking at once, over HTTP, for the last ${places} places`, () => {
  let world: World
  let secretary: Visitor
  const own: Visitor[] = []
  const name = (n: number): string => `m${n}`

  before(async function () {
    this.timeout(rounds(60_000, 300_000))
    world = await createWorld('2026-03-02T10:00:00Z')
    const everybody = Array.from({ length: asking }, (_, n) => n)
    await world.directory({
      ...smallParliament,
      people:
        smallParliament.people +
        everybody.map((n) => `${name(n)},Member ${n},${name(n)}@rush.example,en\n`).join(''),
      terms:
        smallParliament.terms +
        everybody.map((n) => `${name(n)},staff,both,,dept,Clerk,2024-01-08,\n`).join(''),
    })
    await world.account('cora@example.org', undefined, { name: 'coordinator' })
    secretary = await world.signedIn('cora@example.org')
    for (let n = 0; n < browsers; n += 1) {
      await world.account(`${name(n)}@rush.example`, name(n))
      own.push(await world.signedIn(`${name(n)}@rush.example`))
    }
  })
  after(() => world.close())

  it('book exactly those, and everybody else waits in the order in which they asked', async function () {
    this.timeout(rounds(60_000, 300_000))
    const { planning, bookings } = world.app.training
    await world.app.training.accreditations.grant(systemActor('test'), {
      person: 'head',
      name: 'sexual-violence',
      from: day('2026-01-01'),
    })
    const { id } = await planning.plan(systemActor('test'), {
      course: 'behaviour-code',
      delivery: 'face-to-face',
      on: day('2026-03-20'),
      from: '10:00',
      to: '11:30',
      venue: 'Wilson Room',
      capacity: places,
      trainers: ['head'],
      invited: {},
      arrangements: [],
    })
    const path = `/training-sessions/${id}`
    await Promise.all([secretary.get(`${path}/others`), ...own.map((visitor) => visitor.get(path))])
    const answers = await Promise.all(
      Array.from({ length: asking }, (_, n) =>
        n < browsers
          ? (own[n] ?? secretary).send(`${path}/place`, {})
          : secretary.send(`${path}/place`, { person: name(n) }),
      ),
    )
    expect(new Set(answers.map((answer) => answer.status))).to.deep.equal(new Set([303]))
    const { connection } = world.app.database
    const kept = await connection
      .collection<{ _id: string; seats: { person: string; state: string }[] }>('training_sessions')
      .findOne({ _id: id })
    const seats = kept?.seats ?? []
    const states = seats.map(({ state }) => state)
    expect(new Set(seats.map(({ person }) => person)).size, 'each once').to.equal(asking)
    expect(states.slice(0, places)).to.deep.equal(Array(places).fill('booked'))
    expect(new Set(states.slice(places))).to.deep.equal(new Set(['waiting']))
    const next = seats.at(places)?.person ?? ''
    await bookings.giveUp(systemActor('test'), id, seats.at(3)?.person ?? '')
    const offered = [...(await bookings.of(seats.map(({ person }) => person)))]
      .filter(([, held]) => held.some(({ state }) => state === 'offered'))
      .map(([person]) => person)
    expect(offered, 'who asked first of those who wait').to.deep.equal([next])
  })
})
