import { expect } from 'chai'
import fc from 'fast-check'
import { keyOf, type Fact } from '../../../src/learning/facts.js'
import type { Attempt, Request } from '../../../src/learning/learning.js'
import { createClassroom, learner, type Classroom } from '../../support/classroom.js'
import { nextRequest } from '../../support/learning.js'
import { anyRequest, whatIsMissing } from '../../support/learning-oracle.js'
import { property } from '../../support/property.js'

const course = 'test-course'

/** What is sent: in turn, out of turn, again, from a page that was left open, at the same moment. */
const moves = fc.array(
  fc.record({
    how: fc.constantFrom('next', 'next', 'next', 'next', 'wrong', 'nonsense', 'again', 'stale'),
    pick: fc.nat(100_000),
    device: fc.nat(1),
    together: fc.boolean(),
  }),
  { minLength: 25, maxLength: 60 },
)

describe('through the door, on a real database', () => {
  let rooms: readonly Classroom[]
  before(async () => {
    const room = await createClassroom()
    rooms = [room, await room.anotherProcess()]
  })
  after(() => rooms[0]!.close())

  it('nobody completes a course without every needed step having happened, whatever is sent', async () => {
    let [people, completed] = [0, 0]
    await fc.assert(
      fc.asyncProperty(moves, async (sequence) => {
        const who = learner(`learner-${people++}`)
        const begun = await rooms[0]!.learning.begin(who, course, 0)
        const seen: Attempt[] = [begun.attempt]
        const sent: Request[] = []
        let waiting: Promise<unknown>[] = []
        for (const { how, pick, device, together } of sequence) {
          const { learning } = rooms[device]!
          const now = how === 'stale' ? seen[pick % seen.length]! : seen.at(-1)!
          const request =
            how === 'nonsense'
              ? anyRequest(pick, begun.attempt.id)
              : how === 'again'
                ? (sent[pick % Math.max(1, sent.length)] ?? anyRequest(pick, begun.attempt.id))
                : (nextRequest(now, pick, how === 'wrong') ?? anyRequest(pick, begun.attempt.id))
          sent.push(request)
          waiting.push(learning.submit(who, course, request))
          if (together) continue
          await Promise.all(waiting)
          waiting = []
          seen.push((await learning.open(who, course)).attempt)
        }
        await Promise.all(waiting)
        const place = await rooms[0]!.learning.open(who, course)
        const facts: readonly Fact[] = place.attempt.facts
        const done = (await rooms[0]!.completions.of([who.person!])).get(who.person!) ?? []
        const missing = whatIsMissing(place.attempt.learner, facts)
        expect(done.length).to.equal(missing.length === 0 ? 1 : 0)
        expect(place.progress.complete).to.equal(missing.length === 0)
        expect(new Set(facts.map(keyOf)).size).to.equal(facts.length)
        completed += done.length
      }),
      property(20, 1000),
    )
    expect(completed, 'some must get to the end, or this tests nothing').to.be.greaterThan(0)
  })
})
