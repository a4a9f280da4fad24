import { day, type Day } from '../../src/clock.js'
import { meets, type OrdinaryCompletion } from '../../src/sanctions/matching.js'
import type { OutcomeTerms, Training } from '../../src/sanctions/outcome.js'
import { outcomeState, type OutcomeState } from '../../src/sanctions/state.js'
import type { Doer, Step, Wish } from '../../src/sanctions/steps.js'
import { refusalOf } from '../../src/sanctions/transitions.js'

export const respondent = 'peer-1'

const theTraining: Training = {
  subject: { course: 'lords-seminar', equivalents: [] },
  delivery: ['remote', 'face-to-face'],
  confirmationRequired: false,
}

/** An outcome that requires the seminar, with what a test says differently. */
export const terms = (
  given: Partial<Omit<OutcomeTerms, 'training'>> & { training?: Partial<Training> } = {},
): OutcomeTerms => ({
  reference: 'HL-2021-17',
  respondent,
  body: 'lords-commissioner',
  decidedOn: day('2021-05-18'),
  sanctions: [{ kind: 'training' }],
  agreementOf: [],
  noticeTo: 'lords-commissioner',
  ...given,
  training: { ...theTraining, ...given.training },
})

export const bespokeTraining: Partial<Training> = { subject: { bespoke: true } }

export const officer: Doer = { as: 'officer', id: 'officer-1', person: 'staff-1' }

/** A step recorded at noon of a day. */
export const step = (recorded: string, wish: Wish, more: Partial<Step> = {}): Step => ({
  id: `${recorded}-${wish.step}`,
  at: new Date(`${recorded}T12:00:00Z`),
  by: officer,
  ...more,
  ...wish,
})

export const completion = (
  on: string,
  given: Partial<Omit<OrdinaryCompletion, 'on'>> = {},
): OrdinaryCompletion => ({
  id: `completion-${on}`,
  person: respondent,
  course: 'lords-seminar',
  delivery: 'face-to-face',
  ...given,
  on: day(on),
})

/** The life of one outcome, step by step as an officer would take them; a step that is refused throws. */
export function life(decided: OutcomeTerms, recorded: string = decided.decidedOn) {
  const steps: Step[] = [step(recorded, { step: 'imposed', terms: decided })]
  const told = {
    steps,
    state: (asAt: string): OutcomeState => outcomeState(steps, day(asAt)),
    on(recorded: string, wish: Wish) {
      const refusal = refusalOf(told.state(recorded), wish, day(recorded))
      if (refusal) throw new Error(`${wish.step}: ${refusal.field} ${refusal.key}`)
      steps.push(step(recorded, wish, { id: `step-${steps.length}` }))
      return told
    },
    /** An ordinary completion that became known on a day; only one that meets the terms is told. */
    known(recorded: string, done: OrdinaryCompletion) {
      if (meets(decided, done)) {
        const { id, course, delivery, on } = done
        const wish: Wish = { step: 'completed', completion: id, subject: course, delivery, on }
        steps.push(step(recorded, wish, { id: `step-${steps.length}` }))
      }
      return told
    },
  }
  return told
}

export const d = (text: string): Day => day(text)

/** The Commons Commissioner's form about Mair Larkspur, as a browser would send it. */
export const decisionForm = {
  reference: 'CC/2026/4',
  respondent: 'mair@parliament.example',
  decidedOn: '2026-03-01',
  sanctions: 'training',
  subject: 'course',
  course: 'behaviour-code',
  delivery: 'online',
  due: 'on',
  dueOn: '2026-06-01',
  confirmationRequired: 'no',
  restriction: 'none',
}
