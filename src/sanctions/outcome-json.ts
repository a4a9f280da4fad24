import type { Day } from '../clock.js'
import type { Sanction } from './outcome.js'
import type { OutcomeState, StateName } from './state.js'

/** An outcome as other programs hold it (interface, *Outcome in JSON*). */
export interface OutcomeJson {
  reference: string
  respondent: string
  body: string
  decidedOn: Day
  sanctions: readonly Sanction[]
  training: {
    course?: string
    bespoke?: string | true
    delivery: readonly string[]
    dueOn?: Day
    dueAfter?: { event: string; months: number }
    confirmationRequired: boolean
  }
  agreementOf?: readonly string[]
  /** Who has not agreed yet, while a duty waits for it. */
  outstanding?: readonly string[]
  noticeTo: string
  restriction?: { state: string; from?: Day }
  suspension?: { from?: Day; until?: Day }
  state: StateName
  satisfiedOn?: Day
  late?: boolean
  certificate?: string
}

/** The due date there is now stands in `training.dueOn`, counted or extended as it may be. */
export function outcomeJson(state: OutcomeState): OutcomeJson {
  const { terms, due, completion, satisfiedOn, restriction, suspension } = state
  const { subject, delivery, dueAfter, confirmationRequired } = terms.training
  return {
    reference: terms.reference,
    respondent: terms.respondent,
    body: terms.body,
    decidedOn: terms.decidedOn,
    sanctions: terms.sanctions,
    training: {
      ...('course' in subject ? { course: subject.course } : { bespoke: subject.bespoke }),
      delivery,
      ...(due ? { dueOn: due } : {}),
      ...(dueAfter ? { dueAfter } : {}),
      confirmationRequired,
    },
    ...(terms.agreementOf.length > 0 ? { agreementOf: terms.agreementOf } : {}),
    ...(state.outstanding.length > 0 ? { outstanding: state.outstanding } : {}),
    noticeTo: terms.noticeTo,
    ...(restriction
      ? {
          restriction: {
            state: restriction.state,
            ...(restriction.from ? { from: restriction.from } : {}),
          },
        }
      : {}),
    ...(suspension ? { suspension } : {}),
    state: state.state,
    ...(satisfiedOn ? { satisfiedOn, late: state.late === true } : {}),
    ...(completion?.certificate ? { certificate: completion.certificate } : {}),
  }
}
