import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../log.js'
import { backup, BackupRefused, type Manifest } from './backup.js'
import { dataFolder, startEmbedded } from './embedded/embedded.js'
import { findOwner } from './ownership.js'
import { asRefusal } from './refused.js'
import { restore, verifyBackup } from './restore.js'

/** Where the data is: in a MongoDB, or else in a data directory, whether a server runs on it or not. */
export interface Whereabouts {
  readonly uri?: string | undefined
  readonly dataDir: string
  readonly log: Log
}

/** The address of the database of a server that owns a data directory; nothing where none is running. */
export const runningServer = async (dataDir: string): Promise<string | undefined> =>
  (await findOwner(dataDir))?.uri

/**
 * Writes all data into a directory, which is made where there is none. Throws `DatabaseRefused`,
 * and then has written nothing.
 */
export async function backUpData(
  { uri, dataDir, log }: Whereabouts,
  directory: string,
): Promise<Manifest> {
  try {
    const running = uri ?? (await runningServer(dataDir))
    if (running) return await backup({ uri: running }, directory)
    if (!existsSync(join(dataDir, dataFolder)))
      throw new BackupRefused(`${dataDir} has no database: there is nothing to back up.`)
    const embedded = await startEmbedded({ dir: dataDir, log })
    return await backup({ uri: embedded.uri }, directory).finally(() => embedded.close())
  } catch (error) {
    throw asRefusal(error)
  }
}

/** What may be in a data directory that is to be restored into: a backup does not hold keys. */
const mayStay = ['keys', 'session-secret', 'lost+found']
const draftName = 'restoring'

/**
 * Puts a backup into a data directory that holds no data, or into an empty MongoDB. A data
 * directory gets its database in one step, when every document has been compared: until then it has
 * none. Throws `DatabaseRefused`, and then has changed nothing.
 */
export async function restoreData(
  { uri, dataDir, log }: Whereabouts,
  directory: string,
): Promise<Manifest> {
  try {
    const manifest = await verifyBackup(directory)
    if (uri) await restore({ uri }, directory, manifest)
    else await inOneStep(dataDir, log, (draft) => restore({ uri: draft }, directory, manifest))
    return manifest
  } catch (error) {
    throw asRefusal(error)
  }
}

/** Makes a database beside the place where it is to be, and puts it there when it is whole. */
async function inOneStep(
  dataDir: string,
  log: Log,
  fill: (uri: string) => Promise<void>,
): Promise<void> {
  const made = await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const draft = join(dataDir, draftName)
  try {
    const found = (await readdir(dataDir)).filter((name) => !mayStay.includes(name))
    if (found.some((name) => name !== draftName))
      throw new BackupRefused(`${dataDir} is not empty: restore into a directory without data.`)
    if (await findOwner(draft)) throw new BackupRefused(`Somebody is restoring into ${dataDir}.`)
    // What a restore has left that was killed.
    await rm(draft, { recursive: true, force: true })
    const embedded = await startEmbedded({ dir: draft, log })
    await fill(embedded.uri).finally(() => embedded.close())
    await rename(join(draft, dataFolder), join(dataDir, dataFolder))
    await rm(draft, { recursive: true })
    const handle = await open(dataDir)
    await handle.sync().finally(() => handle.close())
  } catch (error) {
    if (!(await findOwner(draft))) await rm(made ?? draft, { recursive: true, force: true })
    throw error
  }
}
