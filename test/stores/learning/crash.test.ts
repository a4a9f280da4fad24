import { expect } from 'chai'
import { createClassroom, learner, type Classroom } from '../../support/classroom.js'

const course = 'test-course'

/** Where the process stops while it makes a completion of what was answered. */
const crashes: [says: string, options: Parameters<typeof createClassroom>[0]][] = [
  [
    'after the last answer was saved',
    { recordMany: () => () => Promise.reject(new Error('killed')) },
  ],
  [
    'after the completion was recorded',
    {
      recordMany: (real) => async (actor, completed) => {
        await real(actor, completed)
        throw new Error('killed')
      },
    },
  ],
]

describe('a crash', () => {
  for (const [says, options] of crashes) {
    it(`${says} leaves nothing half done once somebody resumes`, async () => {
      const room = await createClassroom(options)
      const after = await room.anotherProcess({ recordMany: (real) => real })
      try {
        await expectSameEnd(room, after)
      } finally {
        await room.close()
      }
    })
  }
})

async function expectSameEnd(room: Classroom, after: Classroom): Promise<void> {
  const [mair, gwyn] = [learner('mair'), learner('gwyn')]
  for (const who of [mair, gwyn]) await room.learning.begin(who, course, 0)
  await room.goOn(gwyn, course, 5)
  room.clock.set('2026-11-25T23:30:00Z')
  const killed = await room.goOn(mair, course).catch((error: unknown) => error)
  expect(killed).to.deep.include({ message: 'killed' })

  after.clock.set('2026-11-26T06:00:00Z')
  expect(await after.learning.resume()).to.equal(1)
  expect(await after.learning.resume()).to.equal(0)
  const place = await after.learning.open(mair, course)
  const [completion, ...more] = await after.completed()
  expect(more).to.deep.equal([])
  expect(completion).to.deep.include({ person: 'mair', on: '2026-11-25' })
  expect(completion).to.have.deep.property('by', { ...mair, roles: [] })
  expect(place.endedAt).to.be.instanceOf(Date)
  expect((await after.learning.open(gwyn, course)).endedAt).to.equal(undefined)
}
