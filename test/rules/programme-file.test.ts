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
    'it should be “Overdue”, and it comes out as “Due”, due by the end of 28 February 2022.',
  ],
  [
    'an example that is overdue since another day',
    'standing: overdue, since: 2021-04-02',
    'standing: overdue, since: 2021-05-02',
    'is “Overdue” as it should be, but since 2 April 2021 and not since 2 May 2021.',
  ],
  [
    'an example that is due by another day',
    'standing: due, due: 2022-02-28',
    'standing: due, due: 2022-02-27',
    'but due by the end of 28 February 2022 and not of 27 February 2022.',
  ],
  [
    'an example that counts for longer',
    'since: 2024-02-29, validUntil: 2027-02-28',
    'since: 2024-02-29, validUntil: 2028-02-28',
    'but counts until the end of 28 February 2027 and not of 28 February 2028.',
  ],
  [
    'an example that would end and counts for good',
    'on: 2022-05-24, standing: complete,',
    'on: 2022-05-24, standing: complete, validUntil: 2025-10-15,',
    'but counts for good; an end on 15 October 2025 was expected.',
  ],
  [
    'an example with a due date where nothing is due',
    'on: 2024-07-04, standing: expected',
    'on: 2024-07-04, standing: expected, due: 2024-10-04',
    'but has no due date; 4 October 2024 was expected.',
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
      const welsh = fault ? words.say('cy', fault.say) : ''
      expect(welsh).not.to.equal(said)
      // A person reads dates in their own words; only what they must write is shown as it is written.
      if (!what.startsWith('an example')) return
      for (const one of [said, welsh]) expect(one).not.to.match(/\$t|\{\{|20\d\d-\d\d/)
    })
  }
})
