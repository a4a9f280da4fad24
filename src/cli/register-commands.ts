import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { systemActor } from '../actor.js'
import type { KeptRow, Upload } from '../training-sessions/training-sessions.js'
import { withApp } from './open-app.js'
import { inWords } from './sentences.js'
import { print, progress, Refusal } from './terminal.js'

const commandLine = systemActor('command line')

interface ImportOptions {
  session?: string
  confirm?: boolean
  good?: boolean
  json?: boolean
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    throw new Refusal(`${path} cannot be read`)
  }
}

/** A row as a line: where it stands, what is made of it, and why. */
const lineOf = ({ line, judged }: KeptRow): string =>
  judged
    ? [
        line,
        inWords({ key: `register.sheet.${judged.verdict}` }),
        [judged.say, ...judged.remarks].map(inWords).join(' '),
      ].join('\t')
    : String(line)

const rowJson = ({ line, judged }: KeptRow): object => ({
  line,
  ...(judged
    ? {
        verdict: judged.verdict,
        because: inWords(judged.say),
        remarks: judged.remarks.map(inWords),
        person: judged.person,
        session: judged.session,
      }
    : {}),
})

function tell(upload: Upload, rows: readonly KeptRow[], json: boolean | undefined): void {
  const { id, state, counts, progress: done } = upload
  const data = { id, state, counts, recorded: done.done, rows: rows.map(rowJson) }
  const ready = counts.matched + counts.recorded
  const sum =
    state === 'done'
      ? inWords({ key: 'registers.done', with: { count: done.done } })
      : [
          inWords({ key: 'registers.nothing-yet' }),
          ...(upload.rows > ready
            ? [inWords({ key: 'register.not-all-good', with: { count: upload.rows - ready } })]
            : []),
        ].join(' ')
  const notes = upload.notes.map(({ say }) => inWords(say))
  print(json, data, [...notes, ...rows.map(lineOf), sum])
}

/** Rehearses a register and, where asked to, records it. Rows that are not ready end it with exit 1. */
async function importRegister(path: string, options: ImportOptions): Promise<void> {
  const bytes = read(path)
  await withApp(async ({ training: { uploads } }) => {
    progress('checking every row')
    const file = { name: basename(path), bytes }
    const upload = await uploads.rehearse(commandLine, file, options.session)
    if (upload.faults.length > 0) {
      throw new Refusal(upload.faults.map(({ say }) => inWords(say)).join('\n'))
    }
    const bad = upload.rows - upload.counts.matched - upload.counts.recorded
    const records = options.good === true || (options.confirm === true && bad === 0)
    if (records) progress('recording')
    const which = options.good ? 'good' : 'all'
    const last = records ? await uploads.confirm(commandLine, upload.id, which) : upload
    const rows = await uploads.rows(commandLine, upload.id, { from: 0, size: upload.rows })
    tell(last, rows, options.json)
    if (bad > 0) process.exitCode = 1
  })
}

export function addRegisterCommands(program: Command): void {
  program
    .command('import-register <file>')
    .description('checks a register (CSV or XLSX) row by row, and records it where asked to')
    .option('--session <id>', 'the training session of all rows that name none')
    .option('--confirm', 'record it, if every row is good')
    .option('--good', 'record the good rows alone')
    .option('--json', 'print JSON')
    .action(importRegister)
}
