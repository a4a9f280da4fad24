import { firstName } from '../bson/read.js'
import { numberOf, type Value } from '../bson/value.js'
import type { Writable } from '../bson/write.js'
import { codeName, CommandError, notHere } from '../errors.js'
import { own } from '../own.js'
import { connectionCommands, sessionOf } from './connection-commands.js'
import { databaseCommands } from './database-commands.js'
import type { Commands, Engine, Reply } from './engine.js'
import { indexCommands } from './index-commands.js'
import { Options } from './options.js'
import { readCommands } from './read-commands.js'
import { writeCommands } from './write-commands.js'

const commands: Commands = {
  ...connectionCommands,
  ...readCommands,
  ...writeCommands,
  ...indexCommands,
  ...databaseCommands,
}

/** A command as it came over the wire: its document, and the lists that came beside it. */
export interface Request {
  readonly body: Value
  readonly sequences: ReadonlyMap<string, readonly Value[]>
  readonly connection: number
}

/** Answers a command; what is wrong with it is an answer too. `report` hears of faults of the engine. */
export async function answer(
  engine: Engine,
  { body, sequences, connection }: Request,
  report: (command: string, error: unknown) => void,
): Promise<Reply> {
  const name = firstName(body) ?? ''
  try {
    const command = own(commands, name)
    if (!command) throw notHere(59, `no such command: '${name}'`)
    const options = new Options(name, body, command.fields, sequences)
    const limit = options.value('maxTimeMS')
    const milliseconds = limit ? numberOf(limit) : 0
    const reply = await command.run(engine, {
      name,
      db: options.text('$db') ?? 'test',
      options,
      session: sessionOf(options.value('lsid')),
      connection,
      deadline: milliseconds > 0 ? performance.now() + milliseconds : Number.POSITIVE_INFINITY,
    })
    return { ...reply, ok: 1 }
  } catch (error) {
    if (error instanceof CommandError) return refusal(error)
    report(name, error)
    return refusal(new CommandError(1, error instanceof Error ? error.message : String(error)))
  }
}

const refusal = ({ message, code, detail }: CommandError): Reply => ({
  ok: 0,
  errmsg: message,
  code,
  codeName: codeName(code),
  ...(detail as Record<string, Writable>),
})
