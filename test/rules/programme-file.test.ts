import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { checkExamples } from '../../src/compliance/compliance.js'
import { loadWords } from '../../src/language.js'
import { readProgramme } from '../../src/requirements/requirements.js'

const text = readFileSync(new URL('../../courses/programme.yaml', import.meta.url), 'utf8')
const words = loadWords(new URL('../../views/text', import.meta.url).pathname)
const courses = new Set([
  'behaviour-code',
  'behaviour-code-staff',
  'lords-first-course',
  'lords-seminar',
])

const cases: [what: string, from: string, to: string, says: string][] = [
  ['a rule without an audience', 'audience: { kind: mp }\n        ', '', '“audience” is missing'],
  ['a rule named twice', 'id: L2', 'id: L1', 'Rule L1 is there twice'],
  ['an unknown course', 'courses: [behaviour-code]', 'courses: [dancing]', '“dancing”'],
  ['an end before the beginning', 'ends: 2022-05-23', 'ends: 2019-05-23', 'ends before it begins'],
  [
    'a due date before the rule',
    'there: { by: 2021-04-01 }',
    'there: { by: 2020-04-01 }',
    'due before',
  ],
  ['a renewal as long as the validity', 'renewal-months: 3', 'renewal-months: 36', 'Rule C2'],
  ['a date in the year 20225', 'begins: 2022-05-24', 'begins: 20225-05-24', 'date'],
  [
    'an example that does not come out',
    'on: 2022-02-28, standing: due',
    'on: 2022-02-28, standing: overdue',
    'it comes out as due',
  ],
]

describe('a programme file', () => {
  for (const [what, from, to, says] of cases) {
    it(`with ${what} is refused with its line and a sentence in both languages`, () => {
      const changed = text.replace(from, to)
      expect(changed).not.to.equal(text)
      const { duties, examples, faults } = readProgramme(Buffer.from(changed), courses)
      const [fault] = faults.length > 0 ? faults : checkExamples(duties, examples)
      expect(fault?.file).to.equal('programme.yaml')
      expect(fault?.line).to.be.above(1)
      const said = fault ? words.say('en', fault.say) : ''
      expect(said).to.include(says)
      expect(fault && words.say('cy', fault.say)).not.to.equal(said)
    })
  }
})
