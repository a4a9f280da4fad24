import { expect } from 'chai'
import fc from 'fast-check'
import type { Step } from '../../../src/courses/courses.js'
import { consider, type Request } from '../../../src/learning/consider.js'
import { keyOf, placeOf, type Fact } from '../../../src/learning/facts.js'
import { mark } from '../../../src/learning/marking.js'
import type { Learner } from '../../../src/learning/path.js'
import { progress, type Attempt } from '../../../src/learning/progress.js'
import { assessment } from '../../../src/learning/tests.js'
import { walk } from '../../../src/learning/walk.js'
import { attempt, rightAnswer, testCourse, wrongAnswer } from '../../support/learning.js'
import { property } from '../../support/property.js'

const { steps, scenarios, questions, texts, objectives } = testCourse

/** Saves as the store will: one fact for a key, one holder for a place, the rest kept beside. */
function save(state: Attempt, fact: Fact): Attempt {
  if (state.facts.some((one) => keyOf(one) === keyOf(fact))) return state
  const place = placeOf(fact)
  const taken = place !== undefined && state.facts.some((one) => placeOf(one) === place)
  const saved = taken ? ({ ...fact, again: true } as Fact) : fact
  return { ...state, facts: [...state.facts, saved] }
}

/** What a person would send next if they did what the page asks; wrongly, where told to. */
function sensible(state: Attempt, pick: number, wrongly: boolean): Request | undefined {
  const step = progress(state).next
  if (!step) return undefined
  const to = { attempt: state.id, step: step.id }
  switch (step.kind) {
    case 'page':
      return { ...to, kind: 'read' }
    case 'check': {
      const question = questions[step.of]!
      return {
        ...to,
        kind: 'check',
        answer: wrongly ? wrongAnswer(question) : rightAnswer(question),
      }
    }
    case 'scenario': {
      const scenario = scenarios[step.of]!
      const { here } = walk(scenario, step.id, state.learner.audience, state.facts)
      const choices = scenario.scenes[here]!.choices
      const choice = choices[pick % choices.length]
      return choice && { ...to, kind: 'choose', scene: here, choice: choice.id }
    }
    case 'acknowledgement':
      return { ...to, kind: 'acknowledge', hash: texts[step.of]!.hash.en, language: 'en' }
    case 'pre-test':
      return { ...to, kind: 'read' }
    case 'assessment': {
      const form = assessment(state.version, state.learner, state.seed, state.facts).open
      const left = form?.asks.filter(({ question }) => !form.answers.has(question.id)) ?? []
      const ask = left[pick % Math.max(1, left.length)]
      if (!form || !ask) return undefined
      const answer = wrongly ? wrongAnswer(ask.question) : rightAnswer(ask.question)
      return { ...to, kind: 'answer', form: form.number, question: ask.question.id, answer }
    }
  }
}

/** Anything at all, well formed or not, at any step. */
function nonsense(pick: number): Request {
  const at = <T>(values: readonly T[], by: number): T =>
    values[Math.floor(pick / by) % values.length]!
  const step = at(steps, 7).id
  const to = { attempt: pick % 11 === 0 ? 'attempt-0' : 'attempt-1', step }
  const question = at(Object.values(questions), 13)
  const scenario = at(Object.values(scenarios), 5)
  const scene = at(Object.values(scenario.scenes), 17)
  const requests: Request[] = [
    { ...to, kind: 'read' },
    { ...to, kind: 'check', answer: rightAnswer(question) },
    { ...to, kind: 'choose', scene: scene.id, choice: scene.choices[0]?.id ?? 'none' },
    {
      ...to,
      kind: 'acknowledge',
      hash: texts['behaviour-code']!.hash.cy,
      language: at(['en', 'cy'] as const, 3),
    },
    {
      ...to,
      kind: 'answer',
      form: 1 + (pick % 3),
      question: question.id,
      answer: rightAnswer(question),
    },
    { ...to, kind: 'answer', form: 1, question: question.id, answer: ['nonsense'] },
  ]
  return requests[pick % requests.length]!
}

/**
 * The oracle: what must have happened, told again from the saved facts in the plainest way, with
 * nothing of `progress`. Which form asked which question is taken from the facts themselves.
 */
