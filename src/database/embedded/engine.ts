import type { Clock } from '../../clock.js'
import type { Log } from '../../log.js'
import type { Random } from '../../random.js'
import { objectIdValue } from './bson/write.js'
import { answer, type Request } from './commands/commands.js'
import { createCursors } from './commands/cursors.js'
import type { Engine, Reply } from './commands/engine.js'
import { expireDocuments, purgeDropped } from './housekeeping.js'
import { Catalogue } from './storage/catalogue.js'
import { openRecords } from './storage/records.js'
import { openStore } from './storage/store.js'

/** The database without the wire: commands in, answers out. */
export interface Running {
  respond(request: Request): Promise<Reply>
  /** Removes what has outlived its TTL index, and closes forgotten cursors; once a minute. */
  expire(): Promise<void>
  /** Removes the remains of dropped collections and indexes, a little at a time. */
  purge(): Promise<void>
  close(): Promise<void>
}

/** Ids of documents that came without: seconds, five bytes of this process, a counter. */
function idMaker(clock: Clock, random: Random) {
  const own = random.bytes(5)
  let counter = random.below(1 << 24)
  return () => {
    const id = Buffer.allocUnsafe(12)
    id.writeUInt32BE(Math.floor(clock.now().getTime() / 1000) >>> 0, 0)
    own.copy(id, 4)
    counter = (counter + 1) & 0xffffff
    id.writeUIntBE(counter, 9, 3)
    return objectIdValue(id)
  }
}

/** Opens the database in a directory. Throws `FormatUnknown` where it is not of this version. */
export function openEngine(dir: string, clock: Clock, random: Random, log: Log): Running {
  const late: { catalogue?: Catalogue } = {}
  const store = openStore(
    dir,
    () => late.catalogue?.committed(),
    () => late.catalogue?.undone(),
  )
  const catalogue = new Catalogue(store.catalogue)
  late.catalogue = catalogue
  const engine: Engine = {
    store,
    catalogue,
    records: openRecords(store, (collection) => catalogue.save(collection)),
    cursors: createCursors(
      () => clock.now().getTime(),
      () => random.bytes(8).readBigUInt64BE() >> 1n,
    ),
    clock,
    random,
    newId: idMaker(clock, random),
  }
  const report = (command: string, error: unknown): void =>
    log.error({ command, err: error }, 'embedded database: a command failed')
  return {
    respond: (request) => answer(engine, request, report),
    async expire() {
      engine.cursors.closeIdle()
      await expireDocuments(engine)
    },
    purge: () => purgeDropped(engine),
    close: () => store.close(),
  }
}
