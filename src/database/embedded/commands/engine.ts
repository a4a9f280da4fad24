import type { Clock } from '../../../clock.js'
import type { Random } from '../../../random.js'
import type { Value } from '../bson/value.js'
import type { Writable } from '../bson/write.js'
import { CommandError } from '../errors.js'
import type { Catalogue } from '../storage/catalogue.js'
import type { Collection } from '../storage/collection.js'
import type { Records } from '../storage/records.js'
import type { Store } from '../storage/store.js'
import type { Cursors } from './cursors.js'
import type { Fields, Options } from './options.js'

/** All that commands work with. */
export interface Engine {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly records: Records
  readonly cursors: Cursors
  readonly clock: Clock
  readonly random: Random
  newId(): Value
}

/** A command as a client sent it. */
export interface Call {
  readonly name: string
  readonly db: string
  readonly options: Options
  /** The session, by the bytes of its id. */
  readonly session: string | undefined
  readonly connection: number
  /** When the client wants to hear that it took too long, by `performance.now`. */
  readonly deadline: number
}

export type Reply = Readonly<Record<string, Writable | undefined>>

export interface Command {
  readonly fields: Fields
  run(engine: Engine, call: Call): Reply | Promise<Reply>
}

export type Commands = Readonly<Record<string, Command>>

/** How long anything may work before others get their turn, in milliseconds. */
const turn = 8

/** Gives way to others where more than a turn has passed. */
export function turns(deadline: number): () => Promise<void> {
  let since = performance.now()
  return async () => {
    const now = performance.now()
    if (now > deadline) throw new CommandError(50, 'operation exceeded time limit')
    if (now - since < turn) return
    await new Promise((resolve) => setImmediate(resolve))
    since = performance.now()
  }
}

/** Does a long piece of writing in short writes: between two `yield`s it has the store for itself. */
export async function writeInTurns<T>(engine: Engine, work: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const step = await engine.store.write(() => {
      const until = performance.now() + 2 * turn
      let next = work.next()
      while (!next.done && performance.now() < until) next = work.next()
      return next
    })
    if (step.done) return step.value
  }
}

/** The name of a collection as the first field of a command gives it. */
export function collectionName({ name, db, options }: Call): string {
  const given = options.text(name)
  if (given === undefined) throw new CommandError(73, `collection name has invalid type`)
  checkName(db, given)
  return given
}

export function checkName(db: string, name: string): void {
  if (name === '' || name.startsWith('.') || name.includes('\0') || name.includes('$')) {
    throw new CommandError(73, `Invalid namespace specified '${db}.${name}'`)
  }
  if (db === '' || Buffer.byteLength(db) > 63 || /[/\\. "$]/.test(db)) {
    throw new CommandError(73, `Invalid database name: '${db}'`)
  }
  if (Buffer.byteLength(db) + Buffer.byteLength(name) > 254) {
    throw new CommandError(73, `Fully qualified namespace is too long: '${db}.${name}'`)
  }
}

/** The error of one write of a batch, as `writeErrors` shows it. */
export const writeError = (index: number, error: CommandError): Record<string, Writable> => ({
  index,
  code: error.code,
  errmsg: error.message,
  ...(error.detail as Record<string, Writable>),
})

/** The collection that a write goes to, made where there is none. Only inside a write. */
export function collectionForWrite(engine: Engine, db: string, name: string): Collection {
  return engine.catalogue.findForWrite(db, name) ?? engine.catalogue.create(db, name)
}
