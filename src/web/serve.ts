import type { Request, RequestHandler, Response } from 'express'
import { omit } from 'es-toolkit'
import multer from 'multer'
import type { Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import { DomainError, notFound, refused } from '../errors.js'
import { may } from '../identity/identity.js'
import type { Language, Sentence } from '../language.js'
import { parseForm } from './input.js'
import type { Answer, Page, Typed, UploadedFile, Visit } from './page.js'
import { problemOf } from './problems.js'
import { refusedForm } from './refused-form.js'
import type { Forms } from './security.js'
import { actorOf } from './sessions.js'

/** The largest upload that is read at all; what is larger is answered 413. */
const uploadLimit = 25 * 1024 * 1024
const languageCookie = 'language'

export interface Serving {
  audit: Audit
  forms: Forms
  secure: boolean
  /** An HTML page with layout and all. */
  html(
    request: Request,
    response: Response,
    template: string,
    title: Sentence,
    model: object,
  ): Promise<string>
  /** The sign-in page, with a form kept until the person is back. */
  askToSignIn(request: Request, response: Response): Promise<void>
}

/** A form's fields, without the token that only guards it. */
export const formOf = (request: Request): Typed =>
  omit((request.body ?? {}) as Record<string, unknown>, ['_csrf'])

/** The language that a person chose, else the one that their browser asks for. */
export function languageOf(request: Request): Language {
  const chosen = (request.cookies as Record<string, unknown>)[languageCookie]
  if (chosen === 'en' || chosen === 'cy') return chosen
  return request.acceptsLanguages('en', 'cy') === 'cy' ? 'cy' : 'en'
}

const mostFiles = 8
/** So much more than it may be is read to its end, so that a browser shows the answer. */
const patience = 50 * 1024 * 1024

const receive = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: uploadLimit, files: mostFiles, fields: 50, fieldSize: 64 * 1024 },
  defParamCharset: 'utf8',
})

/**
 * Takes files in, up to the largest that is read at all. Whoever sends far more is answered 413 in the
 * middle of it and cut off: nobody is to keep the line busy with a gigabyte.
 */
export function receiving(field: string, files = mostFiles): RequestHandler {
  const take = receive.array(field, files)
  const most = files * uploadLimit + patience
  return (request, response, next) => {
    let taken = 0
    let isAnswered = false
    const end = (error?: unknown): void => {
      if (isAnswered) return
      isAnswered = true
      next(error)
    }
    const cutOff = (): void => {
      if (isAnswered) return
      response.set('connection', 'close')
      end(new DomainError('too-large', { key: 'problem.too-large' }))
    }
    if (Number(request.headers['content-length'] ?? 0) > most) {
      cutOff()
      return
    }
    void take(request, response, end)
    request.on('data', (chunk: Buffer) => {
      taken += chunk.length
      if (taken > most) cutOff()
    })
  }
}

/** The files that came with a request. */
export const uploaded = (request: Request): UploadedFile[] =>
  ((request.files ?? []) as Express.Multer.File[]).map(({ originalname, buffer }) => ({
    name: originalname,
    bytes: buffer,
  }))

/** Everything a visit came with, under one name each. */
const typedIn = (request: Request): Typed => ({
  ...request.query,
  ...formOf(request),
  ...request.params,
})

function allow(page: Page, actor: Actor): void {
  if (may(actor, page.permission)) return
  // An address that is not theirs to know of is answered as one that does not exist.
  throw page.sealed ? notFound() : refused('problem.refused')
}

/** Passport calls back with an error or with nothing. */
const settled = (start: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    start((error) => {
      if (error)
        reject(error instanceof Error ? error : new Error('the session could not be changed'))
      else resolve()
    })
  })

function sessionOf(
  request: Request,
  response: Response,
  secure: boolean,
): Visit<unknown>['session'] {
  return {
    async open(actor, name) {
      // Passport gives the session a new id, so that one set before signing in is worth nothing.
      await settled((done) => request.logIn(actor, done))
      request.session.name = name
    },
    close: () => settled((done) => request.logout(done)),
    keep(path, form) {
      request.session.kept = { path, form }
    },
    speak(language) {
      const year = 365 * 86_400_000
      response.cookie(languageCookie, language, {
        sameSite: 'lax',
        secure,
        maxAge: year,
        path: '/',
      })
    },
  }
}

async function send(
  answer: Answer,
  request: Request,
  response: Response,
  serving: Serving,
): Promise<void> {
  switch (answer.kind) {
    case 'view': {
      const { template, title, model, status } = answer
      const html = await serving.html(request, response, template, title, model)
      response.status(status)
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('content-length', Buffer.byteLength(html))
      // Given to Node as it is, it goes out with the headers in one piece.
      response.end(html)
      return
    }
    case 'go':
      response.redirect(303, answer.to)
      return
    case 'json':
      response.status(answer.status).type(answer.type)
      response.send(JSON.stringify(answer.body))
      return
    case 'file': {
      const { body, type, name, frozen } = answer
      if (name) response.attachment(name)
      response.type(type)
      if (frozen) response.set('cache-control', 'private, max-age=31536000, immutable')
      if (Buffer.isBuffer(body)) response.send(body)
      else body.on('error', (error) => response.destroy(error)).pipe(response)
    }
  }
}

async function answer(page: Page, visit: Visit<Typed>, audit: Audit): Promise<Answer> {
  try {
    const parsed = { ...visit, input: await parseForm(page, visit) } as Visit<never>
    const given = await page.handle(parsed)
    if (typeof page.audit === 'function') await audit.record(visit.actor, page.audit(parsed))
    return given
  } catch (error) {
    const problem = problemOf(error)
    const mendable = problem.kind === 'invalid' || problem.kind === 'conflict'
    if (!page.again || !mendable) throw error
    return refusedForm(page, await page.again(visit, problem), problem)
  }
}

/** A declared page as handlers for Express: permission, upload, form token, input, act, record, answer. */
export function serve(page: Page, serving: Serving): RequestHandler[] {
  const guard: RequestHandler = (request, response, next) => {
    const actor = actorOf(request)
    // Whatever goes wrong here is told to no log that others read.
    if (page.sealed) response.locals['sealed'] = true
    if (actor.kind === 'public' && page.permission !== 'public') {
      serving.askToSignIn(request, response).catch(next)
      return
    }
    try {
      allow(page, actor)
      next()
    } catch (error) {
      next(error)
    }
  }
  const handle: RequestHandler = async (request, response) => {
    if (page.method === 'post') serving.forms.check(request)
    const { kept } = request.session
    const visit: Visit<Typed> = {
      actor: actorOf(request),
      input: typedIn(request),
      language: languageOf(request),
      address: request.ip ?? '',
      files: uploaded(request),
      kept: kept?.path === request.path ? kept.form : {},
      session: sessionOf(request, response, serving.secure),
    }
    if (page.method === 'post') delete request.session.kept
    await send(await answer(page, visit, serving.audit), request, response, serving)
  }
  return page.upload ? [guard, receiving(page.upload, page.files), handle] : [guard, handle]
}
