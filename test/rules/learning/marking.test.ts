import { expect } from 'chai'
import type { Question } from '../../../src/courses/courses.js'
import { isAnswer, mark } from '../../../src/learning/marking.js'
import { testCourse } from '../../support/learning.js'

const question = (id: string): Question => testCourse.questions[id]!

describe('marking', () => {
  const cases: [question: string, answer: string[], right: boolean | 'no answer'][] = [
    ['check-single', ['four'], true],
    ['check-single', ['five'], false],
    ['check-single', [], 'no answer'],
    ['check-single', ['four', 'five'], 'no answer'],
    ['check-single', ['six'], 'no answer'],
    ['check-multiple', ['two', 'four'], true],
    ['check-multiple', ['four', 'two'], true],
    ['check-multiple', ['two'], false],
    ['check-multiple', ['two', 'three', 'four'], false],
    ['check-multiple', ['two', 'two'], 'no answer'],
    ['check-multiple', [], 'no answer'],
    ['check-true-false', ['false', 'remainder'], true],
    ['check-true-false', ['false', 'prime'], false],
    ['check-true-false', ['true', 'remainder'], false],
    ['check-true-false', ['false'], 'no answer'],
    ['check-true-false', ['perhaps', 'remainder'], 'no answer'],
    ['check-ordering', ['one', 'two', 'three'], true],
    ['check-ordering', ['one', 'three', 'two'], false],
    ['check-ordering', ['one', 'two'], 'no answer'],
    ['check-ordering', ['one', 'one', 'two'], 'no answer'],
    ['check-judgement', ['help'], true],
    ['check-judgement', ['ask'], true],
    ['check-judgement', ['walk'], false],
    ['check-judgement', ['film'], false],
  ]
  for (const [id, answer, expected] of cases) {
    it(`finds [${answer.join(', ')}] to ${id} ${expected === 'no answer' ? 'no answer' : expected ? 'right' : 'wrong'}`, () => {
      expect(isAnswer(question(id), answer)).to.equal(expected !== 'no answer')
      if (expected !== 'no answer') expect(mark(question(id), answer).right).to.equal(expected)
    })
  }

  it('says something about every option in both languages, chosen or not', () => {
    for (const one of Object.values(testCourse.questions)) {
      const options = mark(one, ['x']).options
      expect(options.length).to.be.greaterThan(1)
      for (const option of options) {
        expect(option.feedback.en, one.id).not.to.equal('')
        expect(option.feedback.cy, one.id).not.to.equal('')
      }
    }
  })

  it('tells what was chosen from what is right', () => {
    const { options } = mark(question('check-multiple'), ['two', 'three'])
    expect(options.map(({ id, chosen, right }) => [id, chosen, right])).to.deep.equal([
      ['two', true, true],
      ['three', true, false],
      ['four', false, true],
    ])
  })

  it('marks the verdict apart from the reason', () => {
    const marked = mark(question('check-true-false'), ['true', 'remainder'])
    expect(marked.verdict).to.include({ said: true, right: false })
    expect(marked.verdict?.feedback.en).to.equal('It is odd.')
  })

  it('says how good a response is, beyond right and wrong', () => {
    const { options } = mark(question('check-judgement'), ['ask'])
    expect(options.map((option) => option.judgement)).to.deep.equal([
      'best',
      'reasonable',
      'poor',
      'harmful',
    ])
  })
})
