import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { isIP } from 'node:net'
import { hostOf, type Vetted } from './addresses.js'

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

/** Sends one message by HTTP and waits for the answer's status. Never throws. */
export const sendByHttp: Send = (to, headers, body, timeoutMs) =>
  new Promise((resolve) => {
    const { url, address, family } = to
    const secure = url.protocol === 'https:'
    const request = (secure ? secureRequest : plainRequest)(
      {
        method: 'POST',
        // Connects to the address that was judged, whatever the name says by now.
        host: address,
        family,
        port: url.port || (secure ? 443 : 80),
        path: `${url.pathname}${url.search}`,
        headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
        ...(secure && !isIP(hostOf(url)) ? { servername: hostOf(url) } : {}),
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
