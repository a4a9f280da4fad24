import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { loading } from '../../../src/from-source.js'
import { testServer } from '../../support/database.js'
import { rounds } from '../../support/property.js'
import { createHouse, peopleFiles, system, trainer, type House } from '../../support/training.js'

const many = Array.from({ length: 700 }, (_, n) => [`p${n}`, `Person Number${n}`] as const)
const day = 'behaviour-code,2026-02-24,10:00,Room 1,face-to-face'
const register = Buffer.from(
  [
    'course,date,start,venue,delivery,person,attendance',
    ...many.map(([id], n) => `${day},${id},${n % 5 === 0 ? 'absent' : 'attended'}`),
  ].join('\n'),
)

describe('kill -9 while a register is being recorded', () => {
  let house: House
  beforeEach(async () => {
    house = await createHouse({ readHere: true })
    await house.directory(peopleFiles([['tess', 'Tess Trainer'], ...many]))
  })
  afterEach(() => house.close())

  it('ends as if nobody had done so', async function () {
    this.timeout(300_000)
    const { uri } = await testServer()
    for (let round = 0; round < rounds(1, 12); round += 1) {
      const { uploads } = house.training
      const { id } = await uploads.rehearse(trainer, { name: `r${round}`, bytes: register })
      const child = fork(
        new URL('../../support/committing-child.ts', import.meta.url),
        [uri, house.database.address.name, id],
        { execArgv: loading },
      )
      await once(child, 'message')
      // Somewhere between the first look at the rows and the last completion.
      while ((await uploads.get(system, id)).state === 'rehearsed') await pause(10)
      await pause((round * 130) % 900)
      child.kill('SIGKILL')
      await once(child, 'exit')

      house.clock.set(`2026-03-02T09:${String(10 + round)}:00Z`)
      while ((await house.training.tend()) > 0) await pause(10)
      expect((await uploads.get(system, id)).state).to.equal('done')
      const people = many.map(([person]) => person)
      const completions = await house.completions.of(people)
      const expected = many.flatMap(([person], n) => (n % 5 === 0 ? [] : [person]))
      const recorded = [...completions].flatMap(([person, own]) => own.map(() => person))
      expect(recorded.sort(), 'each completion once').to.deep.equal(expected.sort())
      await uploads.undo(trainer, id, 'Next round.')
      expect([...(await house.completions.of(people)).values()].flat()).to.deep.equal([])
    }
  })
})
