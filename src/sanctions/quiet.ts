import { DomainError, type Fault, type ProblemKind } from '../errors.js'
import type { Params, Sentence } from '../language.js'

/**
 * A sentence whose params reach the person who reads it and nothing else: neither JSON nor an
 * inspected object shows them.
 */
function unwritten(say: Sentence): Sentence {
  if (!say.with) return say
  const params: Params = Object.defineProperty({ ...say.with }, 'toJSON', {
    value: () => ({}),
    enumerable: false,
  })
  return Object.defineProperty({ key: say.key }, 'with', { value: params, enumerable: false })
}

/**
 * The error of the sealed plane. No name, reference or text of a case may reach a log line or an
 * exception (domain, section 4), so its message, stack and JSON say only which sentence it was.
 */
export const quiet = (kind: ProblemKind, say: Sentence, field?: string): DomainError =>
  new DomainError(kind, unwritten(say), field === undefined ? [] : [{ say: unwritten(say), field }])

/** The same for several faults of one form or document. */
export const quietFaults = (faults: readonly Fault[]): DomainError =>
  new DomainError(
    'invalid',
    { key: 'outcomes.refused.input' },
    faults.map((fault) => ({ ...fault, say: unwritten(fault.say) })),
  )