function whatIsMissing(learner: Learner, facts: readonly Fact[]): string[] {
  const quiet = learner.quiet || learner.under18
  const has = (test: (fact: Fact) => boolean) => facts.some(test)
  const readIt = (id: string) => has((fact) => fact.kind === 'read' && fact.step === id)
  const ended = (step: Step) => {
    const scenario = scenarios[step.of]!
    const reached = new Set([scenario.start])
    const chosen = facts.filter((fact) => fact.kind === 'chose' && fact.step === step.id)
    // Once round for each choice is enough for the last of them to be reached.
    chosen.forEach(() => {
      for (const fact of chosen) {
        if (fact.kind !== 'chose' || !reached.has(fact.scene)) continue
        const to = scenario.scenes[fact.scene]!.choices.find((one) => one.id === fact.choice)?.to
        if (to) reached.add(to)
      }
    })
    return [...reached].some((scene) => scenario.scenes[scene]!.ending)
  }
  const happened = (step: Step): boolean => {
    switch (step.kind) {
      case 'page':
        return (
          readIt(step.id) ||
          (step.standsFor ? ended(steps.find((one) => one.id === step.standsFor)!) : false)
        )
      case 'check':
        return has((fact) => fact.kind === 'checked' && fact.step === step.id)
      case 'scenario':
        return ended(step) || (step.standIn ? readIt(step.standIn) : false)
      case 'acknowledgement':
        return has((fact) => fact.kind === 'acknowledged' && fact.step === step.id)
      case 'pre-test':
        return true
      case 'assessment':
        return objectives.every(({ id, draw, pass }) =>
          [1, 2, 3, 4, 5, 6, 7, 8, 9].some((form) => {
            const given = facts.filter(
              (fact) =>
                fact.kind === 'tested' &&
                !fact.again &&
                fact.step === step.id &&
                fact.form === form &&
                questions[fact.question]!.objective === id,
            )
            const right = given.filter(
              (fact) =>
                fact.kind === 'tested' && mark(questions[fact.question]!, fact.answer).right,
            )
            return given.length === draw && right.length >= pass
          }),
        )
    }
  }
  return steps
    .filter((step) => !step.optional)
    .filter((step) => !step.for || step.for.includes(learner.audience))
    .filter((step) => !step.age || (step.age === 'under-18') === learner.under18)
    .filter((step) => (quiet ? !step.standIn : !step.standsFor))
    .filter((step) => !happened(step))
    .map((step) => step.id)
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
        const past: Attempt[] = [state]
        const sent: Request[] = []
        for (const { how, pick } of sequence) {
          const seen = how === 'stale' ? past[pick % past.length]! : state
          const request =
            how === 'nonsense'
              ? nonsense(pick)
              : how === 'again'
                ? (sent[pick % Math.max(1, sent.length)] ?? nonsense(pick))
                : (sensible(seen, pick, how === 'wrong') ?? nonsense(pick))
          sent.push(request)
          const before = progress(state)
          const outcome = consider(seen, request, new Date(past.length * 1000))
          if (!('refused' in outcome)) state = save(state, outcome.fact)
          const after = progress(state)
          expect(after.done).to.be.at.least(before.done)
          if (before.complete) expect(after.complete).to.equal(true)
          if (after.complete) expect(whatIsMissing(learner, state.facts)).to.deep.equal([])
          else expect(whatIsMissing(learner, state.facts)).not.to.deep.equal([])
          past.push(state)
        }
        const keys = state.facts.map(keyOf)
        expect(new Set(keys).size).to.equal(keys.length)
        const shuffled = { ...state, facts: [...state.facts].reverse() }
        expect(progress(shuffled)).to.deep.equal(progress(state))
        if (progress(state).complete) completed++
      }),
      property(150, 20_000),
    )
    expect(completed, 'some must get to the end, or this tests nothing').to.be.greaterThan(5)
  })

  it('on two devices at once, though each sees only what was there when its page was opened', () => {
    fc.assert(
      fc.property(
        learners,
        fc.array(fc.boolean(), { maxLength: 120 }),
        fc.string(),
        (learner, turns, seed) => {
          let store: Attempt = { ...attempt(learner), seed }
          const views = [store, store]
          turns.forEach((second, index) => {
            const device = second ? 1 : 0
            const request = sensible(views[device]!, index, index % 5 === 0)
            if (!request) return
            const outcome = consider(views[device]!, request, new Date(index * 1000))
            if ('refused' in outcome) throw new Error(outcome.refused.key)
            store = save(store, outcome.fact)
            views[device] = store
          })
          const [one, other] = views.map((view) => progress({ ...view, facts: store.facts }))
          expect(one).to.deep.equal(other)
          if (progress(store).complete)
            expect(whatIsMissing(learner, store.facts)).to.deep.equal([])
        },
      ),
      property(80, 10_000),
    )
  })
})
