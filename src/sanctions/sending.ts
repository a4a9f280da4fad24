import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Vetted } from './addresses.js'

/** What came of one attempt. A redirect is a failure: it would lead where nobody has looked. */
export type Attempt =
  | { came: 'delivered'; status: number }
  | { came: 'refused'; status: number }
  | { came: 'redirected'; status: number }
  | { came: 'failed'; status: number }
  | { came: 'unreachable' }

export type Send = (
  to: Vetted,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
) => Promise<Attempt>

const outcomeOf = (status: number): Attempt => {
  if (status >= 200 && status < 300) return { came: 'delivered', status }
  if (status >= 300 && status < 400) return { came: 'redirected', status }
  return { came: status < 500 && status !== 429 && status !== 408 ? 'refused' : 'failed', status }
}

/** Connects to the address that was judged, whatever the name says by now. */
const pinned =
  ({ address, family }: Vetted): LookupFunction =>
  (_host, options, callback) =>
    options.all ? callback(null, [{ address, family }]) : callback(null, address, family)

/** Sends one message by HTTP and waits for the answer's status. Never throws. */
export const sendByHttp: Send = (to, headers, body, timeoutMs) =>
  new Promise((resolve) => {
    const secure = to.url.protocol === 'https:'
    const request = (secure ? secureRequest : plainRequest)(
      to.url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body).toString() },
        lookup: pinned(to),
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        // Only the status counts; what else a receiver sends is not read.
        response.on('error', () => undefined)
        resolve(outcomeOf(response.statusCode ?? 0))
        response.destroy()
      },
    )
    request.on('error', () => resolve({ came: 'unreachable' }))
    request.end(body)
  })
