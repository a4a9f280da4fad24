import { expect } from 'chai'
import type { Request } from '../../../src/learning/consider.js'
import { pathOf } from '../../../src/learning/path.js'
import { progress, type Attempt } from '../../../src/learning/progress.js'
import { assessment } from '../../../src/learning/tests.js'
import { walk } from '../../../src/learning/walk.js'
import { attempt, rightAnswer, send, testCourse, wrongAnswer } from '../../support/learning.js'

const hash = testCourse.texts['behaviour-code']!.hash
const mine = { attempt: 'attempt-1' }

/** What a learner who does everything in order sends, up to the assessment. */
const everything: readonly Request[] = [
  { ...mine, step: 'pages/first', kind: 'read' },
  { ...mine, step: 'pages/grown-up', kind: 'read' },
  { ...mine, step: 'pages/law', kind: 'read' },
  ...['single', 'multiple', 'true-false', 'ordering', 'judgement'].map((kind): Request => ({
    ...mine,
    step: `questions/check-${kind}`,
    kind: 'check',
    answer: wrongAnswer(testCourse.questions[`check-${kind}`]!),
  })),
  { ...mine, step: 'stories/before', kind: 'read' },
  { ...mine, step: 'stories/two-doors', kind: 'choose', scene: 'hall', choice: 'left' },
  { ...mine, step: 'stories/dark-room', kind: 'choose', scene: 'dark', choice: 'light' },
  { ...mine, step: 'end/acknowledgement', kind: 'acknowledge', hash: hash.cy, language: 'cy' },
]

const all = (requests: readonly Request[], from = attempt()): Attempt =>
  requests.reduce((state, request) => send(state, request).attempt, from)

const refusal = (state: Attempt, request: Request): string => {
  const { outcome } = send(state, request)
  return 'refused' in outcome ? outcome.refused.key : 'recorded'
}

/** Answers the open form of the assessment, wrongly where asked. */
function sit(state: Attempt, wrongly = false): Attempt {
  const form = assessment(state.version, state.learner, state.seed, state.facts).open!
  return all(
    form.asks.map(({ question }) => ({
      ...mine,
      step: 'end/assessment',
      kind: 'answer',
      form: form.number,
      question: question.id,
      answer: wrongly ? wrongAnswer(question) : rightAnswer(question),
    })),
    state,
  )
}

describe('how far somebody is', () => {
  const half = all(everything.slice(0, 10))
  const { version, learner } = half
  const others: Record<string, Partial<Attempt>> = {
    'another version': { version: { ...version, steps: version.steps.slice(0, 3) } },
    'the way without distressing scenes': { learner: { ...learner, quiet: true } },
    'the way of those under 18': { learner: { ...learner, under18: true } },
    'another audience': { learner: { ...learner, audience: 'mp' } },
  }

  it('is told once of the same facts', () => {
    expect(progress({ ...half })).to.equal(progress(half))
  })

  for (const [name, changed] of Object.entries(others)) {
    it(`is another for ${name}, though the facts are the same`, () => {
      const before = progress(half)
      const other = progress({ ...half, ...changed })
      expect(other).to.not.deep.equal(before)
      expect(other).to.deep.equal(progress({ ...half, ...changed, facts: [...half.facts] }))
      expect(progress(half)).to.deep.equal(before)
    })
  }
})

describe('a course taken from end to end', () => {
  it('is complete after its last needed step and not before', () => {
    let state = attempt()
    for (const request of everything) {
      expect(progress(state).complete).to.equal(false)
      state = send(state, request).attempt
    }
    expect(progress(state).next?.id).to.equal('end/assessment')
    state = sit(state, true)
    expect(progress(state).complete).to.equal(false)
    state = sit(state)
    expect(progress(state)).to.include({ complete: true, done: 13, needed: 13 })
  })

  it('resumes at the first step that is not done, on any device', () => {
    const state = all(everything.slice(0, 4))
    expect(progress(state).next?.id).to.equal('questions/check-multiple')
    const shuffled = { ...state, facts: [...state.facts].reverse() }
    expect(progress(shuffled)).to.deep.equal(progress(state))
  })

  it('lets steps be done in another order, but the assessment last', () => {
    const state = all([...everything].reverse().slice(1))
    const form = assessment(testCourse, state.learner, state.seed, []).open!
    const early: Request = {
      ...mine,
      step: 'end/assessment',
      kind: 'answer',
      form: 1,
      question: form.asks[0]!.question.id,
      answer: rightAnswer(form.asks[0]!.question),
    }
    expect(refusal(state, early)).to.equal('learning.not-yet')
    expect(refusal(all(everything, state), early)).to.equal('recorded')
  })
})

