import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'

/** A message as a receiver got it. */
interface Received {
  id: string
  headers: IncomingHttpHeaders
  body: string
  type: string
  data: Record<string, unknown>
}

/** A receiver of webhooks on this machine, which answers as a test wants. */
export interface Receiver {
  url: string
  /** Everything that arrived, whatever was answered; the message of a registration left out. */
  received: Received[]
  /** What it answers: a status, after a while, or nothing at all. */
  answer: (message: Received) => { status: number; after?: number; location?: string }
  /** Stops listening, as a machine does that is switched off; and is switched on again. */
  off(): Promise<void>
  on(): Promise<void>
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  let server: Server | undefined
  let port = 0
  const receiver: Receiver = {
    url: '',
    received: [],
    answer: () => ({ status: 204 }),
    off: () =>
      new Promise((resolve) => {
        server?.closeAllConnections()
        server?.close(() => resolve())
      }),
    on: () =>
      new Promise((resolve) => {
        server = createServer((request, response) => {
          const chunks: Buffer[] = []
          request.on('data', (chunk: Buffer) => chunks.push(chunk))
          request.on('end', () => {
            const body = Buffer.concat(chunks).toString()
            const { type, data } = JSON.parse(body) as Pick<Received, 'type' | 'data'>
            const { headers } = request
            const message = { id: String(headers['webhook-id']), headers, body, type, data }
            if (type !== 'webhook.registered') receiver.received.push(message)
            const { status, after = 0, location } = receiver.answer(message)
            setTimeout(() => {
              response.writeHead(status, location ? { location } : {})
              response.end()
            }, after)
          })
        }).listen(port, '127.0.0.1', () => {
          const address = server?.address()
          if (typeof address === 'object' && address) ({ port } = address)
          receiver.url = `http://127.0.0.1:${port}/hook`
          resolve()
        })
      }),
    close: () => receiver.off(),
  }
  await receiver.on()
  return receiver
}
