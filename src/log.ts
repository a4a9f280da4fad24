import { pino, type DestinationStream, type Logger } from 'pino'

/** Structured log. ERROR means that a person must act now; outcomes never appear at INFO or above. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const

/** A log that writes JSON lines, to standard output unless told where, secrets struck out. */
export const createLog = (level: (typeof logLevels)[number], to?: DestinationStream): Log => {
  const redact = ['req.headers.cookie', 'req.headers.authorization', 'password', 'secret', 'token']
  const options = { level, base: null, redact }
  return to ? pino(options, to) : pino(options)
}