describe('a request that does not fit', () => {
  const done = all(everything)
  const form = assessment(testCourse, done.learner, done.seed, done.facts).open!
  const asked = form.asks[0]!.question
  const notAsked = Object.values(testCourse.questions).find(
    (question) => !form.asks.some((ask) => ask.question.id === question.id),
  )!
  const answer = { ...mine, step: 'end/assessment', kind: 'answer', form: 1 } as const
  const right = { question: asked.id, answer: rightAnswer(asked) }
  const cases: [what: string, request: Request, key: string][] = [
    [
      'comes from another attempt',
      { attempt: 'attempt-0', step: 'pages/first', kind: 'read' },
      'learning.other-attempt',
    ],
    ['names no step', { ...mine, step: 'pages/last', kind: 'read' }, 'learning.no-such-step'],
    [
      'reads a page for another audience',
      { ...mine, step: 'pages/for-members', kind: 'read' },
      'learning.no-such-step',
    ],
    [
      'reads a page for another age',
      { ...mine, step: 'pages/young', kind: 'read' },
      'learning.no-such-step',
    ],
    [
      'reads what is to be answered',
      { ...mine, step: 'questions/check-single', kind: 'read' },
      'learning.no-such-step',
    ],
    [
      'answers what is to be read',
      { ...mine, step: 'pages/first', kind: 'check', answer: ['four'] },
      'learning.not-asked',
    ],
    [
      'chooses nothing',
      { ...mine, step: 'questions/check-single', kind: 'check', answer: [] },
      'learning.no-answer',
    ],
    [
      'chooses in a scene not reached',
      { ...mine, step: 'stories/two-doors', kind: 'choose', scene: 'cupboard', choice: 'through' },
      'learning.not-reached',
    ],
    [
      'chooses what is for another audience',
      { ...mine, step: 'stories/two-doors', kind: 'choose', scene: 'hall', choice: 'members' },
      'learning.no-such-choice',
    ],
    [
      'acknowledges another text',
      { ...mine, step: 'end/acknowledgement', kind: 'acknowledge', hash: hash.en, language: 'cy' },
      'learning.other-text',
    ],
    [
      'answers a question that was not asked',
      { ...answer, question: notAsked.id, answer: rightAnswer(notAsked) },
      'learning.not-asked',
    ],
    ['answers a form that does not exist', { ...answer, ...right, form: 2 }, 'learning.not-asked'],
    [
      'answers a pre-test that is not offered',
      { ...answer, ...right, step: 'pages/pre-test' },
      'learning.no-such-step',
    ],
  ]
  for (const [what, request, key] of cases) {
    it(`is told so, and nothing changes, when it ${what}`, () => {
      expect(refusal(done, request)).to.equal(key)
      expect(send(done, request).attempt).to.equal(done)
    })
  }

  it('changes nothing when it is sent again', () => {
    for (const request of everything) {
      const { outcome, attempt: after } = send(done, request)
      expect(outcome).to.include({ known: true })
      expect(after.facts).to.equal(done.facts)
    }
    const passed = sit(done)
    const { outcome } = send(passed, { ...answer, ...right })
    expect(outcome).to.include({ known: true, counts: true })
  })

  it('is kept and not counted when another answer was first', () => {
    const passed = sit(done)
    const before = progress(passed)
    const late = send(passed, { ...answer, question: asked.id, answer: wrongAnswer(asked) })
    expect(late.outcome).to.include({ known: false, counts: false })
    expect(late.attempt.facts).to.have.length(passed.facts.length + 1)
    expect(progress(late.attempt)).to.deep.equal(before)
  })
})

