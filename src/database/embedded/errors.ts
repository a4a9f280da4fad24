import type { Fields } from './bson/write.js'

/** MongoDB's own names of the error codes that are given here. */
const codeNames: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  16: 'InvalidLength',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  79: 'UnknownReplWriteConcern',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  197: 'InvalidIndexSpecificationOption',
  238: 'NotImplemented',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  14031: 'OutOfDiskSpace',
}

/**
 * A command, or one write of a batch, is refused as MongoDB would refuse it. Anything else that is
 * thrown inside the engine is a fault of the engine.
 */
export class CommandError extends Error {
  readonly code: number
  /** What it carries beside code and message, such as `keyPattern` and `keyValue` of a duplicate key. */
  readonly detail: Fields

  constructor(code: number, message: string, detail: Fields = {}) {
    super(message)
    this.name = 'CommandError'
    this.code = code
    this.detail = detail
  }

  /** The name of the code; codes that have none in MongoDB are shown as there. */
  get codeName(): string {
    return codeNames[this.code] ?? `Location${this.code}`
  }
}

/** Refuses unless something holds. */
export function check(holds: boolean, code: number, message: string): asserts holds {
  if (!holds) throw new CommandError(code, message)
}

/** What MongoDB has and this database has not, refused by name with the code of an unknown thing. */
export const notHere = (code: number, message: string): CommandError =>
  new CommandError(
    code,
    `${message} (the embedded database does not have it: set MONGODB_URI to use MongoDB)`,
  )
