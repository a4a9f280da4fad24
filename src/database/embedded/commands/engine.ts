import type { Clock } from '../../../clock.js'
import type { Value } from '../bson/value.js'
import type { Fields } from '../bson/write.js'
import { check } from '../errors.js'
import type { Catalogue } from '../storage/catalogue.js'
import type { Records } from '../storage/records.js'
import type { Store } from '../storage/store.js'
import type { Cursors } from './cursors.js'
import type { Known, Options } from './options.js'
import { inTime, turn } from './turns.js'

/** All that commands work with. */
export interface Engine {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly records: Records
  readonly cursors: Cursors
  readonly clock: Clock
  /** A new id for a document that came without. */
  newId(): Value
}

/** A command as a client sent it. */
export interface Call {
  readonly name: string
  readonly db: string
  readonly options: Options
  readonly connection: number
  /** When the client wants to hear that it took too long, by `performance.now`. */
  readonly deadline: number
}

export interface Command {
  readonly known: Known
  run(engine: Engine, call: Call): Fields | Promise<Fields>
}

export type Commands = Readonly<Record<string, Command>>

/** Writing that may be long: between two `yield`s others may write. */
export type Work = Generator<undefined, void>

/**
 * Does a long piece of writing in short writes: between two `yield`s it has the store for itself.
 * What was written when the time is over stays written, as in MongoDB.
 */
export async function writeInTurns({ store }: Engine, work: Work, deadline = Infinity) {
  const step = (): boolean => {
    inTime(deadline)
    const until = performance.now() + 2 * turn
    let done = work.next().done
    while (!done && performance.now() < until) done = work.next().done
    return done === true
  }
  while (!(await store.write(step)));
}

/** Database and collection, as the first field of a command names it. */
export function namespaceOf({ name: command, db, options }: Call): string {
  const name = options.text(command)
  check(name !== undefined, 73, 'collection name has invalid type')
  const namespace = `${db}.${name}`
  const sound = /^[^/\\. "$\0]+\.[^.$\0][^$\0]*$/.test(namespace)
  check(sound, 73, `Invalid namespace specified '${namespace}'`)
  const short = Buffer.byteLength(db) < 64 && Buffer.byteLength(namespace) <= 255
  check(short, 73, `Fully qualified namespace is too long: '${namespace}'`)
  return namespace
}