describe('a scenario', () => {
  const step = 'stories/two-doors'
  const scenario = testCourse.scenarios['two-doors']!
  const choose = (scene: string, choice: string): Request => ({
    ...mine,
    step,
    kind: 'choose',
    scene,
    choice,
  })

  it('may be walked by any way to any ending, and back again', () => {
    const state = all([choose('hall', 'right'), choose('cupboard', 'back')])
    expect(walk(scenario, step, 'staff', state.facts)).to.include({ here: 'hall' })
    expect(walk(scenario, step, 'staff', state.facts).endings).to.deep.equal([])
    const ended = all([choose('cupboard', 'through'), choose('hall', 'left')], state)
    expect(walk(scenario, step, 'staff', ended.facts).endings).to.have.members(['garden', 'cellar'])
  })

  it('comes to the same place whatever order its choices arrive in', () => {
    const state = all([choose('hall', 'right'), choose('cupboard', 'through')])
    const reversed = [...state.facts].reverse()
    expect(walk(scenario, step, 'staff', reversed)).to.deep.equal(
      walk(scenario, step, 'staff', state.facts),
    )
  })
})

describe('a learner’s path', () => {
  const ids = (learner: Parameters<typeof attempt>[0]) =>
    pathOf(testCourse, attempt(learner).learner).map((step) => step.id)

  it('holds what is for their audience and age', () => {
    expect(ids({ audience: 'mp' })).to.include.members(['pages/for-members', 'pages/grown-up'])
    expect(ids({ audience: 'mp' })).not.to.include('pages/young')
    expect(ids({ under18: true })).to.include('pages/young')
    expect(ids({ under18: true })).not.to.include('pages/grown-up')
  })

  it('takes another page for each distressing scene on the quiet route, and always under 18', () => {
    expect(ids({})).to.include('stories/dark-room')
    expect(ids({})).not.to.include('stories/dark-room-in-short')
    for (const learner of [{ quiet: true }, { under18: true }]) {
      expect(ids(learner)).to.include('stories/dark-room-in-short')
      expect(ids(learner)).not.to.include('stories/dark-room')
    }
  })

  it('counts either of the two once done, though somebody changes route half way', () => {
    const scene = all(everything)
    const states = (state: Attempt) =>
      progress(state)
        .steps.filter(({ step }) => step.id.startsWith('stories/dark'))
        .map(({ state: one }) => one)
    expect(states(scene)).to.deep.equal(['done'])
    expect(states({ ...scene, learner: { ...scene.learner, quiet: true } })).to.deep.equal(['done'])
  })

  it('does not let somebody under 18 into a scene that is left out for them', () => {
    const request: Request = {
      ...mine,
      step: 'stories/dark-room',
      kind: 'choose',
      scene: 'dark',
      choice: 'light',
    }
    expect(refusal(attempt({ under18: true }), request)).to.equal('learning.no-such-step')
    expect(refusal(attempt({ quiet: true }), request)).to.equal('recorded')
  })

  it('is shortened by a passed pre-test, but for what always stays', () => {
    const learner = { mayShorten: true }
    const start = attempt(learner)
    expect(progress(start).next?.kind).to.equal('pre-test')
    const form = progress(start).steps[0]!.step
    expect(form.id).to.equal('pages/pre-test')
    const state = sitPreTest(start)
    const spared = progress(state)
      .steps.filter((one) => one.state === 'not-needed')
      .map(({ step }) => step.id)
    expect(spared).to.include.members(['pages/first', 'questions/check-single', 'stories/before'])
    expect(spared).not.to.include('pages/law')
    expect(spared).not.to.include('stories/two-doors')
    expect(progress(state).next?.id).to.equal('pages/law')
  })
})

function sitPreTest(state: Attempt): Attempt {
  const questions = Object.values(testCourse.questions)
  let now = state
  for (const question of questions) {
    now = send(now, {
      ...mine,
      step: 'pages/pre-test',
      kind: 'answer',
      form: 1,
      question: question.id,
      answer: rightAnswer(question),
    }).attempt
  }
  return now
}
