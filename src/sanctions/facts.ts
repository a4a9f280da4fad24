import { addDays, addMonths, dayOf, daysBetween, type Day } from '../clock.js'
import type { OutcomeTerms } from './outcome.js'
import type { Attendance, BespokeSession, Step, StepName, StepNamed } from './steps.js'

export interface KnownCompletion {
  id: string
  subject: string
  delivery: StepNamed<'completed'>['delivery']
  on: Day
  confirmedOn?: Day
  certificate?: string
}

export interface PlannedSession extends BespokeSession {
  booked: boolean
  cancelled: boolean
  attendance?: Attendance
}

/** What the steps so far amount to, before anything is concluded from it. */
export interface Facts {
  terms: OutcomeTerms
  seconded: boolean
  agreed: Map<string, Day>
  due?: Day
  happenedOn?: Day
  stay?: { on: Day; remained?: number }
  begun: boolean
  completions: KnownCompletion[]
  restrictedFrom?: Day
  liftedOn?: Day
  ended?: { state: 'withdrawn' | 'unenforceable'; on: Day }
  missed: Day[]
  sessions: Map<string, PlannedSession>
  questions: Map<string, StepNamed<'asked'> & { answer?: string }>
  privateAddress?: string
  keptUntil?: Day
  shareToken?: string
}

export function factsOf(terms: OutcomeTerms, seconded: boolean): Facts {
  const { training, restriction } = terms
  return {
    terms,
    seconded,
    agreed: new Map(),
    begun: false,
    completions: [],
    missed: [],
    sessions: new Map(),
    questions: new Map(),
    ...(training.dueOn ? { due: training.dueOn } : {}),
    ...(restriction?.state === 'active'
      ? { restrictedFrom: restriction.from ?? terms.decidedOn }
      : {}),
  }
}

/** A duty exists once every officer and every party it needs has agreed (domain, section 4.2). */
export const outstandingParties = ({ terms, agreed }: Facts): string[] =>
  terms.agreementOf.filter((party) => !agreed.has(party))

export const isInForce = (facts: Facts): boolean =>
  facts.seconded && outstandingParties(facts).length === 0

/** The completion that meets the requirement: the earliest that stands, once the duty runs. */
export const countingCompletion = (facts: Facts): KnownCompletion | undefined =>
  isInForce(facts) && !facts.stay ? heldCompletion(facts) : undefined

/** The same, whether or not the duty runs at present: after a stay it counts. */
export const heldCompletion = ({ completions }: Facts): KnownCompletion | undefined =>
  completions.reduce<KnownCompletion | undefined>(
    (first, next) => (first && first.on <= next.on ? first : next),
    undefined,
  )

/** The day on which the training was done and, where it must be, found to be understood. */
export function satisfiedOn(facts: Facts): Day | undefined {
  const counting = countingCompletion(facts)
  return facts.terms.training.confirmationRequired ? counting?.confirmedOn : counting?.on
}

type Apply = { [Name in StepName]?: (facts: Facts, step: StepNamed<Name>) => void }

const resume = (facts: Facts, { on, dueOn }: StepNamed<'resumed'>): void => {
  const remained = facts.stay?.remained
  // A date that had passed when the appeal began has still passed.
  if (dueOn) facts.due = dueOn
  else if (remained !== undefined && remained >= 0) facts.due = addDays(on, remained)
  delete facts.stay
}

const table: Apply = {
  agreed: (facts, { party, on }) => void facts.agreed.set(party, on),
  stayed(facts, { on }) {
    facts.stay = { on, ...(facts.due ? { remained: daysBetween(on, facts.due) } : {}) }
  },
  resumed: resume,
  extended(facts, { dueOn }) {
    facts.due = dueOn
  },
  happened(facts, { on }) {
    facts.happenedOn = on
    facts.due = addMonths(on, facts.terms.training.dueAfter?.months ?? 0)
  },
  begun(facts) {
    facts.begun = true
  },
  completed(facts, { completion, subject, delivery, on }) {
    if (facts.completions.some(({ id }) => id === completion)) return
    facts.completions.push({ id: completion, subject, delivery, on })
  },
  annulled(facts, { completion }) {
    facts.completions = facts.completions.filter(({ id }) => id !== completion)
  },
  certified(facts, { completion, serial }) {
    for (const known of facts.completions.filter(({ id }) => id === completion)) {
      known.certificate = serial
    }
  },
  revoked(facts, { serial }) {
    for (const known of facts.completions.filter(({ certificate }) => certificate === serial)) {
      delete known.certificate
    }
  },
  confirmed(facts, { on }) {
    const counting = countingCompletion(facts)
    if (counting) counting.confirmedOn = on
  },
  'not-confirmed'(facts) {
    const counting = countingCompletion(facts)
    facts.completions = facts.completions.filter((known) => known !== counting)
    facts.begun = true
  },
  missed: (facts, { due }) => void facts.missed.push(due),
  restricted(facts, { from }) {
    facts.restrictedFrom = from
    delete facts.liftedOn
  },
  lifted(facts, { on }) {
    facts.liftedOn = on
  },
  withdrawn(facts, { on }) {
    facts.ended = { state: 'withdrawn', on }
  },
  unenforceable(facts, { on }) {
    facts.ended = { state: 'unenforceable', on }
  },
  asked: (facts, step) => void facts.questions.set(step.id, { ...step }),
  answered(facts, { question, text }) {
    const asked = facts.questions.get(question)
    if (asked) asked.answer = text
  },
  planned: (facts, { session }) =>
    void facts.sessions.set(session.id, { ...session, booked: false, cancelled: false }),
  cancelled: (facts, { session }) => change(facts, session, { cancelled: true }),
  booked: (facts, { session }) => change(facts, session, { booked: true }),
  marked: (facts, { session, attendance }) => change(facts, session, { attendance }),
  address(facts, { private: address }) {
    if (address === undefined) delete facts.privateAddress
    else facts.privateAddress = address
  },
  kept(facts, { until }) {
    facts.keptUntil = until
  },
  shared(facts, { token }) {
    if (token === undefined) delete facts.shareToken
    else facts.shareToken = token
  },
}

function change(facts: Facts, session: string, fields: Partial<PlannedSession>): void {
  const planned = facts.sessions.get(session)
  if (planned) facts.sessions.set(session, { ...planned, ...fields })
}

/** Adds one step to the facts, and what follows from it of itself: a restriction ends with its reason. */
export function apply(facts: Facts, step: Step, at: Date): void {
  const act = table[step.step] as ((facts: Facts, step: Step) => void) | undefined
  act?.(facts, step)
  const over = facts.ended !== undefined || satisfiedOn(facts) !== undefined
  if (over && facts.restrictedFrom && !facts.liftedOn && step.step !== 'restricted') {
    facts.liftedOn = dayOf(at)
  }
}
