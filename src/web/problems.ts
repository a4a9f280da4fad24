import { DomainError, type Fault, type ProblemKind } from '../errors.js'
import type { Sentence } from '../language.js'
import type { Log } from '../log.js'

/** How a problem is answered: the one table from errors to pages and problem documents. */
export interface Problem {
  kind: ProblemKind | 'internal'
  status: number
  level: 'debug' | 'info' | 'error'
  title: Sentence
  say: Sentence
  faults: readonly Fault[]
}

const table: Record<ProblemKind, { status: number; level: Problem['level'] }> = {
  'not-found': { status: 404, level: 'debug' },
  'not-signed-in': { status: 401, level: 'debug' },
  refused: { status: 403, level: 'info' },
  invalid: { status: 400, level: 'debug' },
  conflict: { status: 409, level: 'debug' },
  'expired-form': { status: 403, level: 'info' },
  'too-large': { status: 413, level: 'info' },
  'too-many': { status: 429, level: 'info' },
  unavailable: { status: 503, level: 'error' },
}

const title = (kind: string): Sentence => ({ key: `problem.title.${kind}` })

/** What to answer for anything that was thrown. What nobody foresaw says nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof DomainError) {
    const { kind, say, faults } = error
    // Whom a rule stops may well open the page; only what they did on it is not theirs to do.
    const byRule = kind === 'refused' && say.key !== 'problem.refused'
    return { kind, ...table[kind], title: title(byRule ? 'not-yours' : kind), say, faults }
  }
  const foreseen = foreseenOf(error)
  if (foreseen) {
    const say = { key: `problem.${foreseen}` }
    return { kind: foreseen, ...table[foreseen], title: title(foreseen), say, faults: [] }
  }
  return {
    kind: 'internal',
    status: 500,
    level: 'error',
    title: title('internal'),
    say: { key: 'problem.internal' },
    faults: [],
  }
}

/**
 * Writes a problem down. Of the sealed plane's pages nothing stands at INFO; what a person must mend
 * stands as an error's kind and place, without the words that may hold a case.
 */
export function noteProblem(log: Log, problem: Problem, error: unknown, sealed: boolean): void {
  const { kind, level } = problem
  if (!sealed) {
    log[level]({ err: kind === 'internal' ? error : undefined, kind })
    return
  }
  const { name, stack = '' } = error instanceof Error ? error : { name: typeof error }
  const at = stack.split('\n').filter((line) => line.startsWith('    at '))
  if (level === 'error') log.error({ kind, name, at })
  else log.debug({ kind })
}

/** Errors of the libraries around Express that mean something plain. */
function foreseenOf(error: unknown): ProblemKind | undefined {
  const { code, type, status } = error as { code?: unknown; type?: unknown; status?: unknown }
  if (code === 'LIMIT_FILE_SIZE' || type === 'entity.too.large') return 'too-large'
  if (code === 'EBADCSRFTOKEN') return 'expired-form'
  // A malformed address, body or multipart form.
  if (error instanceof URIError || status === 400 || error instanceof MulterShape) return 'invalid'
  if (error instanceof Error && brokenForm.test(error.message)) return 'invalid'
  return undefined
}

// What busboy, below multer, says of a multipart form that was cut off or never was one. It throws
// plain errors.
const brokenForm =
  /^(Unexpected end of (form|file)|Malformed (part header|content type)|Multipart: Boundary not found)/

// multer's own error class is recognised by its name, so that this table needs no import of it.
const MulterShape = {
  [Symbol.hasInstance]: (value: unknown) => (value as Error | undefined)?.name === 'MulterError',
} as unknown as new () => Error
