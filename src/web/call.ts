import type { z } from 'zod'
import type { KeyActor, Scope } from '../actor.js'

/** One request of a program, as a call's handler sees it. */
export interface Asked<Input> {
  actor: KeyActor
  /** Path parameters and query, each name once. */
  input: Input
  /** The JSON that was sent; the door that is called reads and checks it. */
  body: unknown
  /** The caller's own name for the request (`Idempotency-Key`): sent again, it changes nothing. */
  idempotencyKey?: string
  /** Method and address, as a repeated request must bear them again. */
  address: string
}

/** What a program is answered: JSON, already written. */
export interface Answered {
  status: number
  body: string
}

export interface CallSpec<Schema extends z.ZodType> {
  method: 'get' | 'post' | 'delete'
  /** Below `/api/v1`. */
  path: string
  scope: Scope
  /** What it does, for those who read the description of the API. */
  summary: string
  input: Schema
  /** What the body holds, described for programmers. */
  body?: z.ZodType
  /** A call of the sealed plane: in no log at INFO or above; nothing is there without the scope. */
  sealed?: true
  handle: (asked: Asked<z.output<Schema>>) => Promise<Answered>
}

/** A call as the server takes it, its input type forgotten. */
export type Call = Omit<CallSpec<z.ZodType>, 'handle'> & {
  handle: (asked: Asked<never>) => Promise<Answered>
}

/** Declares a call. Scope and input cannot be left out: without them it does not compile. */
export const call = <Schema extends z.ZodType>(spec: CallSpec<Schema>): Call => spec

export const answered = (body: unknown, status = 200): Answered => ({
  status,
  body: JSON.stringify(body),
})
