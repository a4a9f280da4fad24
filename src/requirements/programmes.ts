import { createHash } from 'node:crypto'
import { day, type Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Programme } from './programme.js'
import { readProgramme } from './programme-file.js'
import { createProgrammesStore } from './programmes-store.js'

/** The programmes that have been adopted, one after the other (domain, section 3). */
export interface Programmes {
  /** Oldest first. */
  adopted: () => readonly Programme[]
  /**
   * Reads what has been adopted. Where nothing has been, the programme that came with the content
   * is adopted, for all dates. Throws where that one has a fault.
   */
  start(text: Buffer): Promise<void>
}

const always = day('1900-01-01')

export function createProgrammes(parts: { database: Database; clock: Clock }): Programmes {
  const store = createProgrammesStore(parts.database.connection)
  let adopted: readonly Programme[] = []

  return {
    adopted: () => adopted,
    async start(text) {
      if ((await store.all()).length === 0) {
        const { faults } = readProgramme(text)
        const [fault] = faults
        if (fault) {
          throw new Error(
            `programme.yaml:${fault.line}: ${fault.say.key} ${JSON.stringify(fault.say.with)}`,
          )
        }
        const _id = createHash('sha256').update(text).update(always).digest('hex')
        await store.adopt({
          _id,
          text: text.toString('utf8'),
          from: always,
          adoptedAt: parts.clock.now(),
        })
      }
      adopted = (await store.all()).map(({ text: adoptedText, from, adoptedAt }) => ({
        from,
        adoptedAt,
        duties: readProgramme(Buffer.from(adoptedText)).duties,
      }))
    },
  }
}
