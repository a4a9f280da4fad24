import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { systemClock } from '../../clock.js'
import type { Log } from '../../log.js'
import { DirectoryInUse, type Owner, readOwner, takeDirectory } from './ownership.js'
import type { WorkerInput, WorkerSays } from './worker.js'

export { DirectoryInUse, type Owner, readOwner }

/** A running embedded database. */
export interface EmbeddedServer {
  /** A MongoDB connection string that the official driver, Mongoose and connect-mongo take as it is. */
  readonly uri: string
  /** Finishes what has been accepted, closes all connections and gives the directory back. */
  close(): Promise<void>
}

/** The longest path that a unix socket may have on every system, in bytes. */
const longestSocketPath = 103

const hasUnixSockets = process.platform !== 'win32'

/** A place for the socket where only this user comes: below the data, or a temporary one if that is too long. */
function socketIn(dir: string): { path: string; remove: () => void } {
  const usual = join(dir, 'socket', 'mongodb.sock')
  if (Buffer.byteLength(usual) <= longestSocketPath) {
    mkdirSync(dirname(usual), { recursive: true, mode: 0o700 })
    chmodSync(dirname(usual), 0o700)
    return { path: usual, remove: () => rmSync(usual, { force: true }) }
  }
  const made = mkdtempSync(join(tmpdir(), 'good-standing-'))
  return {
    path: join(made, 'mongodb.sock'),
    remove: () => rmSync(made, { recursive: true, force: true }),
  }
}

/** The worker runs the file that was compiled, or the source where that is what runs here. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
  import.meta.url,
)

interface Started {
  readonly port: number | undefined
  close(): Promise<void>
}

function startWorker(input: WorkerInput, log: Log): Promise<Started> {
  const worker = new Worker(workerFile, { workerData: input })
  worker.unref()
  let closing: (() => void) | undefined
  return new Promise((resolve, reject) => {
    worker.on('message', (said: WorkerSays) => {
      if (said.kind === 'log') log[said.level](said.fields, said.text)
      else if (said.kind === 'failed') {
        const error = new Error(said.message)
        error.name = said.name
        void worker.terminate()
        reject(error)
      } else if (said.kind === 'closed') void worker.terminate()
      else {
        const close = (): Promise<void> =>
          new Promise((done) => {
            closing = done
            worker.postMessage('close')
          })
        resolve({ port: said.port, close })
      }
    })
    worker.once('error', (error) => {
      log.error({ err: error }, 'embedded database: stopped by a fault, restart the server')
      reject(error instanceof Error ? error : new Error(String(error)))
    })
    worker.once('exit', () => {
      if (closing) closing()
      else reject(new Error('the embedded database ended before it was ready'))
    })
  })
}

/**
 * Starts the embedded database in a data directory, which is made where there is none: a small
 * server that speaks MongoDB's wire protocol, in a thread of its own. `owner.json` in the directory
 * names it while it runs. Rejects with `DirectoryInUse` where another server has the directory, with
 * `FormatUnknown` where another version has written there, and with the system's error where it
 * cannot be written to.
 */
export async function startEmbedded(options: { dir: string; log: Log }): Promise<EmbeddedServer> {
  mkdirSync(options.dir, { recursive: true })
  const dir = realpathSync(options.dir)
  const home = join(dir, 'embedded')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const before = readOwner(dir)
  const socket = hasUnixSockets ? socketIn(home) : undefined
  const startedAt = systemClock.now().toISOString()
  const uri = socket ? `mongodb://${encodeURIComponent(socket.path)}` : 'mongodb://127.0.0.1:0'
  const giveBack = await takeDirectory(dir, { uri, startedAt }).catch((error: unknown) => {
    if (socket && socket.path !== socketOf(before)) socket.remove()
    throw error
  })
  try {
    // What a server that was killed has left would be in the way.
    if (socket) rmSync(socket.path, { force: true })
    const worker = await startWorker({ dir: home, socket: socket?.path }, options.log)
    let closed: Promise<void> | undefined
    const close = async (): Promise<void> => {
      await worker.close()
      socket?.remove()
      giveBack()
    }
    return {
      uri: worker.port === undefined ? uri : `mongodb://127.0.0.1:${worker.port}`,
      close: () => (closed ??= close()),
    }
  } catch (error) {
    socket?.remove()
    giveBack()
    throw error
  }
}

const socketOf = (owner: Owner | undefined): string | undefined =>
  owner && decodeURIComponent(owner.uri.replace('mongodb://', ''))
