import mongoose, { type Connection } from 'mongoose'
import type { Clock } from '../clock.js'
import { unavailable } from '../errors.js'
import type { Log } from '../log.js'
import type { Random } from '../random.js'
import { startEmbedded } from './embedded/embedded.js'
import { createFiles, fileCollections, type Files } from './files.js'
import { createLeases, type Leases } from './leases.js'
import { createLimits, type Limits } from './limits.js'
import { migrate, type CollectionPlan, type DataChange } from './migrations.js'

export type { Files, StoredFile } from './files.js'
export type { Lease, Leases } from './leases.js'
export { createRemembered } from './remembered.js'
export type { Limits } from './limits.js'
export type { CollectionPlan } from './migrations.js'
export type { Versioned } from './history.js'
export { asKnownAt, reviseMany } from './history.js'
export { addMissing } from './missing.js'
export { backUpData, restoreData, runningServer } from './data-directory.js'
export { DatabaseRefused } from './refused.js'

// A filter may hold only fields that its schema names, and an operator only where a store wrote it:
// what a person typed can never become one.
mongoose.set('strictQuery', 'throw')
mongoose.set('sanitizeFilter', true)
mongoose.set('autoIndex', false)
mongoose.set('autoCreate', false)

/** Where everything is kept. Only stores use `connection`; nobody else knows which database it is. */
export interface Database {
  readonly connection: Connection
  /** Where another thread or process finds the same database. */
  readonly address: { uri: string; name: string }
  readonly files: Files
  readonly leases: Leases
  readonly limits: Limits
  /**
   * The documents of a collection with these values in these fields, as they are at this moment. For
   * what every page reads, and for few documents: an embedded database reads them in this thread, in
   * a tenth of the time that the way through the driver takes; a MongoDB is asked by the driver.
   * They are only to be read: others may be given the same.
   */
  readonly read: <Kept>(
    collection: string,
    wanted: Readonly<Record<string, string>>,
  ) => Promise<readonly Readonly<Kept>[]>
  /** Makes the indexes that the stores plan and runs data changes that have not run; may be run again. */
  migrate(plans: readonly CollectionPlan[], changes?: readonly DataChange[]): Promise<void>
  /** Resolves when the database answers. Throws `unavailable` when it does not within two seconds. */
  ping(): Promise<void>
  /** Closes the connection, and the embedded server where it was started here. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** A MongoDB; without it the embedded server is started in `dataDir`. */
  uri?: string
  dataDir: string
  /** The database's name on that server. */
  name?: string
  clock: Clock
  random: Random
  log: Log
}

/**
 * Connects to MongoDB, or starts the embedded server and connects to that.
 * Throws `DatabaseRefused` when another process owns `dataDir`, or it cannot be used as it is.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { uri, dataDir, name, clock, random, log } = options
  const embedded = uri ? undefined : await startEmbedded({ dir: dataDir, log })
  const address = uri ?? embedded?.uri ?? ''
  const connection = mongoose.createConnection(address, {
    ...(name ? { dbName: name } : {}),
    maxPoolSize: 20,
    serverSelectionTimeoutMS: 5_000,
  })
  await connection.asPromise()
  const limits = createLimits(connection)
  const read = async (collection: string, wanted: Readonly<Record<string, string>>) =>
    embedded
      ? embedded.read(`${connection.name}.${collection}`, wanted)
      : connection.collection(collection).find(wanted).toArray()
  return {
    connection,
    read: read as Database['read'],
    address: { uri: address, name: connection.name },
    files: createFiles(connection, random),
    leases: createLeases(connection, clock, random),
    limits,
    migrate: (plans, changes = []) =>
      migrate(connection, [...plans, ...fileCollections], changes, clock),
    async ping() {
      try {
        await connection.db?.command({ ping: 1 }, { timeoutMS: 2_000 })
      } catch {
        throw unavailable('problem.database')
      }
    },
    async close() {
      await limits.ready()
      await connection.close()
      await embedded?.close()
    },
  }
}
