import { expect } from 'chai'
import { rounds } from '../../support/property.js'
import {
  actorFor,
  coordinator,
  createHouse,
  peopleFiles,
  trainer,
  type House,
} from '../../support/training.js'

const [ann, ben, cai, dee] = ['ann', 'ben', 'cai', 'dee'].map((person) => actorFor(person)) as [
  ReturnType<typeof actorFor>,
  ReturnType<typeof actorFor>,
  ReturnType<typeof actorFor>,
  ReturnType<typeof actorFor>,
]

describe('a place in a training session', () => {
  let house: House
  beforeEach(async () => {
    house = await createHouse()
  })
  afterEach(() => house.close())

  const stateOf = async (person: string, session: string) =>
    (await house.training.bookings.of([person])).get(person)?.find((one) => one.session === session)
      ?.state

  it('is given while there is room, and waited for when there is none', async () => {
    const { id } = await house.planned({ capacity: 1 })
    const { bookings } = house.training
    expect(await bookings.ask(ann, id, 'ann')).to.deep.equal({
      session: id,
      person: 'ann',
      state: 'booked',
    })
    expect(await bookings.ask(ben, id, 'ben')).to.deep.equal({
      session: id,
      person: 'ben',
      state: 'waiting',
    })
    expect((await bookings.ask(ben, id, 'ben')).state, 'asked twice').to.equal('waiting')
  })

  it('that comes free is offered to whoever is next, held, and then to the one after', async () => {
    const { id } = await house.planned({ capacity: 1, on: '2026-03-20' as never })
    const { bookings } = house.training
    for (const actor of [ann, ben, cai, dee]) await bookings.ask(actor, id, actor.person ?? '')
    await bookings.giveUp(ann, id, 'ann')
    expect(await stateOf('ben', id)).to.equal('offered')
    expect(await stateOf('cai', id)).to.equal('waiting')
    house.clock.set('2026-03-04T09:00:01Z')
    await house.training.tend()
    expect(await stateOf('ben', id), 'lapsed').to.equal(undefined)
    expect(await stateOf('cai', id)).to.equal('offered')
    expect((await bookings.accept(cai, id, 'cai')).state).to.equal('booked')
    expect(await stateOf('dee', id)).to.equal('waiting')
  })

  it('is told with an entry for the calendar, its update and its end', async () => {
    const { id } = await house.planned({ capacity: 1 })
    const { bookings, planning } = house.training
    await bookings.ask(ann, id, 'ann')
    await bookings.ask(ben, id, 'ben')
    await planning.change(trainer, id, { from: '14:00', to: '15:30' })
    await planning.cancel(trainer, id, 'The trainer is ill.')
    const own = house.told.filter(({ person }) => person === 'ann')
    expect(own.map(({ subject }) => subject.key)).to.deep.equal([
      'place.mail.subject.booked',
      'place.mail.subject.changed',
      'place.mail.subject.cancelled',
    ])
    const calendars = own.map(({ calendar }) => calendar?.content ?? '')
    expect(calendars[0]).to.include('METHOD:REQUEST').and.include('DTSTART:20260303T100000Z')
    expect(calendars[1]).to.include('METHOD:REQUEST').and.include('DTSTART:20260303T140000Z')
    expect(calendars[2]).to.include('METHOD:CANCEL').and.include('STATUS:CANCELLED')
    const uid = /UID:(.*)/.exec(calendars[0] ?? '')?.[1] ?? ''
    const sequences = calendars.map((text) => Number(/SEQUENCE:(\d+)/.exec(text)?.[1]))
    for (const text of calendars) expect(text).to.include(uid)
    expect(sequences).to.deep.equal(sequences.toSorted((a, b) => a - b))
    expect(new Set(sequences).size).to.equal(3)
    const others = house.told.filter(({ person }) => person === 'ben')
    expect(others.map(({ subject }) => subject.key)).to.deep.equal([
      'place.mail.subject.waiting',
      'place.mail.subject.cancelled',
    ])
    expect(others.every(({ calendar }) => calendar === undefined)).to.equal(true)
  })

  it('is still wanted only as long as it is as the message says', async () => {
    const { id } = await house.planned()
    const { bookings } = house.training
    await bookings.ask(ann, id, 'ann')
    const about = house.told[0]?.while?.about ?? ''
    expect(await bookings.isCurrent(about)).to.equal(true)
    await bookings.giveUp(ann, id, 'ann')
    expect(await bookings.isCurrent(about)).to.equal(false)
  })

  it('is asked for by a manager, but not by a stranger', async () => {
    await house.directory({ managers: 'office,person,from,to\nhr,dee,2020-01-01,' })
    const { id } = await house.planned()
    const { bookings } = house.training
    expect((await bookings.ask(dee, id, 'ann')).state).to.equal('booked')
    const refused = await bookings.ask(ben, id, 'cai').catch((error: unknown) => error)
    expect(refused).to.include({ kind: 'refused' })
  })

  it('is not given to whoever is not invited, gives the training session, or comes too late', async () => {
    const { bookings } = house.training
    const forPeers = await house.planned({
      invited: { kinds: ['peer'] },
      from: '13:00',
      to: '14:00',
    })
    const { id } = await house.planned()
    const tess = actorFor('tess')
    for (const [actor, session, kind] of [
      [ann, forPeers.id, 'refused'],
      [tess, id, 'refused'],
      [ann, 'no-such-session', 'not-found'],
    ] as const) {
      const error = await bookings.ask(actor, session, actor.person ?? '').catch((e: unknown) => e)
      expect(error).to.include({ kind })
    }
    house.clock.set('2026-03-03T10:00:00Z')
    const late = await bookings.ask(ann, id, 'ann').catch((error: unknown) => error)
    expect(late).to.include({ kind: 'conflict' })
  })

  it('goes back to the waiting list when there are fewer places, the latest first', async () => {
    const { id } = await house.planned({ capacity: 3 })
    const { bookings, planning } = house.training
    for (const actor of [ann, ben, cai]) await bookings.ask(actor, id, actor.person ?? '')
    await planning.change(coordinator, id, { capacity: 1 })
    expect(await stateOf('ann', id)).to.equal('booked')
    expect(await stateOf('ben', id)).to.equal('waiting')
    await planning.change(coordinator, id, { capacity: 2 })
    expect(await stateOf('ben', id)).to.equal('offered')
    expect(await stateOf('cai', id)).to.equal('waiting')
  })

  it('is given to exactly twenty of the many who ask at once, and the rest wait in order', async () => {
    const count = rounds(120, 500)
    const many = Array.from({ length: count }, (_, n) => [`p${n}`, `Person Number${n}`] as const)
    await house.directory(peopleFiles(many))
    const { id } = await house.planned({ capacity: 20 })
    const places = await Promise.all(
      many.map(([person]) => house.training.bookings.ask(actorFor(person), id, person)),
    )
    expect(places.filter(({ state }) => state === 'booked')).to.have.length(20)
    expect(places.filter(({ state }) => state === 'waiting')).to.have.length(count - 20)
    const seats = await house.database.connection
      .collection<{ seats: { person: string; state: string }[] }>('training_sessions')
      .findOne({ _id: id as never })
    const states = seats?.seats.map(({ state }) => state) ?? []
    expect(states.slice(0, 20).every((state) => state === 'booked')).to.equal(true)
    expect(states.slice(20).every((state) => state === 'waiting')).to.equal(true)
    expect(new Set(seats?.seats.map(({ person }) => person)).size).to.equal(count)
    const [first, second] = seats?.seats.slice(20).map(({ person }) => person) ?? []
    await house.training.bookings.giveUp(
      actorFor(seats?.seats[3]?.person ?? ''),
      id,
      seats?.seats[3]?.person ?? '',
    )
    expect(await stateOf(first ?? '', id)).to.equal('offered')
    expect(await stateOf(second ?? '', id)).to.equal('waiting')
  }).timeout(60_000)
})
