import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, type Document, serialize } from 'bson'
import type { Clock } from '../../../src/clock.js'
import { documentAt } from '../../../src/database/embedded/bson/value.js'
import { encode } from '../../../src/database/embedded/bson/write.js'
import { openEngine, type Running } from '../../../src/database/embedded/engine.js'
import { choosePlan } from '../../../src/database/embedded/indexes/plan.js'
import { parseFilter } from '../../../src/database/embedded/match/parse-filter.js'
import { parseSort } from '../../../src/database/embedded/indexes/keys.js'
import { seededRandom } from '../../../src/random.js'
import { remembering } from './own-server.js'

/** The database without wire and worker, with a clock that stands until it is moved. */
export interface TestEngine {
  /** Sends a command and gives the reply. */
  ask(command: Document): Promise<Document>
  /** The way to the documents of a query: the index with its bounded fields, and what it saves. */
  plan(collection: string, filter: Document, sort?: Document, limit?: number): string
  readonly running: Running
  now: Date
}

export function useEngine(): TestEngine {
  let running: Running | undefined
  let now = new Date('2026-03-01T09:00:00Z')
  let dir = ''
  const clock: Clock = { now: () => now, today: () => '2026-03-01' as never }
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'gs-engine-'))
    running = openEngine(dir, clock, seededRandom('engine'), remembering().log)
  })
  after(async () => {
    await running?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const opened = (): Running => {
    if (!running) throw new Error('the engine is there only while tests run')
    return running
  }
  return {
    get running() {
      return opened()
    },
    get now() {
      return now
    },
    set now(moved) {
      now = moved
    },
    async ask(command) {
      const body = documentAt(Buffer.from(serialize({ ...command, $db: 'd' })))
      const reply = await opened().respond({ body, sequences: new Map(), connection: 1 })
      return deserialize(encode(reply).bytes)
    },
    plan(collection, filter, sort = {}, limit = Infinity) {
      const { store, catalogue } = opened().engine
      const found = catalogue.find(`d.${collection}`)
      if (!found) throw new Error(`no collection ${collection}`)
      const value = (document: Document) => documentAt(Buffer.from(serialize(document)))
      const plan = choosePlan(store, found, {
        filter: parseFilter(value(filter)),
        sort: parseSort(value(sort)),
        limit,
      })
      const [only, ...others] = plan.through
      const names = plan.through.map(({ index }) => index.name).join(' or ') || 'all'
      const order = plan.sorted ? '' : ', then sorted'
      if (!only || others.length > 0) return names + order
      const how = only.reverse ? ', backwards' : ''
      return `${names} by ${only.bounded}${how}${order}`
    },
  }
}
