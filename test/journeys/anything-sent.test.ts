import { expect } from 'chai'
import fc from 'fast-check'
import { personOf } from '../../src/actor.js'
import { fillIn, type Filled } from '../support/course-taker.js'
import { whatIsMissing } from '../support/learning-oracle.js'
import { testCourse } from '../support/learning.js'
import { smallParliament } from '../support/parliament.js'
import { property, rounds } from '../support/property.js'
import { createWorld, type World } from '../support/world.js'

const course = '/training/test-course'

/** What a browser does next: as the page asks, wrongly, again, out of turn, with a field changed, back and forth. */
const moves = fc.array(
  fc.record({
    how: fc.constantFrom(
      'next',
      'next',
      'next',
      'next',
      'wrong',
      'again',
      'elsewhere',
      'changed',
      'begin',
    ),
    pick: fc.nat(100_000),
    together: fc.boolean(),
  }),
  { minLength: 55, maxLength: 65 },
)

describe('over HTTP, whatever is sent in whatever order', () => {
  let world: World
  let people = 0
  // Somebody new for each round.
  before(async () => {
    // Far ahead: a database takes away invitations whose day is past, by its own clock, within a minute.
    world = await createWorld('2040-03-02T10:00:00Z')
    const count = rounds(5, 300)
    const names = Array.from({ length: count }, (_, at) => `learner-${at}`)
    const rows = names.map((name) => `${name},${name},${name}@parliament.example,en\n`).join('')
    await world.directory({ ...smallParliament, people: smallParliament.people + rows })
    for (const name of names) await world.account(`${name}@parliament.example`, name)
  })
  after(() => world.close())

  it('nobody completes a course without every needed step, and nobody is answered with an error', async function () {
    this.timeout(rounds(90_000, 3_600_000))
    let completed = 0
    await fc.assert(
      fc.asyncProperty(moves, async (sequence) => {
        const person = `learner-${people++ % rounds(5, 300)}`
        const visitor = await world.signedIn(`${person}@parliament.example`)
        const actor = { kind: 'person', account: person, person, roles: [] } as const
        const place = () => world.app.learning.open(actor, 'test-course')
        await visitor.get(course)
        await visitor.post(course, { after: String((await place()).number) })
        const sent: Filled[] = []
        let waiting: Promise<unknown>[] = []
        const send = async ({ path, fields }: Filled) => {
          const { status } = await visitor.send(path, fields)
          expect(status, `${path} ${JSON.stringify(fields)}`).to.be.oneOf([303, 400, 404, 409])
        }
        for (const { how, pick, together } of sequence) {
          const { progress } = await place()
          const { step } =
            how === 'elsewhere'
              ? progress.steps[pick % progress.steps.length]!
              : { step: progress.next ?? testCourse.steps[0]! }
          const page = await visitor.get(`${course}/${step.id}?go=1`)
          const filled = fillIn(page, how === 'wrong')
          const request =
            how === 'begin'
              ? { path: course, fields: [['after', String(pick % 3)]] as [string, string][] }
              : how === 'again'
                ? sent[pick % Math.max(1, sent.length)]
                : how === 'changed' && filled
                  ? changed(filled, pick)
                  : filled
          if (!request) continue
          sent.push(request)
          waiting.push(send(request))
          if (together) continue
          await Promise.all(waiting)
          waiting = []
        }
        await Promise.all(waiting)
        const { attempt, endedAt } = await place()
        const done = (await world.app.completions.of([personOf(actor)!])).get(person) ?? []
        const missing = whatIsMissing(attempt.learner, attempt.facts)
        if (endedAt) expect(missing).to.deep.equal([])
        if (missing.length > 0) expect(endedAt).to.equal(undefined)
        expect(new Set(done.map(({ evidence }) => JSON.stringify(evidence))).size).to.equal(
          done.length,
        )
        completed += done.length
      }),
      property(5, 300),
    )
    expect(completed, 'some must get to the end, or this tests nothing').to.be.greaterThan(0)
  })
})

/** A form in which one field says something else: a step, an attempt, a question, an answer. */
function changed({ path, fields }: Filled, pick: number): Filled {
  const to = ['', 'nonsense', 'read', 'four', '7', '$ne', '__proto__', 'x'.repeat(3000)]
  const other = to[pick % to.length] ?? ''
  const at = pick % Math.max(1, fields.length)
  return {
    path,
    fields: fields.map(([name, value], index) => [name, index === at ? other : value]),
  }
}
