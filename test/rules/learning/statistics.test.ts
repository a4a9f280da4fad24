import { expect } from 'chai'
import { createTally, type Told } from '../../../src/learning/statistics.js'
import { rightAnswer, testCourse, wrongAnswer } from '../../support/learning.js'

const ids = ['bank-pages-1', 'bank-pages-2', 'bank-stories-2'] as const
const begun = (attempt: string, more: object = {}): Told => ({ attempt, seed: 's', ...more })
const answered = (attempt: string, id: string, rightly: boolean): Told => {
  const question = testCourse.questions[id]!
  const answer = rightly ? rightAnswer(question) : wrongAnswer(question)
  const { hash } = question
  const at = new Date('2026-03-02T10:00:00Z')
  return {
    attempt,
    kind: 'tested',
    step: 'end/assessment',
    form: 1,
    question: id,
    hash,
    answer,
    at,
  }
}
const read = (attempt: string, step: string, at: string): Told => ({
  attempt,
  kind: 'read',
  step,
  hash: '',
  at: new Date(at),
})

const tallyOf = (told: readonly Told[]) => {
  const tally = createTally(testCourse)
  for (const one of told) tally.add(one)
  return tally
}

describe('statistics of questions', () => {
  // Twelve people: the even ones know everything, the odd ones nothing but the last question.
  const told = Array.from({ length: 12 }, (_, at) => {
    const able = at % 2 === 0
    const name = `attempt-${at}`
    return [
      begun(name, { endedAt: new Date(0) }),
      answered(name, ids[0], able),
      answered(name, ids[1], able),
      answered(name, ids[2], !able),
    ]
  }).flat()

  it('tell how easy each is, how well it tells apart, and which answers nobody chooses', () => {
    const { items, begun: all, completed } = tallyOf(told).tell(10)
    expect([all, completed]).to.deep.equal([12, 12])
    const byId = new Map(items.map((item) => [item.question, item]))
    expect([...byId.keys()].sort()).to.deep.equal([...ids].sort())
    for (const item of items) expect(item).to.include({ asked: 12, facility: 0.5 })
    // Whoever does well on the rest fails at the last one: it misleads.
    expect(byId.get(ids[2])?.discrimination).to.be.closeTo(-1, 1e-9)
    const chosen = byId.get(ids[0])?.options.map((option) => option.chosen)
    expect(chosen).to.deep.equal([6, 6])
  })

  it('count true or false and the reason for it apart', () => {
    const { id, hash } = testCourse.questions['check-true-false']!
    // Ten who deny rightly with the right reason, four with the wrong one, two who guess for it.
    const answers = [
      ...new Array<string[]>(10).fill(['false', 'remainder']),
      ...new Array<string[]>(4).fill(['false', 'prime']),
      ...new Array<string[]>(2).fill(['true', 'remainder']),
    ]
    const [item] = tallyOf(
      answers.map((answer, at) => ({ ...answered(`attempt-${at}`, id, true), hash, answer })),
    ).tell(10).items
    expect(item).to.deep.include({
      asked: 16,
      facility: 10 / 16,
      truth: { saidTrue: 2, right: 14, rightReason: 12 },
      options: [
        { id: 'remainder', chosen: 12 },
        { id: 'prime', chosen: 4 },
      ],
    })
  })

  it('count for an ordering how often each stood in its place', () => {
    const { id } = testCourse.questions['check-ordering']!
    const [item] = tallyOf(
      Array.from({ length: 10 }, (_, at) => answered(`attempt-${at}`, id, at < 7)),
    ).tell(10).items
    // Turned round, the one in the middle is where it was.
    expect(item?.options.map(({ chosen }) => chosen)).to.deep.equal([7, 10, 7])
    expect(item).not.to.have.property('truth')
  })

  it('say nothing of a question that fewer have answered than may be told of', () => {
    expect(tallyOf(told).tell(13).items).to.deep.equal([])
  })

  it('count neither a second answer in one place nor one to another wording', () => {
    const more: Told[] = [
      { ...answered('attempt-0', ids[0], false), again: true } as Told,
      { ...answered('attempt-1', ids[0], true), hash: 'another' },
    ]
    const item = tallyOf([...told, ...more])
      .tell(10)
      .items.find((one) => one.question === ids[0])
    expect(item).to.include({ asked: 12, facility: 0.5 })
  })

  it('tell where those under way did something last, and not of too few', () => {
    const under = Array.from({ length: 10 }, (_, at) => [
      begun(`open-${at}`, { open: true }),
      read(`open-${at}`, 'pages/law', '2026-03-02T11:00:00Z'),
      read(`open-${at}`, 'pages/first', '2026-03-02T10:00:00Z'),
    ]).flat()
    expect([...tallyOf(under).tell(10).stops]).to.deep.equal([['pages/law', 10]])
    expect(tallyOf(under).tell(11).stops.size).to.equal(0)
  })

  it('tell a step where few stopped, and not how few', () => {
    const under = Array.from({ length: 13 }, (_, at) => [
      begun(`open-${at}`, { open: true }),
      read(`open-${at}`, at < 3 ? 'pages/first' : 'pages/law', '2026-03-02T11:00:00Z'),
    ]).flat()
    expect([...tallyOf(under).tell(10).stops]).to.deep.equal([
      ['pages/first', undefined],
      ['pages/law', 10],
    ])
  })
})
