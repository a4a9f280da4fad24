import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../config.js'
import { backUpData, restoreData } from '../database/database.js'
import { createLog } from '../log.js'
import { print, progress } from './terminal.js'

const log = createLog('warn')

async function backUp(directory: string, options: { json?: boolean }): Promise<void> {
  const { mongodbUri: uri, dataDir, keysDir } = readConfig()
  progress('Backing up')
  const to = resolve(directory)
  const { database, collections } = await backUpData({ uri, dataDir, log }, to)
  const [documents, count] = sizeOf(collections)
  print(options.json, { directory: to, database, collections }, [
    `${documents} documents of ${count} collections are in ${to}.`,
    `The keys are not: keep a copy of ${keysDir} in another place.`,
  ])
}

async function restore(directory: string, options: { json?: boolean }): Promise<void> {
  const { mongodbUri: uri, dataDir, keysDir } = readConfig()
  progress('Comparing and restoring')
  const from = resolve(directory)
  const { database, collections } = await restoreData({ uri, dataDir, log }, from)
  const [documents, count] = sizeOf(collections)
  print(options.json, { directory: from, database, collections }, [
    `${documents} documents of ${count} collections are restored${uri ? '' : ` into ${dataDir}`}.`,
    `Every one is as it was backed up. Put the keys back into ${keysDir} before you start.`,
  ])
}

function sizeOf(collections: Readonly<Record<string, { documents: number }>>): [number, number] {
  const counts = Object.values(collections).map(({ documents }) => documents)
  return [counts.reduce((sum, each) => sum + each, 0), counts.length]
}

export function addBackupCommands(program: Command): void {
  program
    .command('backup <directory>')
    .description('write all data into an empty directory, also while the server runs')
    .option('--json', 'print JSON')
    .action(backUp)
  program
    .command('restore <directory>')
    .description('put a backup into an empty data directory, or an empty MongoDB')
    .option('--json', 'print JSON')
    .action(restore)
}
