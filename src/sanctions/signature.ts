import { createHmac } from 'node:crypto'

const prefix = 'whsec_'

/** The secret of an endpoint as receivers expect it: 32 random bytes in base64 (Standard Webhooks). */
export const secretText = (bytes: Uint8Array): string =>
  prefix + Buffer.from(bytes).toString('base64')

export interface Message {
  /** The same for every attempt: receivers tell repeats by it. */
  id: string
  /** The exact text that is sent, frozen when the event happened. */
  body: string
}

/**
 * The headers of one attempt (Standard Webhooks 1.0, v1: HMAC-SHA256 over id, time and body).
 *
 * @param at the moment of this attempt, which receivers hold against their own clock
 */
export function headersFor(message: Message, secret: string, at: Date): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1000).toString()
  const signature = createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
    .update(`${message.id}.${timestamp}.${message.body}`)
    .digest('base64')
  return {
    'content-type': 'application/json',
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}
