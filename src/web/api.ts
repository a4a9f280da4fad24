import express, { type Router } from 'express'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { notFound } from '../errors.js'
import type { Call } from './call.js'
import { openApiOf } from './open-api.js'
import { createRepeats } from './repeats.js'
import { sendProblem, serveCall, type CallServing } from './serve-call.js'

/** The API (interface, *API*) under `/api/v1`: no cookies, no sessions, a bearer key for every call. */
export function createApi(
  calls: readonly Call[],
  parts: Omit<CallServing, 'repeat'> & { database: Database; clock: Clock; publicUrl: string },
): Router {
  const { database, clock, publicUrl } = parts
  const repeat = createRepeats({ database, clock })
  const description = openApiOf(calls, publicUrl)
  const api = express.Router()
  api.get('/openapi.json', (_request, response) => {
    response.json(description)
  })
  api.use(express.json({ limit: '256kb' }))
  for (const call of calls) api[call.method](call.path, serveCall(call, { ...parts, repeat }))
  api.use((request, response) => sendProblem(notFound(), request, response, parts))
  const broken: express.ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) next(error)
    else sendProblem(error, request, response, parts)
  }
  api.use(broken)
  return api
}
