import type { Options } from './options.js'

/** A command as a client sent it. */
export interface Call {
  readonly name: string
  readonly db: string
  readonly options: Options
  /** The session, by the bytes of its id. */
  readonly session: string | undefined
  readonly connection: number
  /** When the client wants to hear that it took too long, by `performance.now`. */
  readonly deadline: number
}
