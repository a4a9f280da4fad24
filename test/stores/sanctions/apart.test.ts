import { expect } from 'chai'
import { seededRandom } from '../../../src/random.js'
import { eachWithPlane } from '../../support/sealed-database.js'
import {
  commissioner,
  decided,
  done,
  keyActor,
  panel,
  sealedPlane,
} from '../../support/sealed-plane.js'

const key = keyActor(panel)

describe('the two planes', () => {
  const plane = eachWithPlane()

  /** A whole life, bespoke training included. */
  async function live(world: ReturnType<typeof plane>): Promise<void> {
    const { sanctions, clock, tom } = world
    await sanctions.impose(
      key,
      decided({ noticeTo: commissioner, restriction: { state: 'active' } }),
    )
    await sanctions.impose(
      key,
      decided({ reference: 'B', training: { course: undefined, bespoke: true } }),
    )
    const { state } = await sanctions.planTraining(
      key,
      { reference: 'B' },
      {
        trainer: 'trainer-tom',
        delivery: 'face-to-face',
        on: '2023-12-05',
        start: '10:00',
        end: '12:00',
        place: 'Room 4',
        aims: 'Aims',
        readableUntil: '2023-12-31',
      },
    )
    clock.set('2023-12-06T10:00:00Z')
    await sanctions.scanDueDates()
    await world.complete(done('2023-12-05'))
    await sanctions.markTraining(tom, state.sessions[0]!.id, 'attended')
    await sanctions.reconcile()
    await sanctions.deliver()
  }

  it('share no collection but the leases, which every process takes anyhow', async () => {
    const { connection, leases } = plane.server().database
    await live(sealedPlane({ store: plane().store, leases, keysDir: plane().keysDir }))
    const names = (await connection.db!.listCollections().toArray()).map(({ name }) => name)
    const filled: string[] = []
    for (const name of names) {
      if ((await connection.collection(name).countDocuments()) > 0) filled.push(name)
    }
    expect(filled.sort()).to.deep.equal(['leases', 'sealed', 'sealed_parts'])
  })

  it('share no chance: ordinary values are the same with and without an outcome', async () => {
    const values = async (lives: boolean): Promise<string[]> => {
      await plane.clear()
      const random = seededRandom('world')
      const before = [random.id(), random.id()]
      const world = sealedPlane({ store: plane().store, random, keysDir: plane().keysDir })
      if (lives) await live(world)
      else await world.sanctions.consider([done('2023-12-05')])
      return [...before, random.id(), random.stream('leases').id(), String(random.below(1000))]
    }
    expect(await values(true)).to.deep.equal(await values(false))
  })

  it('write nothing while nothing is there to do', async () => {
    let taken = 0
    const leases = {
      hold: () => {
        taken += 1
        return Promise.resolve(undefined)
      },
    }
    const { sanctions } = sealedPlane({ store: plane().store, leases, keysDir: plane().keysDir })
    await sanctions.deliver()
    await sanctions.consider([done('2023-12-05')])
    expect(taken).to.equal(0)
    expect(await plane.dump()).to.deep.equal([])
  })
})
