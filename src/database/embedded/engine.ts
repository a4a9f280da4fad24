import type { Clock } from '../../clock.js'
import type { Log } from '../../log.js'
import type { Random } from '../../random.js'
import { T, type Value } from './bson/value.js'
import type { Fields } from './bson/write.js'
import { answer, type Request } from './commands/commands.js'
import { Cursors } from './commands/cursors.js'
import type { Engine } from './commands/engine.js'
import { expireDocuments } from './expiry.js'
import { Catalogue } from './storage/catalogue.js'
import { Records } from './storage/records.js'
import { openStore } from './storage/store.js'

/** The database without the wire: commands in, answers out. */
export interface Running {
  readonly engine: Engine
  respond(request: Request): Promise<Fields>
  /** Removes what has outlived its TTL index, and closes forgotten cursors; to be done once a minute. */
  expire(): Promise<void>
  close(): Promise<void>
}

/** Ids of documents that came without: seconds, five bytes of this process, a counter. */
function idMaker(clock: Clock, random: Random): () => Value {
  const own = random.bytes(5)
  let counter = random.below(1 << 24)
  return () => {
    const bytes = Buffer.allocUnsafe(12)
    bytes.writeUInt32BE(Math.floor(clock.now().getTime() / 1000) >>> 0, 0)
    own.copy(bytes, 4)
    counter = (counter + 1) & 0xffffff
    bytes.writeUIntBE(counter, 9, 3)
    return { type: T.objectId, bytes, at: 0, end: 12 }
  }
}

/** Opens the database in a directory. Throws `FormatUnknown` where it is not of this version. */
export function openEngine(
  dir: string,
  clock: Clock,
  random: Random,
  log: Pick<Log, 'warn' | 'error'>,
): Running {
  const store = openStore(dir, () => catalogue)
  const catalogue = new Catalogue(store)
  const now = (): number => clock.now().getTime()
  const cursorId = (): bigint => random.bytes(8).readBigUInt64BE() >> 1n
  const engine: Engine = {
    store,
    catalogue,
    records: new Records(store, (collection) => catalogue.save(collection)),
    cursors: new Cursors(now, cursorId),
    clock,
    newId: idMaker(clock, random),
  }
  const report = (command: string, error: unknown): void =>
    log.error({ command, err: error }, 'embedded database: a command failed')
  return {
    engine,
    respond: (request) => answer(engine, request, report),
    async expire() {
      engine.cursors.closeAll()
      await expireDocuments(engine)
    },
    close: () => store.close(),
  }
}
