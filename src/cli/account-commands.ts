import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Option, type Command } from 'commander'
import { systemActor, type Scope } from '../actor.js'
import { directoryFiles, type DirectoryUpload } from '../people/people.js'
import { withApp } from './open-app.js'
import { inWords } from './sentences.js'
import { print, progress, Refusal } from './terminal.js'

const commandLine = systemActor('command line')
const scopes = ['directory', 'compliance', 'registers', 'completions', 'outcomes']

async function createAdministrator(email: string, options: { json?: boolean }): Promise<void> {
  await withApp(async ({ identity, publicUrl }) => {
    const roles = [{ name: 'administrator' as const }]
    const { token } = await identity.invite(commandLine, { email, roles })
    const link = `${publicUrl}/invitation/${token}`
    print(options.json, { link }, ['Open this link within seven days to choose a password:', link])
  })
}

interface KeyOptions {
  scope: Scope[]
  body?: string
  days: string
  json?: boolean
}

async function createApiKey(name: string, { scope, body, days, json }: KeyOptions): Promise<void> {
  await withApp(async ({ identity, clock }) => {
    const expiresAt = new Date(clock.now().getTime() + Number(days) * 86_400_000)
    const request = { name, scopes: scope, expiresAt, ...(body ? { body } : {}) }
    const key = await identity.createKey(commandLine, request)
    print(json, { ...key, expiresAt }, [
      'This key is shown once; keep it where only the program that uses it can read it:',
      key.token,
    ])
  })
}

interface ImportOptions {
  source: string
  dryRun?: boolean
  allowEnding?: boolean
  json?: boolean
}

async function readDirectory(folder: string): Promise<DirectoryUpload> {
  const upload: DirectoryUpload = {}
  for (const file of directoryFiles) {
    try {
      upload[file] = await readFile(join(folder, `${file}.csv`))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  if (Object.keys(upload).length === 0) {
    throw new Refusal(`${folder} has none of ${directoryFiles.map((f) => `${f}.csv`).join(', ')}`)
  }
  return upload
}

async function importDirectory(folder: string, options: ImportOptions): Promise<void> {
  const upload = await readDirectory(folder)
  await withApp(async ({ people }) => {
    progress('Rehearsing')
    const rehearsal = await people.directory.rehearse(commandLine, upload, options.source)
    const { counts, faults, unchanged, waiting } = rehearsal
    const said = faults.map(({ file, line, column, say }) => ({
      file,
      line,
      column,
      say: inWords(say),
    }))
    if (!options.dryRun) {
      progress('Importing')
      await people.directory.confirm(commandLine, rehearsal.id, {
        allowEnding: options.allowEnding ?? false,
      })
    }
    const would = options.dryRun ? 'would be' : 'are'
    print(options.json, { counts, unchanged, waiting, faults: said }, [
      ...said.map(({ file, line, column, say }) =>
        [file, line, column, say].filter((part) => part !== undefined).join(': '),
      ),
      `${counts.added} ${would} added, ${counts.changed} changed, ${counts.ended} ended, ` +
        `${counts.retracted} taken back; ${unchanged} unchanged, ${waiting} left out.`,
    ])
  })
}

export function addAccountCommands(program: Command): void {
  program
    .command('create-administrator <email>')
    .description('make an administrator and print the link that opens the account')
    .option('--json', 'print JSON')
    .action(createAdministrator)
  program
    .command('create-api-key <name>')
    .description('make a key for another program; it is printed once')
    .addOption(
      new Option('--scope <scope...>', 'what it may be used for')
        .choices(scopes)
        .makeOptionMandatory(),
    )
    .option('--body <id>', 'the conduct body of a key for outcomes')
    .option('--days <number>', 'how long it works', '365')
    .option('--json', 'print JSON')
    .action(createApiKey)
  program
    .command('import-directory <folder>')
    .description('bring the directory to what the five CSV files of a folder say')
    .option('--source <name>', 'whose rows these are; an import ends only its own', 'directory')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--allow-ending', 'go on even where it ends unusually many terms')
    .option('--json', 'print JSON')
    .action(importDirectory)
}
