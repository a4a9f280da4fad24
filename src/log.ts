import { pino, type Logger } from 'pino'

/** Structured log. ERROR means that a person must act now; outcomes never appear at INFO or above. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const

/** A log that writes JSON lines to standard output, secrets struck out. */
export const createLog = (level: (typeof logLevels)[number]): Log =>
  pino({
    level,
    base: null,
    redact: ['req.headers.cookie', 'req.headers.authorization', 'password', 'secret', 'token'],
  })
