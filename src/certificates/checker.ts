import { DomainError, invalid } from '../errors.js'
import type { Log } from '../log.js'
import { createCrew } from './crew.js'
import type { Serial } from './serial.js'
import type { Knowledge, Verification } from './verification.js'

/** A file whose serial is asked for, or one that is to be checked against what is known. */
export type CheckOrder = { bytes: Uint8Array } | { bytes: Uint8Array; known: Knowledge }
export interface CheckResult {
  serial?: Serial
  verification?: Verification
}

/** Checks files that anybody may send, away from the thread that serves pages, within bounds. */
export interface Checker {
  /**
   * Which certificate a file says that it is. Throws `invalid` where looking into it took too long or too
   * much, and `too-many` while too many files wait.
   */
  serialIn(bytes: Uint8Array): Promise<Serial | undefined>
  /** Throws as `serialIn` does. */
  verify(bytes: Uint8Array, known: Knowledge): Promise<Verification>
  close(): Promise<void>
}

export function createChecker({ log }: { log: Pick<Log, 'warn'> }): Checker {
  const crew = createCrew<CheckOrder, CheckResult>({
    file: 'check-worker',
    say: 'certificates.check',
    // A stranger's file that kills a thread is nothing on which a person must act.
    log: { warn: log.warn.bind(log), error: log.warn.bind(log) },
    workers: 1,
    waiting: 20,
    patience: 10_000,
    // What killed one thread is not given to another.
    tries: 1,
    memory: 256,
  })
  const carryOut = async (order: CheckOrder): Promise<CheckResult> => {
    try {
      return await crew.carryOut(order)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const { say } = error
      throw say.key.endsWith('.failed') ? invalid(say.key) : new DomainError('too-many', say)
    }
  }
  return {
    serialIn: async (bytes) => (await carryOut({ bytes })).serial,
    async verify(bytes, known) {
      const { verification } = await carryOut({ bytes, known })
      if (!verification) throw invalid('certificates.check.failed')
      return verification
    },
    close: () => crew.close(),
  }
}
