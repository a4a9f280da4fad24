import { groupBy } from 'es-toolkit'
import type { Actor } from '../actor.js'
import { invalid, type Fault } from '../errors.js'
import type { People } from '../people/people.js'
import { readSheet } from '../tables/tables.js'
import { readCallLog } from './call-log.js'
import type { Registers } from './registers.js'
import { minutesInCall, type Stay } from './video-log.js'

/** What came of a call's log. */
export interface LogRead {
  /** People of whom the log says how long they were there. */
  matched: number
  /** Rows whose person is not known, as they were written; somebody may say who each is. */
  unknown: readonly { lines: readonly number[]; name?: string; email?: string }[]
  faults: readonly Fault[]
}

export interface Comparing {
  /**
   * Takes in a video call's log, for comparing with the register. Names are matched only where they
   * are sure; `people` says who the others are, by the line of the log. Throws `invalid` for a file
   * that cannot be read.
   */
  callLog(
    actor: Actor,
    session: string,
    file: { name: string; bytes: Uint8Array },
    people?: ReadonlyMap<number, string>,
  ): Promise<LogRead>
}

export interface ComparingParts {
  registers: Registers
  people: Pick<People, 'byEmails' | 'likely'>
}

export function createComparing({ registers, people }: ComparingParts): Comparing {
  /** Who each stay was, as far as that is sure. */
  async function whoStayed(
    stays: readonly Stay[],
    said: ReadonlyMap<number, string>,
  ): Promise<{ person: string | undefined; stay: Stay }[]> {
    const byEmail = await people.byEmails(stays.flatMap(({ email }) => email ?? []))
    const names = [...new Set(stays.flatMap(({ name }) => name ?? []))]
    const likely = await people.likely(names, 2)
    const byName = new Map(names.map((name, at) => [name, likely[at]]))
    return stays.map((stay) => {
      const alike = byName.get(stay.name ?? '')
      const sure = alike?.likeness === 'same' && alike.people.length === 1
      const found = byEmail.get(stay.email ?? '')?.id ?? (sure ? alike.people[0] : undefined)
      return { person: said.get(stay.line) ?? found, stay }
    })
  }

  return {
    async callLog(actor, id, { name, bytes }, said = new Map()) {
      const { session } = await registers.sheet(actor, id)
      const sheet = await readSheet(bytes, name)
      if (sheet.faults.length > 0) throw invalid('register.unreadable', undefined, sheet.faults)
      const { stays, faults } = readCallLog(sheet.rows)
      if (stays.length === 0) throw invalid('register.log.nothing', undefined, faults)
      const known = await whoStayed(stays, said)
      const byPerson = groupBy(
        known.filter(({ person }) => person !== undefined),
        ({ person }) => person ?? '',
      )
      const claims = Object.entries(byPerson).map(([person, own]) => {
        const minutes = minutesInCall(
          own.map(({ stay }) => stay),
          session,
        )
        return { person, present: minutes > 0, minutes }
      })
      await registers.claim(actor, id, 'video', claims)
      const strangers = known.filter(({ person }) => person === undefined)
      const alike = groupBy(strangers, ({ stay: { name, email } }) => JSON.stringify([name, email]))
      const unknown = Object.values(alike).map((own) => {
        const { name, email } = own[0]?.stay ?? {}
        const lines = own.map(({ stay }) => stay.line)
        return { lines, ...(name ? { name } : {}), ...(email ? { email } : {}) }
      })
      return { matched: claims.length, unknown, faults }
    },
  }
}
