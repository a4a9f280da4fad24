import type { Sentence } from './language.js'

/** What went wrong, as the one table in `web/problems.ts` needs it to choose status, page and log level. */
export type ProblemKind =
  | 'not-found'
  | 'not-signed-in'
  | 'refused'
  | 'invalid'
  | 'conflict'
  | 'expired-form'
  | 'too-large'
  | 'too-many'
  | 'unavailable'

/**
 * One thing wrong in what a person gave, said so that they can mend it.
 * `line` counts from 1, header included; `column` and `field` are the names the person sees.
 */
export interface Fault {
  say: Sentence
  file?: string
  line?: number
  column?: string
  field?: string
}

/**
 * A rule of the field was broken. The message is a `Sentence`, so each reader gets it in their own
 * language; `faults` name the places where there are several.
 */
export class DomainError extends Error {
  readonly kind: ProblemKind
  readonly say: Sentence
  readonly faults: readonly Fault[]

  constructor(kind: ProblemKind, say: Sentence, faults: readonly Fault[] = []) {
    super(`${kind}: ${say.key} ${JSON.stringify(say.with ?? {})}`)
    this.name = 'DomainError'
    this.kind = kind
    this.say = say
    this.faults = faults
  }
}

/** Thrown when something does not exist, or when this actor may not know that it does. */
export const notFound = (key = 'problem.not-found', params?: Sentence['with']): DomainError =>
  new DomainError('not-found', params ? { key, with: params } : { key })

/** Thrown when the actor is known, the thing is known to them, and the act is not theirs to do. */
export const refused = (key: string, params?: Sentence['with']): DomainError =>
  new DomainError('refused', params ? { key, with: params } : { key })

/** Thrown when what was given cannot be accepted as it stands; nothing has been stored. */
export const invalid = (
  key: string,
  params?: Sentence['with'],
  faults: readonly Fault[] = [],
): DomainError => new DomainError('invalid', params ? { key, with: params } : { key }, faults)

/** Throws invalid with everything that is wrong at once; does nothing where nothing is. */
export function accept(faults: readonly Fault[]): void {
  const [first] = faults
  if (first) throw new DomainError('invalid', first.say, faults)
}

/** Thrown when somebody else acted in between, or the act has already been done differently. */
export const conflict = (key: string, params?: Sentence['with']): DomainError =>
  new DomainError('conflict', params ? { key, with: params } : { key })

/** Thrown when a thing outside (database, key, disk) is needed and cannot be had now. */
export const unavailable = (key: string, params?: Sentence['with']): DomainError =>
  new DomainError('unavailable', params ? { key, with: params } : { key })
