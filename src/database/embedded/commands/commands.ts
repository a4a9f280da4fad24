import type { Value } from '../bson/value.js'
import type { Fields } from '../bson/write.js'
import { CommandError, notHere } from '../errors.js'
import { serverCommands } from './server-commands.js'
import type { Engine } from './engine.js'
import { indexCommands } from './index-commands.js'
import { Options } from './options.js'
import { readCommands } from './read-commands.js'
import { writeCommands } from './write-commands.js'

const commands = new Map(
  Object.entries({
    ...readCommands,
    ...writeCommands,
    ...indexCommands,
    ...serverCommands,
  }),
)

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
): Promise<Fields> {
  const name = body.firstName() ?? ''
  try {
    const command = commands.get(name)
    if (!command) throw notHere(59, `no such command: '${name}'`)
    const options = new Options(name, body, command.known, sequences)
    const limit = options.count('maxTimeMS') ?? 0
    const reply = await command.run(engine, {
      name,
      db: options.text('$db') ?? 'test',
      options,
      connection,
      deadline: limit > 0 ? performance.now() + limit : Infinity,
    })
    return Object.assign(reply, { ok: 1 })
  } catch (error) {
    const known = error instanceof CommandError
    if (!known) report(name, error)
    const { message, code, codeName, detail } = known ? error : new CommandError(1, String(error))
    return { ok: 0, errmsg: message, code, codeName, ...detail }
  }
}
