import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { doubleCsrf } from 'csrf-csrf'
import type { Request, RequestHandler, Response } from 'express'
import helmet from 'helmet'
import { DomainError } from '../errors.js'
import type { Random } from '../random.js'

/** Headers that every answer bears: a nonce for each page's scripts, nothing from elsewhere. */
export function secureHeaders(random: Random, secure: boolean): RequestHandler[] {
  const nonces = random.stream('nonces')
  const nonce = (_request: unknown, response: unknown) =>
    `'nonce-${(response as Response).locals['nonce'] as string}'`
  return [
    (_request, response, next) => {
      response.locals['nonce'] = nonces.bytes(16).toString('base64url')
      next()
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: [nonce],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
          ...(secure ? { upgradeInsecureRequests: [] } : {}),
        },
      },
      // The next page is told the address within the site, other sites nothing.
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    }),
  ]
}

const expiredForm = (): DomainError =>
  new DomainError('expired-form', { key: 'problem.expired-form' })

/**
 * Refuses a form that another site sent: browsers say where a request comes from, in
 * Sec-Fetch-Site or else in Origin. A request with neither is no browser's cross-site form.
 */
export function sameOrigin(publicUrl: string): RequestHandler {
  const ours = new URL(publicUrl).origin
  const isOwn = (request: Request): boolean => {
    const [site, origin] = [request.get('sec-fetch-site'), request.get('origin')]
    const own = site === undefined || site === 'same-origin' || site === 'none'
    return (
      own &&
      (origin === undefined || origin === ours || origin === `http://${request.get('host') ?? ''}`)
    )
  }
  return (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD' || isOwn(request)) next()
    else next(expiredForm())
  }
}

/** So many genuine tokens are known at once. */
const mostTokens = 10_000

export interface Forms {
  /** The token that a form on this page must carry in its field `_csrf`. */
  token(request: Request, response: Response): string
  /** Throws expired-form where the token is missing, forged or another session's. */
  check(request: Request): void
}

/** Anti-forgery tokens bound to the session; nothing is stored for those who have none. */
export function createForms(secret: string, secure: boolean): Forms {
  const cookieName = secure ? '__Host-form' : 'form'
  const sessionOf = (request: Request): string => (request.user ? request.session.id : 'nobody')
  const { generateCsrfToken, validateRequest } = doubleCsrf({
    getSecret: () => secret,
    getSessionIdentifier: sessionOf,
    cookieName,
    cookieOptions: { sameSite: 'lax', secure, httpOnly: true, path: '/' },
    getCsrfTokenFromRequest: (request) =>
      (request.body as Record<string, unknown> | undefined)?.['_csrf'] as string | undefined,
  })
  // Whose a genuine token is never changes: it is worked out once, and not again for every page.
  const genuine = new Map<string, string>()
  return {
    token(request, response) {
      const brought = (request.cookies as Record<string, string | undefined>)[cookieName]
      const session = sessionOf(request)
      if (brought !== undefined && genuine.get(brought) === session) return brought
      const token = generateCsrfToken(request, response, { validateOnReuse: false })
      if (genuine.size >= mostTokens) genuine.clear()
      genuine.set(token, session)
      return token
    },
    check(request) {
      if (!validateRequest(request)) throw expiredForm()
    },
  }
}

/** Writes what only this server can read again, such as a form kept while its sender signs in. */
export interface Envelope {
  seal(value: unknown): string
  /** The value, or nothing when the text is not one of ours. */
  open(text: string): unknown
}

export function createEnvelope(secret: string, random: Random): Envelope {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'kept forms', 32))
  const nonces = random.stream('envelope')
  return {
    seal(value) {
      const nonce = nonces.bytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    open(text) {
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length < 29) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
        decipher.setAuthTag(bytes.subarray(12, 28))
        const opened = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
        return JSON.parse(opened.toString('utf8')) as unknown
      } catch {
        return undefined
      }
    },
  }
}
