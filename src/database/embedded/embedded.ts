import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Document } from 'bson'
import { systemClock } from '../../clock.js'
import type { Log } from '../../log.js'
import { takeDirectory } from '../ownership.js'
import { asRefusal, DatabaseRefused } from '../refused.js'
import type { Reader } from './reader.js'
import type { WorkerInput, WorkerSays } from './worker.js'

/** The folder of a data directory in which the database is. */
export const dataFolder = 'embedded'

/** A running embedded database. */
export interface EmbeddedServer {
  /** A MongoDB connection string that the official driver, Mongoose and connect-mongo take as it is. */
  readonly uri: string
  /** Reads in this thread, without a way through the server. */
  readonly read: (...asked: Parameters<Reader['read']>) => Promise<Document[]>
  /** Finishes what has been accepted, closes all connections and gives the directory back. */
  close(): Promise<void>
}

/** The longest path that a unix socket may have on every system, in bytes. */
const longestSocketPath = 103

/** A directory for the socket where only this user comes: below the data, or a temporary one if that is too long. */
function socketDirectory(home: string): string {
  const usual = join(home, 'socket')
  if (Buffer.byteLength(join(usual, 'mongodb.sock')) > longestSocketPath) {
    return mkdtempSync(join(tmpdir(), 'good-standing-'))
  }
  mkdirSync(usual, { recursive: true, mode: 0o700 })
  chmodSync(usual, 0o700)
  return usual
}

/** The worker runs the file that was compiled, or the source where that is what runs here. */
const workerFile = new URL(
  `./worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
)

interface Started {
  readonly port: number | undefined
  close(): Promise<void>
}

/** What kept the worker from starting; all that is known to happen there has a reason to tell. */
const refusalOf = ({ name, message }: { name: string; message: string }): Error =>
  Object.assign(new DatabaseRefused(`The database could not be opened: ${message}`), { name })

function startWorker(workerData: WorkerInput, log: Log): Promise<Started> {
  // Most of what it makes is gone after one command, so its young objects need little room; Node would give 48 MB.
  const resourceLimits = { maxYoungGenerationSizeMb: 8 }
  const worker = new Worker(workerFile, { workerData, resourceLimits })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const close = (): Promise<void> => {
    worker.ref()
    worker.postMessage('close')
    return ended
  }
  return new Promise((resolve, reject) => {
    worker.on('message', (said: WorkerSays) => {
      if (said.kind === 'log') log[said.level](said.fields, said.text)
      else if (said.kind === 'ready') {
        // A process that has nothing else to do may end; while starting and closing there is more.
        worker.unref()
        resolve({ port: said.port, close })
      } else {
        if (said.kind === 'failed') reject(refusalOf(said))
        void worker.terminate()
      }
    })
    worker.once('error', (error) => {
      log.error({ err: error }, 'embedded database: stopped by a fault, restart the server')
      reject(error)
    })
  })
}

/**
 * Starts the embedded database in a data directory, which is made where there is none: a small
 * server that speaks MongoDB's wire protocol, in a thread of its own. `owner.json` in the directory
 * names it while it runs. Rejects with `DatabaseRefused` where the directory cannot be used: it is a
 * `DirectoryInUse` where another server has it, and is named `FormatUnknown` where another version has
 * written there.
 */
export const startEmbedded = (options: { dir: string; log: Log }): Promise<EmbeddedServer> =>
  start(options).catch((error: unknown) => {
    throw asRefusal(error)
  })

async function start({ dir: given, log }: { dir: string; log: Log }): Promise<EmbeddedServer> {
  mkdirSync(given, { recursive: true })
  const dir = realpathSync(given)
  const home = join(dir, dataFolder)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  // Loopback is open to every user of the machine, so it is only for systems without unix sockets.
  const place = process.platform === 'win32' ? undefined : socketDirectory(home)
  const socket = place && join(place, 'mongodb.sock')
  const removeSocket = (): void => {
    if (socket) rmSync(place.startsWith(home) ? socket : place, { recursive: true, force: true })
  }
  const uri = socket ? `mongodb://${encodeURIComponent(socket)}` : 'mongodb://127.0.0.1:0'
  let giveBack: () => void = () => undefined
  try {
    giveBack = await takeDirectory(dir, uri, systemClock.now().toISOString())
    // What a server that was killed has left would be in the way.
    if (socket) rmSync(socket, { force: true })
    const worker = await startWorker({ dir: home, socket }, log)
    // Opened when something is read, so that a start does not wait for it.
    let reader: Promise<Reader> | undefined
    const open = async (): Promise<Reader> => {
      try {
        return (await import('./reader.js')).openReader(home)
      } catch (error) {
        // Whoever asks next tries again.
        reader = undefined
        throw error
      }
    }
    const read: EmbeddedServer['read'] = async (...asked) => {
      // One that is opened after the end would hold a directory that is another's by then.
      if (closed) throw new Error('the embedded database is closed')
      return (await (reader ??= open())).read(...asked)
    }
    const close = async (): Promise<void> => {
      const opened = await reader?.catch(() => undefined)
      await opened?.close()
      await worker.close()
      removeSocket()
      giveBack()
    }
    let closed: Promise<void> | undefined
    const address = worker.port === undefined ? uri : `mongodb://127.0.0.1:${worker.port}`
    return { uri: address, read, close: () => (closed ??= close()) }
  } catch (error) {
    // A socket below the data may be the owner's.
    if (place && !place.startsWith(home)) removeSocket()
    giveBack()
    throw error
  }
}
