import { expect } from 'chai'
import { conflictOf, type Conflict } from '../../src/people/people.js'

const nobody = new Set<string>()

describe('conflict walls', () => {
  const table: [
    says: string,
    subject: string,
    managers: string[],
    managersOfSubject: string[],
    declared: string[],
    Conflict | undefined,
  ][] = [
    ['a stranger', 'mp-ann', [], [], [], undefined],
    ['themselves', 'officer', [], [], [], 'self'],
    ['themselves, whatever else', 'officer', ['officer'], ['officer'], ['officer'], 'self'],
    ['their manager', 'mp-ann', ['mp-ann', 'mp-ben'], [], [], 'manager'],
    ['their staff', 'staff-eve', [], ['officer'], [], 'staff'],
    ['somebody in whom they declared an interest', 'mp-ann', [], [], ['mp-ann'], 'interest'],
    ['somebody in whom others did', 'mp-ann', [], [], ['mp-ben'], undefined],
    ["their manager's colleague", 'mp-ben', ['mp-ann'], ['mp-ann'], [], undefined],
  ]
  for (const [says, subject, managers, managersOfSubject, declared, expected] of table) {
    it(`${says}: ${expected ?? 'no conflict'}`, () => {
      expect(
        conflictOf('officer', subject, {
          managersOfDecider: new Set(managers),
          managersOfSubject: new Set(managersOfSubject),
          declared: new Set(declared),
        }),
      ).to.equal(expected)
    })
  }

  it('is the same wall from both sides of a line of management', () => {
    const above = {
      managersOfDecider: nobody,
      managersOfSubject: new Set(['boss']),
      declared: nobody,
    }
    const below = {
      managersOfDecider: new Set(['boss']),
      managersOfSubject: nobody,
      declared: nobody,
    }
    expect(conflictOf('boss', 'worker', above)).to.equal('staff')
    expect(conflictOf('worker', 'boss', below)).to.equal('manager')
  })
})
