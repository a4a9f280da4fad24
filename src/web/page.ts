import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Actor, PersonActor } from '../actor.js'
import type { Act } from '../audit/audit.js'
import type { Fault } from '../errors.js'
import type { Permission } from '../identity/identity.js'
import type { Language, Sentence } from '../language.js'
import type { Problem } from './problems.js'

/** A file that came with a form. */
export interface UploadedFile {
  name: string
  bytes: Buffer
}

/** One request, as a page's handler sees it: who, what, in which language. */
export interface Visit<Input> {
  actor: Actor
  input: Input
  language: Language
  /** The caller's network address, for rate limits only. */
  address: string
  files: readonly UploadedFile[]
  /** What was typed into a form on this page when sign-in ran out, kept for the person. */
  kept: Readonly<Record<string, unknown>>
  /** Opens a signed-in session for an actor, or closes the one there is. */
  session: {
    open(actor: PersonActor, name: string): Promise<void>
    close(): Promise<void>
    keep(path: string, form: Readonly<Record<string, unknown>>): void
    speak(language: Language): void
  }
}

/** What a page answers with. */
export type Answer =
  | { kind: 'view'; template: string; title: Sentence; model: object; status: number }
  | { kind: 'go'; to: string }
  | { kind: 'file'; body: Buffer | Readable; type: string; name?: string; frozen?: boolean }
  | { kind: 'json'; body: unknown; status: number; type: string }

/** A page of HTML: a template of `views`, its title, what it shows. */
export const view = (
  template: string,
  title: Sentence,
  model: object = {},
  status = 200,
): Answer => ({
  kind: 'view',
  template,
  title,
  model,
  status,
})

/** Sends the browser to another page after a form (303). */
export const go = (to: string): Answer => ({ kind: 'go', to })

/** A download. `frozen` bytes never change under their address. */
export const file = (
  body: Buffer | Readable,
  type: string,
  options: { name?: string; frozen?: boolean } = {},
): Answer => ({ kind: 'file', body, type, ...options })

export const json = (body: unknown, status = 200, type = 'application/json'): Answer => ({
  kind: 'json',
  body,
  status,
  type,
})

/**
 * How a visit enters the record: `act` where the door that is called records it, `nothing` where it
 * shows nobody anything but their own or public things, else what is recorded of the reading.
 */
export type PageAudit<Input> = 'act' | 'nothing' | ((visit: Visit<Input>) => Act)

export interface PageSpec<Schema extends z.ZodType> {
  method: 'get' | 'post'
  path: string
  permission: Permission
  /** Path parameters, query and form fields together, each name once; files come beside it. */
  input: Schema
  audit: PageAudit<z.output<Schema>>
  /** The form field that carries files, for pages that take an upload. */
  upload?: string
  /** How many files it takes at most; what everybody may send is one. */
  files?: number
  /** A page of the sealed plane: in no log at INFO or above, and in no metric (domain, section 4). */
  sealed?: true
  handle: (visit: Visit<z.output<Schema>>) => Promise<Answer> | Answer
  /**
   * Shows the form again with what was typed, where its input is refused; what is wrong and the
   * refusal's status are added to that page. Without it a refusal is answered by the problem page.
   */
  again?: (visit: Visit<Typed>, problem: Problem) => Promise<Answer> | Answer
  /**
   * What else is wrong with the fields that could be read, asked where others could not be: whoever
   * mends a form hears everything at once. `handle` throws the same of fields that all could be read.
   */
  besides?: (
    visit: Visit<Partial<z.output<Schema>>>,
  ) => Promise<readonly Fault[]> | readonly Fault[]
  /** The field that a refusal naming none is shown at; or, for each fault, the field of the form. */
  faultsAt?: string | ((named: string | undefined, say: Sentence) => string | undefined)
}

/** What a form was sent with, before anything has been made of it. */
export type Typed = Readonly<Record<string, unknown>>

/** A page as the server takes it, its input type forgotten. */
export type Page = Omit<PageSpec<z.ZodType>, 'audit' | 'handle' | 'besides'> & {
  audit: PageAudit<never>
  besides?: (visit: Visit<never>) => Promise<readonly Fault[]> | readonly Fault[]
  handle: (visit: Visit<never>) => Promise<Answer> | Answer
}

/** Declares a page. Permission, input and audit cannot be left out: without them it does not compile. */
export const page = <Schema extends z.ZodType>(spec: PageSpec<Schema>): Page => spec
