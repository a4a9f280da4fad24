import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import cookieParser from 'cookie-parser'
import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { personOf, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { notFound } from '../errors.js'
import type { Identity } from '../identity/identity.js'
import type { Sentence, Words } from '../language.js'
import type { Log } from '../log.js'
import type { Random } from '../random.js'
import { createApi } from './api.js'
import type { Call } from './call.js'
import { callsOf, type CallsParts } from './calls.js'
import { navigationOf } from './navigation.js'
import type { Page } from './page.js'
import { pagesOf, type PagesParts } from './pages.js'
import { aroundOf, isBesideLessons } from './pages/learning/around.js'
import { noteProblem, problemOf } from './problems.js'
import { createRenderer } from './render.js'
import { createEnvelope, createForms, sameOrigin, secureHeaders } from './security.js'
import { formOf, languageOf, serve, type Serving } from './serve.js'
import { actorOf, createSessions } from './sessions.js'

/** What pages and calls stand before, and what the server itself needs. */
export type WebParts = Omit<PagesParts, 'envelope'> & CallsParts & ServerParts

interface ServerParts {
  database: Database
  audit: Audit
  identity: Identity
  clock: Clock
  words: Words
  random: Random
  log: Log
  publicUrl: string
  sessionSecret: string
  trustProxy: number
  viewsDir: string
  /** The built style sheet. */
  publicDir: string
  morePages: readonly Page[]
}

export { page, json, type Page } from './page.js'
export { replyCollections } from './replies-store.js'
export { sessionCollections } from './sessions.js'

export interface Web {
  /** Every page and call there is, as declared: for tests that must reach them all. */
  pages: readonly Page[]
  calls: readonly Call[]
  server: Server
  /** Begins to answer; port 0 stands for any that is free. */
  listen(port: number, host: string): Promise<void>
  /** Takes no more requests, lets those under way finish for up to ten seconds, then ends them. */
  close(): Promise<void>
}

const govukDir = fileURLToPath(new URL('.', import.meta.resolve('govuk-frontend')))

/** Fonts, the GOV.UK script and the built style sheet: the same for everybody, cached by the browser. */
function assets(publicDir: string, viewsDir: string): express.Router {
  const fontsDir = fileURLToPath(
    new URL('files/', import.meta.resolve('@fontsource/source-sans-3/package.json')),
  )
  const router = express.Router()
  const options = { index: false, fallthrough: true, maxAge: '1d' }
  for (const folder of [publicDir, join(viewsDir, 'assets'), govukDir, fontsDir])
    router.use(express.static(folder, options))
  return router
}

// When everybody is reminded at the same hour, a thousand connections come at once. Those that do not
// fit behind the door are turned away by the system before this process has seen them.
const waitingAtMost = 4096

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: waitingAtMost }, resolve)
  })
}

/**
 * What is about people is kept by nobody on the way, refusals included, unless a page says otherwise; and
 * no search engine lists it: whoever is shown a certificate's address has it from its holder. Only the
 * register is there to be found.
 */
const discreet: RequestHandler = (request, response, next) => {
  response.set('cache-control', 'no-store')
  if (!/^\/register(\/editions\/|\.|$)/.test(request.path)) response.set('x-robots-tag', 'noindex')
  next()
}

const firstPart = (path: string): string => path.split('/', 2)[1]?.toLowerCase() ?? ''

/** The pages, looked for only among those whose address begins with the same part. */
function routed(pages: readonly Page[], serving: Serving): RequestHandler {
  const routers = new Map<string, express.Router>()
  for (const page of pages) {
    const first = firstPart(page.path)
    const router = routers.get(first) ?? express.Router()
    routers.set(first, router)
    router[page.method](page.path, serve(page, serving))
  }
  return (request, response, next) => {
    const router = routers.get(firstPart(request.path))
    if (router) router(request, response, next)
    else next()
  }
}

/**
 * A server whose requests and responses are Express's from the start. Else Express changes what each
 * of them is once it is there, and V8 knows nothing of an object that was changed so: whatever is read
 * of it is looked for anew, and it outlives its request (decision 10).
 */
