import { chmodSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../clock.js'
import type { Log } from '../../log.js'
import { systemRandom } from '../../random.js'
import { openEngine } from './engine.js'
import { serve } from './wire/connection.js'

/** What the worker is started with: where the data is, and where to listen. */
export interface WorkerInput {
  readonly dir: string
  /** A path for a unix socket; without it a port of loopback is taken. */
  readonly socket: string | undefined
}

type Level = 'warn' | 'error'

/** What the worker says. */
export type WorkerSays =
  | { readonly kind: 'ready'; readonly port: number | undefined }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'log'; readonly level: Level; readonly fields: object; readonly text: string }

const say = (what: WorkerSays): void => parentPort?.postMessage(what)

/** Log lines go to the log of the main thread. */
const writer =
  (level: Level) =>
  (fields: object, text = ''): void =>
    say({ kind: 'log', level, fields, text })

const log: Pick<Log, Level> = { warn: writer('warn'), error: writer('error') }

function listen(server: Server, socket: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      if (socket !== undefined) chmodSync(socket, 0o600)
      const address = server.address()
      resolve(typeof address === 'object' ? address?.port : undefined)
    })
    if (socket === undefined) server.listen(0, '127.0.0.1')
    else server.listen(socket)
  })
}

async function start({ dir, socket }: WorkerInput): Promise<void> {
  const running = openEngine(dir, systemClock, systemRandom, log)
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((client) => {
    sockets.add(client)
    client.once('close', () => sockets.delete(client))
    serve(client, ++connections, log, (request) => running.respond(request))
  })
  const expire = (): void => {
    running
      .expire()
      .catch((error: unknown) => log.error({ err: error }, 'embedded database: expiry failed'))
  }
  const timer = setInterval(expire, 60_000)
  const port = await listen(server, socket)
  parentPort?.once('message', () => {
    clearInterval(timer)
    server.close()
    for (const client of sockets) client.destroy()
    // Writes that were taken are finished and on disk before the store is closed.
    void running.close().then(() => say({ kind: 'closed' }))
  })
  say({ kind: 'ready', port })
}

start(workerData as WorkerInput).catch((error: unknown) => {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  say({ kind: 'failed', name, message })
})
