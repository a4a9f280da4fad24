import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { App } from '../app.js'
import { coursesKeptIn } from '../config.js'
import type { Catalogue } from '../courses/courses.js'
import { openApp, withApp } from './open-app.js'
import { inWords } from './sentences.js'
import { print, progress } from './terminal.js'

/** Ends the server on a signal, letting it finish what is under way. */
function closeOnSignal(app: App): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void app.close())
  }
}

async function serve(): Promise<void> {
  const { app, config } = await openApp()
  await app.listen()
  closeOnSignal(app)
  process.stderr.write(`Good Standing is at ${config.publicUrl}\n`)
}

/** Teaches what an author has just written, and says what is wrong with it. */
async function teach(app: App, catalogue: Catalogue): Promise<void> {
  await app.shelf.stock(catalogue)
  const wrong = catalogue.faults.map(({ file, line, say }) => `  ${file}:${line} ${inWords(say)}`)
  print(false, {}, [`Courses read again, ${wrong.length} faults`, ...wrong])
}

async function demo(options: { watch?: boolean }): Promise<void> {
  const { app, config } = await openApp({ logLevel: 'warn' })
  const { demoPassword, loadDemo } = await import('../demo/demo.js')
  const { courses } = app.catalogue
  const accounts = await loadDemo({
    ...app,
    courses,
    keep: (name, text) => writeFile(join(config.dataDir, name), text),
    say: (what) => process.stdout.write(`${what} …\n`),
  })
  await app.listen()
  if (options.watch) {
    const { followCourses } = await import('./follow-courses.js')
    const keptIn = coursesKeptIn(config)
    followCourses(config.coursesDir, (catalogue) => void teach(app, catalogue), keptIn)
  }
  closeOnSignal(app)
  const width = Math.max(...accounts.map(({ email }) => email.length))
  const lines = accounts.map(({ email, shows }) => `  ${email.padEnd(width)}  ${shows}`)
  print(false, accounts, [
    '',
    `Good Standing with a fictional parliament is at ${config.publicUrl}`,
    '',
    `Sign in as any of these, with the password  ${demoPassword}`,
    '',
    ...lines,
    '',
    `A register to try an upload with is ${join(config.dataDir, 'example-register.csv')}`,
    `The data stays in ${config.dataDir}. Ctrl-C ends the server.`,
  ])
}

async function reconcile(): Promise<void> {
  await withApp(async (app) => {
    progress('Finishing what waits')
    await app.reconciler.settle()
  })
  print(false, {}, ['Everything that waited is done.'])
}

export function addServerCommands(program: Command): void {
  program.command('serve').description('run the server for real use').action(serve)
  program
    .command('demo')
    .description('run the server with a fictional parliament, and print whom to sign in as')
    .option('--watch', 'read the courses again whenever their files change')
    .action(demo)
  program
    .command('reconcile')
    .description('finish now what the server would finish beside its requests')
    .action(reconcile)
}
