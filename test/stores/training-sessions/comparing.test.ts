import { expect } from 'chai'
import type { DomainError } from '../../../src/errors.js'
import { actorFor, coordinator, createHouse, trainer, type House } from '../../support/training.js'

describe('a register and what else is known of who was there', () => {
  let house: House
  let session: string
  beforeEach(async () => {
    house = await createHouse({ readHere: true })
    session = (
      await house.planned({ delivery: 'remote', link: 'https://video.example/1', verified: true })
    ).id
    for (const person of ['ann', 'ben']) {
      await house.training.bookings.ask(actorFor(person), session, person)
    }
    house.clock.set('2026-03-03T12:00:00Z')
    const { registers } = house.training
    await registers.mark(trainer, session, 'ann', { attendance: 'attended' })
    await registers.mark(trainer, session, 'ben', { attendance: 'attended' })
  })
  afterEach(() => house.close())

  const refusalOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) => (error as DomainError).say.key,
    )

  it('must agree with the log of the call before it locks', async () => {
    const { registers, comparing } = house.training
    const log = [
      'Name,Join time,Leave time,Email',
      'Ann Appletree,03/03/2026 10:00:00,03/03/2026 11:30:00,ann@example.org',
      'Ben Birchall,03/03/2026 10:00:00,03/03/2026 10:20:00,ben@example.org',
      'iPhone,03/03/2026 10:00:00,03/03/2026 11:00:00,',
    ].join('\n')
    const read = await comparing.callLog(trainer, session, {
      name: 'log.csv',
      bytes: Buffer.from(log),
    })
    expect(read.matched).to.equal(2)
    expect(read.unknown.map(({ name }) => name)).to.deep.equal(['iPhone'])
    const { disagreements } = await registers.sheet(trainer, session)
    expect(disagreements.map(({ person, minutes }) => [person, minutes])).to.deep.equal([
      ['ben', 20],
    ])
    await registers.sign(trainer, session)
    expect(await refusalOf(registers.lock(trainer, session))).to.equal('register.disagreements')
    const part = { attendance: 'part', minutes: 20 } as const
    house.clock.set('2026-03-03T12:05:00Z')
    await registers.amend(trainer, session, 'ben', part, 'Left early, as the log says.')
    expect(await refusalOf(registers.lock(trainer, session))).to.equal('register.not-verified')
    expect(await refusalOf(registers.verify(trainer, session))).to.equal('register.second-person')
    await registers.verify({ ...coordinator }, session)
    await registers.lock(trainer, session)
    expect((await registers.sheet(trainer, session)).session.register.locked?.sha256).to.match(
      /^[0-9a-f]{64}$/,
    )
    expect(await house.completed('ann')).to.deep.equal(['behaviour-code remote 2026-03-03'])
    expect(await house.completed('ben')).to.deep.equal([])
    const { lines } = await registers.sheet(trainer, session)
    const ben = lines.find(({ person }) => person === 'ben')
    expect(ben?.history.map(({ attendance }) => attendance)).to.deep.equal(['attended', 'part'])
  })
})
