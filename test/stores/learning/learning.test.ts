import { expect } from 'chai'
import type { Request } from '../../../src/learning/learning.js'
import { assessment } from '../../../src/learning/learning.js'
import { createClassroom, learner, outcomeOf, type Classroom } from '../../support/classroom.js'
import { rightAnswer, wrongAnswer } from '../../support/learning.js'

const course = 'test-course'
let people = 0

describe('learning', () => {
  let room: Classroom
  let mair = learner('mair')
  before(async () => {
    room = await createClassroom()
  })
  beforeEach(() => {
    mair = learner(`mair-${people++}`)
  })
  after(() => room.close())

  const stored = () => room.database.connection.collection('learning').countDocuments()
  const completions = async () =>
    (await room.completed()).filter(({ person }) => person === mair.person)
  const send = async (request: Request, who = mair) =>
    outcomeOf(await room.learning.submit(who, course, request))

  it('writes nothing for looking at a course', async () => {
    const before = await stored()
    const place = await room.learning.open(mair, course)
    expect(place.number).to.equal(0)
    expect(await stored()).to.equal(before)
  })

  it('begins once, however often and from wherever it is asked', async () => {
    const other = await room.anotherProcess()
    const before = await stored()
    const places = await Promise.all([
      room.learning.begin(mair, course, 0),
      other.learning.begin(mair, course, 0),
      room.learning.begin(mair, course, 0),
    ])
    expect(new Set(places.map((place) => place.attempt.id)).size).to.equal(1)
    expect(await stored()).to.equal(before + 1)
  })

  it('records a completion, dated in London, after the last needed step and not before', async () => {
    room.clock.set('2026-06-30T23:10:00Z')
    await room.learning.begin(mair, course, 0)
    const place = await room.goOn(mair, course)
    expect(place.progress.complete).to.equal(true)
    expect(place.endedAt).to.be.instanceOf(Date)
    const [completion, ...more] = await completions()
    expect(more).to.deep.equal([])
    expect(completion).to.deep.include({
      person: mair.person,
      course,
      delivery: 'online',
      on: '2026-07-01',
      evidence: { kind: 'attempt', id: place.attempt.id },
      version: { hash: place.version.hash, label: place.version.label },
    })
  })

  it('goes on where somebody was, on another device and in another process', async () => {
    await room.learning.begin(mair, course, 0)
    const before = await room.goOn(mair, course, 7)
    const other = await room.anotherProcess()
    const after = await other.learning.open(mair, course)
    expect(after.progress).to.deep.equal(before.progress)
    expect(after.progress.next?.id).to.equal(before.progress.next?.id)
  })

  describe('is asked for what cannot be', () => {
    const at = async () => (await room.learning.open(mair, course)).attempt
    const cases: [says: string, request: (id: string) => Request, answer: string][] = [
      [
        'a step that does not exist',
        (attempt) => ({ attempt, kind: 'read', step: 'pages/nothing' }),
        'no-such-step',
      ],
      [
        "a page of somebody else's variant",
        (attempt) => ({ attempt, kind: 'read', step: 'pages/for-members' }),
        'no-such-step',
      ],
      [
        'another attempt',
        () => ({ attempt: 'elsewhere', kind: 'read', step: 'pages/first' }),
        'other-attempt',
      ],
      [
        'a question that was not asked',
        (attempt) => ({
          attempt,
          kind: 'answer',
          step: 'end/assessment',
          form: 1,
          question: 'check-single',
          answer: ['four'],
        }),
        'not-asked',
      ],
      [
        'an answer that is none',
        (attempt) => ({ attempt, kind: 'check', step: 'questions/check-single', answer: [] }),
        'no-answer',
      ],
      [
        'an answer made of operators',
        (attempt) => ({
          attempt,
          kind: 'check',
          step: 'questions/check-single',
          answer: ['$ne', '__proto__'],
        }),
        'no-answer',
      ],
      [
        'a scene that was not reached',
        (attempt) => ({
          attempt,
          kind: 'choose',
          step: 'stories/two-doors',
          scene: 'cupboard',
          choice: 'through',
        }),
        'not-reached',
      ],
      [
        'a text that has changed',
        (attempt) => ({
          attempt,
          kind: 'acknowledge',
          step: 'end/acknowledgement',
          hash: 'old',
          language: 'en',
        }),
        'other-text',
      ],
    ]
    for (const [says, request, answer] of cases) {
      it(`${says}: it says so and keeps everything as it was`, async () => {
        await room.learning.begin(mair, course, 0)
        await room.goOn(mair, course, 3)
        const before = await stored()
        expect(await send(request((await at()).id))).to.equal(answer)
        expect(await stored()).to.equal(before)
      })
    }

    it('says that a course has not been begun', async () => {
      expect(await send({ attempt: '', kind: 'read', step: 'pages/first' })).to.equal('not-begun')
    })

    it('does not know a course that is not there', async () => {
      const said = await room.learning.open(mair, 'no-course').catch((e: unknown) => e)
      expect(said).to.deep.include({ kind: 'not-found' })
    })

    it("never reads or writes anybody else's", async () => {
      const { attempt } = await room.learning.begin(mair, course, 0)
      const gwyn = learner(`gwyn-${mair.account}`)
      await room.learning.begin(gwyn, course, 0)
      const request = { attempt: attempt.id, kind: 'read', step: 'pages/first' } as const
      expect(await send(request, gwyn)).to.equal('other-attempt')
      expect((await room.learning.open(mair, course)).attempt.facts).to.deep.equal([])
    })
  })

  describe('is sent the same thing twice', () => {
    it('keeps it once', async () => {
      const before = await stored()
      const { attempt } = await room.learning.begin(mair, course, 0)
      const request = { attempt: attempt.id, kind: 'read', step: 'pages/first' } as const
      const answers = await Promise.all([send(request), send(request), send(request)])
      expect(answers.sort()).to.deep.equal(['known', 'known', 'saved'])
      expect(await stored()).to.equal(before + 2)
    })

    it('keeps both of two answers to one question of a test, and counts the first', async () => {
      await room.learning.begin(mair, course, 0)
      const { attempt } = await room.goOn(mair, course, 12)
      const form = assessment(attempt.version, attempt.learner, attempt.seed, attempt.facts).open!
      const { question } = form.asks[0]!
      const to = { attempt: attempt.id, kind: 'answer', step: 'end/assessment', form: 1 } as const
      const answers = await Promise.all(
        [rightAnswer(question), wrongAnswer(question)].map((answer) =>
          send({ ...to, question: question.id, answer }),
        ),
      )
      expect(answers.sort()).to.deep.equal(['kept, not counted', 'saved'])
      const { facts } = (await room.learning.open(mair, course)).attempt
      expect(facts.filter(({ kind }) => kind === 'tested')).to.have.length(2)
    })

    it('completes a course once, when its last answers arrive together on many devices', async () => {
      await room.learning.begin(mair, course, 0)
      const { attempt } = await room.goOn(mair, course, 12)
      const form = assessment(attempt.version, attempt.learner, attempt.seed, attempt.facts).open!
      const to = { attempt: attempt.id, kind: 'answer', step: 'end/assessment', form: 1 } as const
      const devices = [room, await room.anotherProcess()]
      const last = form.asks.flatMap(({ question: { id }, question }) =>
        devices.map(({ learning }) =>
          learning.submit(mair, course, { ...to, question: id, answer: rightAnswer(question) }),
        ),
      )
      const answers = await Promise.all(last)
      expect(answers.some((answer) => answer.place?.endedAt)).to.equal(true)
      expect(await completions()).to.have.length(1)
    })

    it('leaves a finished course as it is', async () => {
      await room.learning.begin(mair, course, 0)
      const { attempt } = await room.goOn(mair, course)
      const to = { attempt: attempt.id, kind: 'read' } as const
      expect(await send({ ...to, step: 'pages/first' })).to.equal('known')
      const late = { attempt: attempt.id, kind: 'answer', step: 'end/assessment', form: 2 } as const
      expect(await send({ ...late, question: 'bank-pages-1', answer: ['two'] })).to.equal(
        'not-asked',
      )
      expect(await completions()).to.have.length(1)
    })
  })

  it('may be taken again after its end, from the beginning', async () => {
    await room.learning.begin(mair, course, 0)
    const first = await room.goOn(mair, course)
    const again = await room.learning.begin(mair, course, 1)
    expect(again.number).to.equal(2)
    expect(again.progress.done).to.equal(0)
    await room.learning.begin(mair, course, 1)
    const second = await room.goOn(mair, course)
    expect(second.attempt.id).not.to.equal(first.attempt.id)
    expect((await completions()).map(({ evidence }) => evidence.id)).to.have.members([
      first.attempt.id,
      second.attempt.id,
    ])
  })

  it('says who is half way through what, and of whom it knows nothing', async () => {
    const [gwyn, nia] = [learner('gwyn'), learner('nia')]
    const own = mair.person ?? ''
    for (const who of [mair, gwyn]) await room.learning.begin(who, course, 0)
    await room.goOn(gwyn, course)
    await room.learning.begin(mair, 'raising-a-concern', 0)
    expect((await room.learning.progressOf()).get(own)).to.deep.equal(
      new Set([course, 'raising-a-concern']),
    )
    expect(await room.learning.progressOf(['gwyn', 'nia'])).to.deep.equal(new Map())
    expect(await room.learning.progressOf([own], [course])).to.deep.equal(
      new Map([[own, new Set([course])]]),
    )
    expect(await room.learning.mine(nia)).to.deep.equal(new Map())
    const far = await room.learning.mine(mair)
    expect(far.get(course)).to.deep.include({ state: 'in-progress', done: 0 })
  })
})
