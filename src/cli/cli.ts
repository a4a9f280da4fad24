#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config.js'
import { DatabaseRefused } from '../database/database.js'
import { DomainError } from '../errors.js'
import { addServerCommands } from './server-commands.js'
import { inWords } from './sentences.js'
import { Refusal } from './terminal.js'

const program = new Command('good-standing')
  .description('Behaviour-code training for a parliament: the same doors as the web pages.')
  .showHelpAfterError()
  .exitOverride()
addServerCommands(program)
// A server's start does not wait for what only the other commands need to be read.
if (!program.commands.some((command) => command.name() === process.argv[2])) {
  const { addOtherCommands } = await import('./other-commands.js')
  addOtherCommands(program)
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

/** 1 for a refusal, said with its reason; 2 for a call that was not understood. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof DomainError) {
    const faults = error.faults.map(({ file, line, column, say }) =>
      [file, line, column, inWords(say)].filter((part) => part !== undefined).join(': '),
    )
    process.stderr.write([inWords(error.say), ...faults].map((line) => `${line}\n`).join(''))
    return 1
  }
  if (
    error instanceof Refusal ||
    error instanceof ConfigError ||
    error instanceof DatabaseRefused
  ) {
    process.stderr.write(`${error.message}\n`)
    return 1
  }
  throw error
}
