import { expect } from 'chai'
import fc from 'fast-check'
import { consider, type Request } from '../../../src/learning/consider.js'
import { keyOf, placeOf, type Fact } from '../../../src/learning/facts.js'
import { progress, type Attempt } from '../../../src/learning/progress.js'
import { anyRequest, whatIsMissing } from '../../support/learning-oracle.js'
import { attempt, nextRequest, testCourse } from '../../support/learning.js'
import { property } from '../../support/property.js'

/** Saves as the store will: one fact for a key, one holder for a place, the rest kept beside. */
function save(state: Attempt, fact: Fact): Attempt {
  if (state.facts.some((one) => keyOf(one) === keyOf(fact))) return state
  const place = placeOf(fact)
  const taken = place !== undefined && state.facts.some((one) => placeOf(one) === place)
  const saved = taken ? ({ ...fact, again: true } as Fact) : fact
  return { ...state, facts: [...state.facts, saved] }
}

const learners = fc.record({
  audience: fc.constantFrom(...testCourse.audiences),
  quiet: fc.boolean(),
  under18: fc.boolean(),
  mayShorten: fc.constant(false),
})

/** How each request is made: in turn, out of turn, again, from a page that was left open. */
const moves = fc.array(
  fc.record({
    how: fc.constantFrom('next', 'next', 'next', 'next', 'wrong', 'nonsense', 'again', 'stale'),
    pick: fc.nat(100_000),
  }),
  { minLength: 40, maxLength: 90 },
)

describe('nobody completes a course', () => {
  it('without every needed step having happened, whatever is sent', () => {
    let completed = 0
    fc.assert(
      fc.property(learners, moves, fc.string(), (learner, sequence, seed) => {
        let state: Attempt = { ...attempt(learner), seed }
        let stands = progress(state)
        const past = [{ state, stands }]
        const sent: Request[] = []
        for (const { how, pick } of sequence) {
          const seen = how === 'stale' ? past[pick % past.length]! : { state, stands }
          const request =
            how === 'nonsense'
              ? anyRequest(pick, state.id)
              : how === 'again'
                ? (sent[pick % Math.max(1, sent.length)] ?? anyRequest(pick, state.id))
                : (nextRequest(seen.state, pick, how === 'wrong', seen.stands) ??
                  anyRequest(pick, state.id))
          sent.push(request)
          const outcome = consider(seen.state, request, new Date(past.length * 1000))
          const saved = 'refused' in outcome ? state : save(state, outcome.fact)
          // Where nothing was saved there is nothing new to look at.
          if (saved !== state) {
            const before = stands
            state = saved
            stands = progress(state)
            if (stands.done < before.done) expect.fail('something done was undone')
            if (before.complete && !stands.complete) expect.fail('a completed course was reopened')
            const missing = whatIsMissing(learner, state.facts)
            if (stands.complete !== (missing.length === 0)) {
              expect.fail(`complete: ${stands.complete}, missing: ${missing.join(', ')}`)
            }
          }
          past.push({ state, stands })
        }
        const keys = state.facts.map(keyOf)
        expect(new Set(keys).size).to.equal(keys.length)
        const shuffled = { ...state, facts: [...state.facts].reverse() }
        expect(progress(shuffled)).to.deep.equal(stands)
        if (stands.complete) completed++
      }),
      property(150, 20_000),
    )
    expect(completed, 'some must get to the end, or this tests nothing').to.be.greaterThan(5)
  })

  it('on two devices at once, though each sees only what was there when its page was opened', () => {
    let completed = 0
    fc.assert(
      fc.property(
        learners,
        fc.array(fc.boolean(), { minLength: 60, maxLength: 120 }),
        fc.string(),
        (learner, turns, seed) => {
          let store: Attempt = { ...attempt(learner), seed }
          const views = [store, store]
          turns.forEach((second, index) => {
            const device = second ? 1 : 0
            const request = nextRequest(views[device]!, index, index % 5 === 0)
            if (!request) return
            const outcome = consider(views[device]!, request, new Date(index * 1000))
            if ('refused' in outcome) throw new Error(outcome.refused.key)
            store = save(store, outcome.fact)
            views[device] = store
          })
          // Each as the database may give it: in any order.
          const [one, other] = [store.facts, store.facts.toReversed()].map((facts, device) =>
            progress({ ...views[device]!, facts }),
          )
          expect(one).to.deep.equal(other)
          const missing = whatIsMissing(learner, store.facts)
          expect(one!.complete, missing.join(', ')).to.equal(missing.length === 0)
          if (one!.complete) completed++
        },
      ),
      property(80, 10_000),
    )
    expect(completed, 'some must get to the end, or this tests nothing').to.be.greaterThan(5)
  })
})