function serverOf(app: express.Express): Server {
  class Incoming extends IncomingMessage {}
  class Outgoing extends ServerResponse {}
  Object.setPrototypeOf(Incoming.prototype, app.request)
  Object.setPrototypeOf(Outgoing.prototype, app.response)
  Object.assign(app, { request: Incoming.prototype, response: Outgoing.prototype })
  return createServer({ IncomingMessage: Incoming, ServerResponse: Outgoing }, app)
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection that is idle now may have been busy a moment ago: it is looked for again and again.
  const sweep = setInterval(() => server.closeIdleConnections(), 100)
  const limit = setTimeout(() => server.closeAllConnections(), 10_000)
  await closed
  clearInterval(sweep)
  clearTimeout(limit)
}

/** Builds the web server; it listens when its caller says so. */
export function createWeb(parts: WebParts): Web {
  const { publicUrl, sessionSecret, random, words, log, database } = parts
  const secure = publicUrl.startsWith('https:')
  const forms = createForms(sessionSecret, secure)
  const envelope = createEnvelope(sessionSecret, random)
  const renderer = createRenderer(parts.viewsDir, words)

  /** How pages look for somebody. A page that says the database is away must not need it. */
  const displayOf = async (actor: Actor): Promise<readonly string[]> => {
    if (personOf(actor) === undefined) return []
    const own = await parts.adjustments.own(actor).catch(() => undefined)
    return own?.display ?? []
  }

  const html: Serving['html'] = async (request, response, template, title, model) => {
    const actor = actorOf(request)
    const display = await displayOf(actor)
    return renderer.render(template, model, {
      display,
      language: languageOf(request),
      title,
      nonce: response.locals['nonce'] as string,
      csrf: forms.token(request, response),
      address: request.originalUrl,
      signedIn: actor.kind === 'person' ? { name: request.session.name } : undefined,
      navigation: navigationOf(actor, request.path),
    })
  }

  async function askToSignIn(request: Request, response: Response): Promise<void> {
    const to = encodeURIComponent(request.method === 'GET' ? request.originalUrl : request.path)
    if (request.method === 'GET') {
      response.redirect(303, `/sign-in?to=${to}`)
      return
    }
    // The form is not done, and not lost: it waits, unreadable to others, in the sign-in page itself.
    const kept = envelope.seal({ path: request.path, form: formOf(request) })
    const title: Sentence = { key: 'sign-in.title' }
    response.status(401).send(await html(request, response, 'account/sign-in', title, { kept }))
  }

  const serving: Serving = { audit: parts.audit, forms, secure, html, askToSignIn }
  const pages = [...pagesOf({ ...parts, envelope }), ...parts.morePages]
  const calls = callsOf(parts)

  const answerProblem: ErrorRequestHandler = (error: unknown, request, response, next) => {
    const problem = problemOf(error)
    noteProblem(log, problem, error, response.locals['sealed'] === true)
    if (response.headersSent) {
      next(error)
      return
    }
    const around = isBesideLessons(request.path) ? aroundOf(parts) : {}
    html(request, response, 'problem', problem.title, { ...around, problem }).then(
      (page) => response.status(problem.status).send(page),
      (failure: unknown) => {
        log.error({ err: failure }, 'the problem page could not be drawn')
        response.status(500).type('text').send('Something went wrong. Please try again.')
      },
    )
  }

  const app = express()
  app.set('trust proxy', parts.trustProxy)
  app.set('query parser', 'simple')
  app.disable('x-powered-by')
  // Pages are never kept by a browser: a tag of their bytes would be worked out for nobody.
  app.disable('etag')
  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' })
  })
  app.get('/ready', (_request, response) => {
    database.ping().then(
      () => response.json({ status: 'ready' }),
      () => response.status(503).json({ status: 'unavailable' }),
    )
  })
  app.use(secureHeaders(random, secure))
  app.use('/assets', assets(parts.publicDir, parts.viewsDir))
  app.use(discreet)
  app.use('/api/v1', createApi(calls, parts))
  app.use(cookieParser())
  app.use(createSessions({ database, identity: parts.identity, secret: sessionSecret, secure }))
  app.use(sameOrigin(publicUrl))
  app.use(express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 500 }))
  app.use(routed(pages, serving))
  app.use((_request, _response, next) => next(notFound()))
  app.use(answerProblem)
  const server = serverOf(app)
  return {
    pages,
    calls,
    server,
    listen: (port, host) => listen(server, port, host),
    close: () => drain(server),
  }
}
