import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import type { KeyActor } from '../actor.js'
import { DomainError, invalid, notFound, refused } from '../errors.js'
import type { Identity } from '../identity/identity.js'
import type { Language, Words } from '../language.js'
import type { Log } from '../log.js'
import type { Asked, Call } from './call.js'
import { describeCalls } from './openapi.js'
import { noteProblem, problemOf, type Problem } from './problems.js'

export interface ApiParts {
  identity: Pick<Identity, 'authenticateKey'>
  words: Words
  log: Log
  publicUrl: string
}

/** A problem document (RFC 9457); `errors` names each field that has to be changed. */
function documentOf(problem: Problem, words: Words, language: Language): object {
  const { status, title, say, faults } = problem
  return {
    type: 'about:blank',
    title: words.say(language, title),
    status,
    detail: words.say(language, say),
    ...(faults.length > 0
      ? {
          errors: faults.map(({ field, line, column, say: fault }) => ({
            ...(field === undefined ? {} : { field }),
            ...(line === undefined ? {} : { line }),
            ...(column === undefined ? {} : { column }),
            detail: words.say(language, fault),
          })),
        }
      : {}),
  }
}

/** Programs are spoken to in English unless they ask for Welsh. */
const languageFor = (request: Request): Language =>
  request.acceptsLanguages('en', 'cy') === 'cy' ? 'cy' : 'en'

function parseInput(spec: Call, request: Request): unknown {
  const parsed = spec.input.safeParse({ ...request.query, ...request.params })
  if (parsed.success) return parsed.data
  throw invalid(
    'problem.input',
    undefined,
    parsed.error.issues.map(({ path }) => {
      const field = String(path[0] ?? '')
      return { field, say: { key: 'problem.field', with: { field } } }
    }),
  )
}

/** `Idempotency-Key`: what the caller calls this request; printable, at most 255 characters. */
function idempotencyKeyOf(request: Request): { idempotencyKey?: string } {
  const key = request.get('idempotency-key')
  if (key === undefined) return {}
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    const field = 'Idempotency-Key'
    const say = { key: 'problem.field', with: { field } }
    throw invalid('problem.input', undefined, [{ field, say }])
  }
  return { idempotencyKey: key }
}

function handler(spec: Call): RequestHandler {
  return async (request, response) => {
    const actor = response.locals['actor'] as KeyActor
    if (spec.sealed) response.locals['sealed'] = true
    if (!actor.scopes.includes(spec.scope)) {
      // What this key may not know of is answered as an address that does not exist.
      throw spec.sealed ? notFound() : refused('problem.refused')
    }
    const asked: Asked<never> = {
      actor,
      input: parseInput(spec, request) as never,
      body: request.body as unknown,
      address: `${request.method} ${request.path}`,
      ...idempotencyKeyOf(request),
    }
    const { status, body } = await spec.handle(asked)
    response.status(status).type('application/json').set('cache-control', 'no-store').send(body)
  }
}

/** The API (interface, *API*): bearer keys, JSON in and out, problem documents. */
export function createApi(calls: readonly Call[], parts: ApiParts): express.Router {
  const { identity, words, log, publicUrl } = parts
  const router = express.Router({ caseSensitive: true })

  const authenticate: RequestHandler = async (request, response, next) => {
    const [, token] = /^Bearer (\S{1,200})$/.exec(request.get('authorization') ?? '') ?? []
    const actor = token === undefined ? undefined : await identity.authenticateKey(token)
    if (!actor) throw new DomainError('not-signed-in', { key: 'problem.api-key' })
    response.locals['actor'] = actor
    next()
  }

  const answerProblem: ErrorRequestHandler = (error: unknown, request, response, next) => {
    const problem = problemOf(error)
    noteProblem(log, problem, error, response.locals['sealed'] === true)
    if (response.headersSent) {
      next(error)
      return
    }
    sendProblem(response, documentOf(problem, words, languageFor(request)), problem.status)
  }

  const description = JSON.stringify(describeCalls(calls, publicUrl))
  router.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(description)
  })
  router.use(authenticate)
  router.use(express.json({ limit: '256kb', type: () => true }))
  for (const spec of calls) router[spec.method](spec.path, handler(spec))
  router.use((_request, _response, next) => next(notFound()))
  router.use(answerProblem)
  return router
}

function sendProblem(response: Response, document: object, status: number): void {
  if (status === 401) response.set('www-authenticate', 'Bearer')
  response.status(status).type('application/problem+json').set('cache-control', 'no-store')
  response.send(JSON.stringify(document))
}
