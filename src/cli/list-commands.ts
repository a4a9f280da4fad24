import { readFileSync } from 'node:fs'
import { Option, type Command } from 'commander'
import { systemActor } from '../actor.js'
import { parseDay, type Day } from '../clock.js'
import {
  checkExamples,
  standingJson,
  standings,
  type ListQuery,
  type StandingState,
} from '../compliance/compliance.js'
import { invalid } from '../errors.js'
import { termKinds, type TermKind } from '../people/people.js'
import { readProgramme } from '../requirements/requirements.js'
import { withApp } from './open-app.js'
import { inWords } from './sentences.js'
import { print, progress, Refusal } from './terminal.js'

const commandLine = systemActor('command line')

interface ListOptions {
  asAt?: string
  known?: 'now' | 'then'
  standing?: StandingState | 'absent'
  kind?: TermKind
  house?: 'commons' | 'lords'
  party?: string
  office?: string
  course?: string
  query?: string
  json?: boolean
}

function dateOf(text: string | undefined): { asAt?: Day } {
  if (text === undefined) return {}
  const asAt = parseDay(text)
  if (!asAt) throw new Refusal(`${text} is not a date that exists: write it as 2025-04-01`)
  return { asAt }
}

async function list({ json, asAt, known, query, ...filter }: ListOptions): Promise<void> {
  const wanted: ListQuery = {
    ...filter,
    ...dateOf(asAt),
    asKnownThen: known === 'then',
    ...(query === undefined ? {} : { q: query }),
  }
  await withApp(async ({ compliance }) => {
    const listing = await compliance.list(commandLine, wanted)
    const lines = listing.lines.map((line) => ({ name: line.name, ...standingJson(line, inWords) }))
    print(json, { asAt: listing.asAt, counts: listing.counts, people: listing.people, lines }, [
      ...lines.map(({ name, standing, reason }) => `${name}\t${standing}\t${reason}`),
      `${listing.total} lines, ${listing.people} people, as at ${listing.asAt}`,
    ])
  })
}

async function standing(person: string, options: { asAt?: string; json?: boolean }): Promise<void> {
  await withApp(async ({ compliance }) => {
    const found = await compliance.ofPerson(commandLine, person, dateOf(options.asAt).asAt)
    const lines = found.map((line) => standingJson(line, inWords))
    print(
      options.json,
      lines,
      lines.map((line) => `${line.standing}\t${line.reason}`),
    )
  })
}

interface SimulateOptions {
  from: string
  json?: boolean
}

/** Tries a programme file against everybody and keeps nothing but what it found. */
async function simulate(file: string, { from, json }: SimulateOptions): Promise<void> {
  const { asAt: on } = dateOf(from)
  if (!on) throw new Refusal('say from which date it would hold, with --from')
  const bytes = bytesOf(file)
  await withApp(async ({ compliance, catalogue }) => {
    const { duties, examples, faults } = readProgramme(bytes, new Set(catalogue.courses.keys()))
    const wrong = faults.length > 0 ? faults : checkExamples(duties, examples)
    if (wrong.length > 0) throw invalid('programme.has-faults', { count: wrong.length }, wrong)
    progress('trying it against everybody')
    const id = `command-line-${process.pid}`
    const found = await compliance.simulate({ id, duties, from: on })
    const { lines = [] } = (await compliance.simulation(id, { from: 0, size: 1_000_000 })) ?? {}
    await compliance.forgetSimulation(id)
    const told = lines.map(({ person, name, kind, duty, before, after }) => ({
      person,
      name,
      effect: kind,
      duty,
      before: before?.state,
      after: after?.state,
      due: after?.due,
    }))
    print(json, { on: found.on, people: found.people, counts: found.counts, lines: told }, [
      ...told.map(({ name, effect, duty, due }) => [name, effect, duty, due ?? ''].join('\t')),
      ...Object.entries(found.counts).map(([kind, count]) => `${kind}: ${count}`),
      `${found.people} people, as at ${found.on}`,
    ])
  })
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    throw new Refusal(`${file} cannot be read`)
  }
}

export function addListCommands(program: Command): void {
  const asAt = new Option('--as-at <date>', 'the date whose standing is shown, such as 2025-04-01')
  program
    .command('list')
    .description('who owes what, and who has done it')
    .addOption(asAt)
    .addOption(
      new Option('--known <when>', 'by facts as known now or then').choices(['now', 'then']),
    )
    .addOption(new Option('--standing <state>').choices([...standings, 'absent']))
    .addOption(new Option('--kind <kind>').choices(termKinds))
    .addOption(new Option('--house <house>').choices(['commons', 'lords']))
    .option('--party <name>')
    .option('--office <id>', 'an office and those below it')
    .option('--course <id>')
    .option('--query <name>', 'words of a name')
    .option('--json', 'print JSON')
    .action(list)
  program
    .command('standing <person>')
    .description('what one person owes')
    .addOption(asAt)
    .option('--json', 'print JSON')
    .action(standing)
  program
    .command('simulate <file>')
    .description('what a changed programme would do, to whom; nothing is changed')
    .requiredOption('--from <date>', 'the date from which it would hold')
    .option('--json', 'print JSON')
    .action(simulate)
}
