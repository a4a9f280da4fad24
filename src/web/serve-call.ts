import type { Request, RequestHandler, Response } from 'express'
import type { KeyActor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import { DomainError, refused } from '../errors.js'
import type { Identity } from '../identity/identity.js'
import type { Language, Sentence, Words } from '../language.js'
import type { Log } from '../log.js'
import type { Asked, Call, Reply } from './call.js'
import { parseInput } from './input.js'
import { receiving, uploaded } from './serve.js'
import { noteProblem, problemOf } from './problems.js'

export interface CallServing {
  audit: Audit
  identity: Pick<Identity, 'authenticateKey'>
  words: Words
  log: Log
  repeat: (asked: Asked<unknown>, act: () => Promise<Reply>) => Promise<Reply>
}

const languageOf = (request: Request): Language =>
  request.acceptsLanguages('en', 'cy') === 'cy' ? 'cy' : 'en'

/** Answers an error as a problem document (RFC 9457), with a line for each field that is wrong. */
export function sendProblem(
  error: unknown,
  request: Request,
  response: Response,
  { words, log }: Pick<CallServing, 'words' | 'log'>,
): void {
  const problem = problemOf(error)
  const language = languageOf(request)
  const say = (sentence: Sentence): string => words.say(language, sentence)
  noteProblem(log, problem, error, response.locals['sealed'] === true)
  if (problem.status === 401) response.set('www-authenticate', 'Bearer')
  const { kind, status, title, faults } = problem
  const errors = faults.map((fault) => ({ ...fault, say: undefined, detail: say(fault.say) }))
  response
    .status(status)
    .type('application/problem+json')
    .set('content-language', language)
    .send(
      JSON.stringify({
        type: `urn:good-standing:problem:${kind}`,
        title: say(title),
        status,
        detail: say(problem.say),
        ...(errors.length > 0 ? { errors } : {}),
      }),
    )
}

/** The bearer of a key; nobody gets further without one. Throws `not-signed-in`. */
async function actorOf(request: Request, identity: CallServing['identity']): Promise<KeyActor> {
  const [, token] = /^Bearer ([\x21-\x7e]{1,200})$/.exec(request.get('authorization') ?? '') ?? []
  const actor = token === undefined ? undefined : await identity.authenticateKey(token)
  if (!actor) throw new DomainError('not-signed-in', { key: 'api.no-key' })
  return actor
}

/** A declared call as handlers for Express: key, scope, upload, input, act, record, answer. */
export function serveCall(call: Call, serving: CallServing): RequestHandler[] {
  const { audit, identity, words } = serving
  const guarded =
    (handler: (request: Request, response: Response) => Promise<void>): RequestHandler =>
    (request, response, next) => {
      handler(request, response).catch((error: unknown) => {
        if (response.headersSent) next(error)
        else sendProblem(error, request, response, serving)
      })
    }
  const allow: RequestHandler = (request, response, next) => {
    // Whatever goes wrong here is told to no log that others read.
    if (call.sealed) response.locals['sealed'] = true
    actorOf(request, identity).then(
      (actor) => {
        if (!actor.scopes.includes(call.scope)) {
          sendProblem(refused('api.scope', { scope: call.scope }), request, response, serving)
          return
        }
        response.locals['actor'] = actor
        next()
      },
      (error: unknown) => sendProblem(error, request, response, serving),
    )
  }
  const handle = guarded(async (request, response) => {
    const language = languageOf(request)
    const idempotencyKey = call.method === 'post' ? request.get('idempotency-key') : undefined
    const asked: Asked<never> = {
      actor: response.locals['actor'] as KeyActor,
      input: parseInput(call.input, {
        ...request.query,
        ...((request.body ?? {}) as Record<string, unknown>),
        ...request.params,
      }) as never,
      language,
      say: (sentence) => words.say(language, sentence),
      files: uploaded(request),
      path: request.path,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    }
    const act = async (): Promise<Reply> => {
      const given = await call.handle(asked)
      if (typeof call.audit === 'function') await audit.record(asked.actor, call.audit(asked))
      return given
    }
    const given = call.sealed ? await act() : await serving.repeat(asked, act)
    response.status(given.status).type('application/json')
    response.set('content-language', language)
    if (given.stream) given.stream.on('error', (error) => response.destroy(error)).pipe(response)
    else response.send(given.written ?? JSON.stringify(given.body))
  })
  const take: RequestHandler = (request, response, next) => {
    if (call.upload === undefined) {
      next()
      return
    }
    receiving(call.upload)(request, response, (error: unknown) => {
      if (error) sendProblem(error, request, response, serving)
      else next()
    })
  }
  return [allow, take, handle]
}
