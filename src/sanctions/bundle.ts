import { outcomeJson, type OutcomeJson } from './outcome-json.js'
import type { Case } from './cases.js'
import type { ProvenEntry, ProvenLog } from './log-proofs.js'
import type { Step } from './steps.js'

/** A step that whoever receives the bundle must not read, and why. */
export interface Redaction {
  step: string
  why: string
}

/** A step as the bundle shows it. */
type BundledStep = Step | { id: string; step: Step['step']; at: Date; redacted: string }

/** A log entry in the bundle: a redacted one keeps its place and its proof, and loses its words. */
type BundledEntry =
  ProvenEntry | (Pick<ProvenEntry, 'commitment' | 'index' | 'proof'> & { redacted: string })

/**
 * Everything that the sealed plane contributes to a hearing (issue 8, part 7): the decision and every
 * step since, each entry of the body's log with the proof that it was there, and what was left out.
 * The sealed plane knows no answer anybody gave in a course, so none can be in it.
 */
export interface Bundle {
  outcome: OutcomeJson
  steps: readonly BundledStep[]
  log: Omit<ProvenLog, 'entries'> & { entries: readonly BundledEntry[] }
  /** The ordinary completions it speaks of, for whoever adds their content versions. */
  completions: readonly string[]
  certificates: readonly string[]
  redactions: readonly Redaction[]
}

export function bundleOf(held: Case, log: ProvenLog, redactions: readonly Redaction[]): Bundle {
  const why = new Map(redactions.map((one) => [one.step, one.why]))
  const steps = held.steps.map((step): BundledStep => {
    const redacted = why.get(step.id)
    return redacted === undefined ? step : { id: step.id, step: step.step, at: step.at, redacted }
  })
  const entries = log.entries.map((entry): BundledEntry => {
    const redacted = entry.step === undefined ? undefined : why.get(entry.step)
    if (redacted === undefined) return entry
    const { commitment, index, proof } = entry
    return { commitment, index, proof, redacted }
  })
  const named = <Name extends 'completed' | 'certified'>(name: Name) =>
    held.steps.filter((step): step is Extract<Step, { step: Name }> => step.step === name)
  return {
    outcome: outcomeJson(held.state),
    steps,
    log: { ...log, entries },
    completions: [...new Set(named('completed').map(({ completion }) => completion))],
    certificates: [...new Set(named('certified').map(({ serial }) => serial))],
    redactions: redactions.filter(({ step }) => held.steps.some(({ id }) => id === step)),
  }
}
