import { expect } from 'chai'
import fc from 'fast-check'
import { loadCatalogue, type CourseVersion } from '../../../src/courses/courses.js'
import { drawForm, shownOrder } from '../../../src/learning/draw.js'
import type { Fact } from '../../../src/learning/facts.js'
import { assessment, preTest, type Form } from '../../../src/learning/tests.js'
import { rightAnswer, staff, testCourse, wrongAnswer } from '../../support/learning.js'
import { property } from '../../support/property.js'

const code = loadCatalogue('courses').courses.get('behaviour-code')!

/** Answers a whole form: rightly, but for the objectives named. */
const answers = (
  version: CourseVersion,
  form: Form,
  wrongly: readonly string[] = [],
  kind: 'assessment' | 'pre-test' = 'assessment',
): Fact[] =>
  form.asks.map(({ objective, question }) => ({
    kind: 'tested',
    step: version.steps.find((step) => step.kind === kind)!.id,
    form: form.number,
    question: question.id,
    hash: question.hash,
    answer: wrongly.includes(objective) ? wrongAnswer(question) : rightAnswer(question),
    at: new Date(0),
  }))

const ids = (form: Form | undefined) => form?.asks.map(({ question }) => question.id) ?? []

describe('a form of a test', () => {
  it('asks so many questions for each objective, none of them from a knowledge check', () => {
    const form = assessment(code, staff, 'seed', []).open!
    const counts = code.objectives.map(
      ({ id }) => form.asks.filter((ask) => ask.objective === id).length,
    )
    expect(counts).to.deep.equal(code.objectives.map(({ draw }) => draw))
    const checks = code.steps.filter(({ kind }) => kind === 'check').map(({ of }) => of)
    expect(ids(form).filter((id) => checks.includes(id))).to.deep.equal([])
  })

  it('is the same on every device, and another for another attempt', () => {
    const one = ids(assessment(code, staff, 'seed', []).open)
    expect(ids(assessment(code, staff, 'seed', []).open)).to.deep.equal(one)
    const others = ['a', 'b', 'c', 'd'].map((seed) => ids(assessment(code, staff, seed, []).open))
    expect(new Set(others.map((form) => [...form].sort().join())).size).to.be.greaterThan(1)
  })

  it('asks only people of its audience', () => {
    const members = drawForm(testCourse, { audience: 'mp' }, ['pages'], {
      seed: 's',
      test: 'assessment',
      form: 1,
      before: [],
    })
    expect(members).to.have.length(2)
  })

  it('repeats nothing while other questions are left, then what was asked longest ago', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 2, max: 5 }), (seed, times) => {
        let facts: readonly Fact[] = []
        const seen: string[] = []
        for (let n = 1; n <= times; n++) {
          const form = assessment(code, staff, seed, facts).open!
          const asked = ids(form).filter((id) => code.questions[id]?.objective === 'act')
          const older = seen.slice(0, -3)
          if (n === 2) expect(asked.filter((id) => seen.includes(id))).to.deep.equal([])
          if (n > 2) expect(older).to.include.members(asked)
          seen.push(...asked)
          facts = [...facts, ...answers(code, form, ['act'])]
        }
      }),
      property(50, 2000),
    )
  })

  it('shows options in an order of the attempt’s own, and never an ordering in its answer', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        for (const question of Object.values(testCourse.questions)) {
          const order = shownOrder(question, seed)
          expect(order).to.deep.equal(shownOrder(question, seed))
          if (question.kind === 'ordering') expect(order).not.to.deep.equal(rightAnswer(question))
        }
      }),
      property(100, 5000),
    )
  })
})

describe('an assessment', () => {
  it('is passed when every objective is', () => {
    const form = assessment(code, staff, 'seed', []).open!
    const state = assessment(code, staff, 'seed', answers(code, form))
    expect(state.done).to.equal(true)
    expect(state.open).to.equal(undefined)
    expect([...state.passed]).to.have.members(code.objectives.map(({ id }) => id))
  })

  it('asks again only for what was not passed, with other questions, as often as needed', () => {
    const first = assessment(code, staff, 'seed', []).open!
    const one = answers(code, first, ['recognise', 'act'])
    const second = assessment(code, staff, 'seed', one).open!
    expect(second.number).to.equal(2)
    expect(new Set(second.asks.map((ask) => ask.objective))).to.deep.equal(
      new Set(['recognise', 'act']),
    )
    expect(ids(second).filter((id) => ids(first).includes(id))).to.deep.equal([])
    const two = [...one, ...answers(code, second, ['act'])]
    const third = assessment(code, staff, 'seed', two)
    expect([...third.passed]).to.have.members(['know-the-code', 'use-power-well', 'recognise'])
    expect(new Set(third.open!.asks.map((ask) => ask.objective))).to.deep.equal(new Set(['act']))
    const done = assessment(code, staff, 'seed', [...two, ...answers(code, third.open!)])
    expect(done.done).to.equal(true)
    expect(done.forms.map((form) => form.number)).to.deep.equal([1, 2, 3])
  })

  it('passes an objective at its pass mark', () => {
    const form = assessment(code, staff, 'seed', []).open!
    const facts = answers(code, form)
    const one = form.asks.find((ask) => ask.objective === 'act')!.question
    const slip = facts.map((fact) =>
      fact.kind === 'tested' && fact.question === one.id
        ? { ...fact, answer: wrongAnswer(one) }
        : fact,
    )
    expect(assessment(code, staff, 'seed', slip).forms[0]!.scores.get('act')).to.equal(2)
    expect(assessment(code, staff, 'seed', slip).done).to.equal(true)
  })

  it('shows no result of a form before its last answer', () => {
    const form = assessment(code, staff, 'seed', []).open!
    const state = assessment(code, staff, 'seed', answers(code, form).slice(1))
    expect(state.open!.number).to.equal(1)
    expect(state.open!.passed).to.deep.equal([])
    expect(state.passed.size).to.equal(0)
  })
})

describe('a pre-test', () => {
  const shortening = { ...staff, mayShorten: true }

  it('passes an objective where every question on it was answered rightly', () => {
    const form = preTest(testCourse, shortening, 'seed', []).open!
    const facts = answers(testCourse, form, ['stories'], 'pre-test')
    expect([...preTest(testCourse, shortening, 'seed', facts).passed]).to.deep.equal(['pages'])
  })

  it('spares the questions on what it passed, where the programme lets it', () => {
    const form = preTest(testCourse, shortening, 'seed', []).open!
    const facts = answers(testCourse, form, ['stories'], 'pre-test')
    const objectives = (learner: typeof staff) =>
      assessment(testCourse, learner, 'seed', facts).open!.asks.map((ask) => ask.objective)
    expect(objectives(shortening)).to.deep.equal(['stories'])
    expect(objectives(staff)).to.deep.equal(['pages', 'pages', 'stories'])
  })
})
