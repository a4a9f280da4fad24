import type { Day } from '../clock.js'
import type { OutcomeState } from './state.js'
import type { Step } from './steps.js'

export const webhookEvents = [
  'outcome.training.completed',
  'outcome.training.confirmed',
  'outcome.training.missed',
  'restriction.imposed',
  'restriction.lifted',
  'certificate.issued',
  'certificate.revoked',
] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** Who is written to. The address is looked up when the mail goes out. */
export type Recipient =
  | { to: 'respondent'; person: string; address?: string }
  | { to: 'trainer'; person: string }
  | { to: 'body'; body: string }
  | { to: 'officer'; account: string }

/** What other programs are told; a restriction is told with its reference and never with a reason. */
type EventData = Readonly<Record<string, unknown>>

/** What a body is told that another body's outcome names. */
export interface NoticeData {
  reference: string
  respondent: string
  body: string
  dueOn: Day
}

/** What follows from a step outside the outcome itself. Kept with it until it has been done. */
export type Consequence =
  | { what: 'webhook'; body: string; event: WebhookEvent; data: EventData }
  | { what: 'mail'; recipient: Recipient }
  | { what: 'notice'; body: string; data: NoticeData }

const ofOutcome = (state: OutcomeState): EventData => {
  const { terms, completion, satisfiedOn, late, due } = state
  return {
    reference: terms.reference,
    respondent: terms.respondent,
    body: terms.body,
    state: state.state,
    ...(due ? { dueOn: due } : {}),
    ...(completion ? { completedOn: completion.on, delivery: completion.delivery } : {}),
    ...(satisfiedOn ? { satisfiedOn, late: late === true } : {}),
    ...(completion?.certificate ? { certificate: completion.certificate } : {}),
  }
}

const ofRestriction = ({ terms, restriction }: OutcomeState, state: string): EventData => ({
  reference: terms.reference,
  respondent: terms.respondent,
  restriction: {
    state,
    ...(restriction?.from ? { from: restriction.from } : {}),
    ...(restriction?.liftedOn ? { liftedOn: restriction.liftedOn } : {}),
  },
})

/** What the change from one state to the next makes known to other programs. */
function webhooks(before: OutcomeState | undefined, after: OutcomeState, steps: readonly Step[]) {
  const { body, noticeTo } = after.terms
  const found: Consequence[] = []
  const tell = (event: WebhookEvent, data: EventData, to = body) =>
    found.push({ what: 'webhook', body: to, event, data })

  const { reference, respondent } = after.terms
  for (const step of steps) {
    if (step.step === 'missed') {
      const data = { reference, respondent, body, dueOn: step.due }
      tell('outcome.training.missed', data, noticeTo)
      if (noticeTo !== body) found.push({ what: 'notice', body: noticeTo, data })
    }
    if (step.step === 'revoked') {
      tell('certificate.revoked', { reference, respondent, body, certificate: step.serial })
    }
  }
  if (after.restriction?.ordered && !before?.restriction?.ordered) {
    tell('restriction.imposed', ofRestriction(after, 'active'))
  }
  const { completion } = after
  const isNew = completion && before?.completion?.id !== completion.id
  if (isNew) tell('outcome.training.completed', ofOutcome(after))
  if (after.satisfiedOn && !before?.satisfiedOn && after.terms.training.confirmationRequired) {
    tell('outcome.training.confirmed', ofOutcome(after))
  }
  if (before?.restriction?.ordered && !after.restriction?.ordered) {
    tell('restriction.lifted', ofRestriction(after, 'lifted'))
  }
  const certificate = completion?.certificate
  if (certificate && before?.completion?.certificate !== certificate) {
    tell('certificate.issued', ofOutcome(after))
  }
  return found
}

const changesForRespondent = new Set(['planned', 'cancelled', 'answered', 'reminded'])

/** Whether there is something new on the respondent's own page. One mail says so, in generic words. */
const concernsRespondent = (
  before: OutcomeState | undefined,
  after: OutcomeState,
  steps: readonly Step[],
): boolean =>
  after.inForce &&
  (!before?.inForce ||
    before.due !== after.due ||
    (before.state !== after.state && after.state !== 'in-training') ||
    steps.some(({ step }) => changesForRespondent.has(step)))

/** Whether an officer of the body has something to look at. */
const concernsBody = (
  before: OutcomeState | undefined,
  after: OutcomeState,
  steps: readonly Step[],
): boolean =>
  after.waitingForSecond.length > (before?.waitingForSecond.length ?? 0) ||
  (after.state === 'awaiting-confirmation' && before?.state !== 'awaiting-confirmation') ||
  steps.some(({ step }) => step === 'asked' || step === 'annulled')

function mails(before: OutcomeState | undefined, after: OutcomeState, steps: readonly Step[]) {
  const { respondent, body, noticeTo } = after.terms
  const found: Recipient[] = []
  if (concernsRespondent(before, after, steps)) {
    const address = after.privateAddress
    found.push({ to: 'respondent', person: respondent, ...(address ? { address } : {}) })
  }
  if (concernsBody(before, after, steps)) found.push({ to: 'body', body })
  for (const step of steps) {
    if (step.step === 'missed') found.push({ to: 'body', body: noticeTo })
    if (step.step === 'passed') found.push({ to: 'officer', account: step.to })
    if (step.step === 'planned') found.push({ to: 'trainer', person: step.session.trainer })
    if (step.step === 'cancelled') {
      const session = after.sessions.find(({ id }) => id === step.session)
      if (session) found.push({ to: 'trainer', person: session.trainer })
    }
  }
  return found.map((recipient): Consequence => ({ what: 'mail', recipient }))
}

/**
 * Everything that follows from steps just taken: a pure comparison of the states before and after, so
 * that a step which counts at once and one that a second officer let count have the same consequences.
 */
export const consequencesOf = (
  before: OutcomeState | undefined,
  after: OutcomeState,
  steps: readonly Step[],
): Consequence[] => [...webhooks(before, after, steps), ...mails(before, after, steps)]
