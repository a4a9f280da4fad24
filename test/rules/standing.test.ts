import { expect } from 'chai'
import { day, type Day } from '../../src/clock.js'
import { checkExamples } from '../../src/compliance/examples.js'
import { postsOf } from '../../src/compliance/post.js'
import { segmentOn, timeline, type PersonFacts } from '../../src/compliance/timeline.js'
import type { Term } from '../../src/people/people.js'
import { absence, attended, peer, staffer } from '../support/builders.js'
import { duty, programmeFile } from '../support/programme.js'

const nothing: PersonFacts = { absences: [], completions: [], excusals: [], extensions: [] }

/** What a person's standing is on a duty, in whichever post brings them under it. */
function standing(dutyId: string, terms: Term[], facts: Partial<PersonFacts>, on: string) {
  const found = postsOf(terms).flatMap(
    (post) => segmentOn(timeline(duty(dutyId), post, { ...nothing, ...facts }), day(on)) ?? [],
  )
  return found.find(({ state }) => state !== 'not-required') ?? { state: 'not-required' as const }
}

type Expectation = [on: string, state: string, particulars?: Record<string, Day | string>]

function expects(
  dutyId: string,
  terms: Term[],
  facts: Partial<PersonFacts>,
  expectations: Expectation[],
) {
  for (const [on, state, particulars = {}] of expectations) {
    const found = standing(dutyId, terms, facts, on)
    expect({ on, state: found.state }).to.deep.equal({ on, state })
    expect(found, on).to.include(particulars)
  }
}

describe('standing', () => {
  it('keeps every worked example of the programme', () => {
    expect(programmeFile.faults).to.deep.equal([])
    expect(programmeFile.examples).to.have.length.greaterThan(9)
    expect(checkExamples(programmeFile.duties, programmeFile.examples)).to.deep.equal([])
  })

  it('says so when an example does not come out', () => {
    const wrong = programmeFile.examples.map((example) => ({
      ...example,
      expect: [{ on: day('2026-01-01'), standing: 'excused' as const }],
    }))
    expect(checkExamples(programmeFile.duties, wrong)).to.have.length(wrong.length)
  })

  describe('the examples of the domain', () => {
    const seated = [peer('2015-06-01')]

    it('1. on time: attended remotely before the date, and asked for nothing new later', () => {
      const completions = [attended('lords-first-course', '2020-10-15', 'remote')]
      expects('lords-training', seated, { completions }, [
        ['2020-11-03', 'complete', { since: day('2020-10-15') }],
        ['2021-04-02', 'complete'],
        ['2022-05-24', 'complete', { since: day('2020-10-15') }],
      ])
    })

    it('2. remedial: the ordinary list shows overdue until the day before attendance', () => {
      const completions = [attended('lords-first-course', '2021-07-01', 'face-to-face')]
      expects('lords-training', seated, { completions }, [
        ['2021-04-01', 'due', { due: day('2021-04-01') }],
        ['2021-04-02', 'overdue', { since: day('2021-04-02') }],
        ['2021-06-30', 'overdue', { since: day('2021-04-02') }],
        ['2021-07-01', 'complete', { since: day('2021-07-01') }],
      ])
    })

    it('3. refuser: overdue until the day of attendance, whatever a body decides meanwhile', () => {
      const completions = [attended('lords-first-course', '2021-10-12', 'face-to-face')]
      expects('lords-training', seated, { completions }, [
        ['2021-07-08', 'overdue', { since: day('2021-04-02') }],
        ['2021-07-20', 'overdue', { since: day('2021-04-02') }],
        ['2021-10-11', 'overdue', { since: day('2021-04-02') }],
        ['2021-10-12', 'complete', { since: day('2021-10-12') }],
      ])
    })

    it('4. month end: due with the last day of February, all that day', () => {
      expects('lords-training', [peer('2021-11-30')], {}, [
        ['2021-11-30', 'due', { due: day('2022-02-28') }],
        ['2022-02-28', 'due', { due: day('2022-02-28') }],
        ['2022-03-01', 'overdue', { since: day('2022-03-01') }],
      ])
    })

    it('5. leave of absence, return, extension, attendance', () => {
      const absences = [absence('leave-of-absence', '2020-09-01', '2023-01-13')]
      const extensions = [
        { duty: 'lords-training', on: day('2023-04-10'), until: day('2023-07-14') },
      ]
      const completions = [attended('lords-seminar', '2023-08-01', 'face-to-face')]
      expects('lords-training', seated, { absences, extensions, completions }, [
        ['2021-04-02', 'not-required'],
        ['2023-01-13', 'not-required'],
        ['2023-01-14', 'due', { due: day('2023-04-14') }],
        ['2023-04-09', 'due', { due: day('2023-04-14') }],
        ['2023-04-10', 'due', { due: day('2023-07-14') }],
        ['2023-07-14', 'due', { due: day('2023-07-14') }],
        ['2023-07-15', 'overdue', { since: day('2023-07-15') }],
        ['2023-07-31', 'overdue'],
        ['2023-08-01', 'complete'],
      ])
    })

    it('6. two employers: complete at both, gone from one, at once complete at a third', () => {
      const forMp = staffer('office-a', 'mp', '2025-03-01', '2025-06-30')
      const forPeer = staffer('office-b', 'peer', '2025-05-01')
      const later = staffer('office-c', 'mp', '2025-10-01')
      const completions = [attended('behaviour-code-staff', '2025-05-10')]
      const facts = { completions }
      expects('members-staff', [forMp, forPeer, later], facts, [
        ['2025-05-01', 'due', { due: day('2025-05-01') }],
        ['2025-05-09', 'overdue', { since: day('2025-05-02') }],
        ['2025-05-10', 'complete'],
        ['2025-06-30', 'complete'],
        ['2025-07-01', 'not-required'],
        ['2025-10-01', 'complete', { since: day('2025-05-10') }],
      ])
      expects('peers-staff', [forMp, forPeer, later], facts, [
        ['2025-05-09', 'due', { due: day('2025-07-01') }],
        ['2025-05-10', 'complete'],
        ['2025-07-01', 'complete'],
      ])
    })

    it('7. conditional suspension: absent for its days, back with three months; bespoke training is not this duty', () => {
      const absences = [absence('suspended', '2020-12-07', '2022-09-01')]
      const completions = [attended('bespoke', '2022-08-10', 'face-to-face')]
      expects('lords-training', seated, { absences, completions }, [
        ['2020-12-06', 'due', { due: day('2021-04-01') }],
        ['2020-12-07', 'not-required'],
        ['2022-09-01', 'not-required'],
        ['2022-09-02', 'due', { due: day('2022-12-02') }],
        ['2022-12-03', 'overdue', { since: day('2022-12-03') }],
      ])
    })

    it('8. the Panel’s training: a missed date of an outcome is no date of the programme', () => {
      const member = [{ ...peer('2019-12-12'), kind: 'mp' as const, house: 'commons' as const }]
      const completions = [attended('behaviour-code', '2023-12-12', 'face-to-face')]
      expects('commons-members', member, { completions }, [
        ['2023-09-04', 'expected'],
        ['2023-12-05', 'expected'],
        ['2023-12-12', 'complete', { since: day('2023-12-12') }],
      ])
    })
  })
})
