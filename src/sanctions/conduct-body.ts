import { addDays, addMonths, latest, type Day } from '../clock.js'
import type { Bilingual, Language } from '../language.js'
import { covers, type House, type Term, type TermKind } from '../people/people.js'
import { isClosed, type OutcomeState } from './state.js'
import type { StepName } from './steps.js'

/** Whom a conduct body has power over: a capacity, in one House or in either. */
interface Power {
  kind: TermKind
  house?: Exclude<House, 'both'>
}

/** The steps that a body may ask two officers for. */
export const twoOfficerSteps = [
  'imposed',
  'extended',
  'confirmed',
  'restricted',
  'withdrawn',
  'unenforceable',
  'expunged',
] as const satisfies readonly StepName[]
type TwoOfficerStep = (typeof twoOfficerSteps)[number]

/** Who decides on cases (domain, section 2), as an institution configures it. */
export interface ConductBody {
  id: string
  name: Bilingual
  powers: readonly Power[]
  /** Where its confidential notices go. */
  notices: { address: string; language: Language }
  twoOfficers: readonly TwoOfficerStep[]
  /** Days within which it confirms understanding, counted from the training. */
  confirmWithin: number
  /** Months from the day an outcome was closed to its destruction. */
  keepMonths: number
  /** Days before a due date on which the respondent is reminded, in generic words. */
  remindBefore: readonly number[]
}

/** Whether a body has power over somebody: in any capacity they hold, or have held since the decision. */
export const hasPowerOver = (
  body: Pick<ConductBody, 'powers'>,
  terms: readonly Term[],
  decidedOn: Day,
  today: Day,
): boolean =>
  terms
    .filter((term) => covers(term, decidedOn) || (term.from > decidedOn && term.from <= today))
    .some((term) =>
      body.powers.some(
        ({ kind, house }) =>
          kind === term.kind && (!house || term.house === 'both' || house === term.house),
      ),
    )

/** The last day on which the body ought to confirm; nothing while there is nothing to confirm. */
export const confirmBy = (state: OutcomeState, body: ConductBody): Day | undefined =>
  state.state === 'awaiting-confirmation' && state.completion
    ? addDays(state.completion.on, body.confirmWithin)
    : undefined

/** The first day on which a closed outcome is to be destroyed. */
export function expungeOn(state: OutcomeState, body: ConductBody): Day | undefined {
  if (!isClosed(state) || !state.closedOn) return undefined
  const ordinary = addMonths(state.closedOn, body.keepMonths)
  return state.keptUntil ? latest(ordinary, addDays(state.keptUntil, 1)) : ordinary
}
