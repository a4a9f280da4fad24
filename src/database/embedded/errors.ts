/**
 * The error codes that the embedded database gives, by MongoDB's own names. A code that MongoDB
 * itself leaves nameless is shown as `Location<code>`, as there.
 */
const codeNames: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  51: 'InvalidRegex',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  57: 'DottedFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  115: 'CommandNotSupported',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  197: 'InvalidIndexSpecificationOption',
  238: 'NotImplemented',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  14031: 'OutOfDiskSpace',
}

export const codeName = (code: number): string => codeNames[code] ?? `Location${code}`

/** What an error carries beside code and message: `keyPattern` and `keyValue` of a duplicate key. */
export type ErrorDetail = Readonly<Record<string, unknown>>

/**
 * A command, or one write of a batch, is refused as MongoDB would refuse it. Anything else that is
 * thrown inside the engine is a fault of the engine.
 */
export class CommandError extends Error {
  readonly code: number
  readonly detail: ErrorDetail

  constructor(code: number, message: string, detail: ErrorDetail = {}) {
    super(message)
    this.name = 'CommandError'
    this.code = code
    this.detail = detail
  }
}

const hint = 'the embedded database does not have it: set MONGODB_URI to use MongoDB'

/** What MongoDB has and this database has not, refused by name with the code of an unknown thing. */
export const notHere = (code: number, message: string): CommandError =>
  new CommandError(code, `${message} (${hint})`)
