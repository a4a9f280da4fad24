import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { KeyActor, Scope } from '../actor.js'
import type { Act } from '../audit/audit.js'
import type { Language, Sentence } from '../language.js'
import type { UploadedFile } from './page.js'

/** One request of a program, as a call's handler sees it. */
export interface Asked<Input> {
  actor: KeyActor
  input: Input
  /** The language of sentences in the answer, by `Accept-Language`. */
  language: Language
  say: (sentence: Sentence) => string
  files: readonly UploadedFile[]
  /** The address as it was asked for, without `/api/v1`. */
  path: string
  /** As it was sent with a POST; a call that is not sealed need not look at it. */
  idempotencyKey?: string
}

/** What a call answers: a value that becomes JSON, or a text that must stay as it is. */
export interface Reply {
  status: number
  body: unknown
  /** JSON that was written once before and is sent as it was. */
  written?: string
  stream?: Readable
}

export const reply = (body: unknown, status = 200): Reply => ({ status, body })

export interface CallSpec<Schema extends z.ZodType> {
  method: 'get' | 'post'
  /** Below `/api/v1`, as in `/people/:id`. */
  path: string
  scope: Scope
  /** What it is for, in one line of English, for the published description. */
  says: string
  /** Path parameters, query and body together, each name once; files come beside it. */
  input: Schema
  /** How the reading or act enters the record: by the door that is called, not at all, or as this. */
  audit: 'act' | 'nothing' | ((asked: Asked<z.output<Schema>>) => Act)
  /** The field of a multipart form that carries the file. */
  upload?: string
  /**
   * A call of the sealed plane: it keeps its own replies, sealed, and is in no log at INFO or above.
   */
  sealed?: true
  handle: (asked: Asked<z.output<Schema>>) => Promise<Reply> | Reply
}

/** A call as the server takes it, its input type forgotten. */
export type Call = Omit<CallSpec<z.ZodType>, 'audit' | 'handle'> & {
  audit: 'act' | 'nothing' | ((asked: Asked<never>) => Act)
  handle: (asked: Asked<never>) => Promise<Reply> | Reply
}

/** Declares a call of the API. Scope, input and audit cannot be left out. */
export const call = <Schema extends z.ZodType>(spec: CallSpec<Schema>): Call => spec
