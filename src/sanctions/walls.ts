import { personOf, type Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import { conflictOf, type Conflict, type People } from '../people/people.js'
import { doerOf, type Officer } from './officers.js'
import { quiet } from './quiet.js'
import type { SealedLog } from './sealed-log.js'
import type { Settings } from './settings.js'
import type { Case } from './cases.js'

export type Walls = ReturnType<typeof createWalls>

/** Keeps officers from what concerns themselves, their manager, their employer or their staff. */
export function createWalls(parts: {
  people: Pick<People, 'managersOf'>
  /** Everybody who may act for a body today, in a stable order. */
  officersOf: (body: string) => Promise<readonly Officer[]>
  settings: Settings
  log: SealedLog
  clock: Clock
}) {
  const { people, officersOf, settings, log, clock } = parts

  /** Answers, person by person, why an officer may not have to do with them. */
  async function conflicts(
    decider: Pick<Officer, 'account' | 'person'>,
    body: string,
  ): Promise<(subject: string) => Promise<Conflict | undefined>> {
    const { interests } = await settings.get(body)
    const own = interests.filter(({ account }) => account === decider.account)
    const declared = new Set(own.map(({ person }) => person))
    const { person } = decider
    if (person === undefined) {
      return (subject) => Promise.resolve(declared.has(subject) ? 'interest' : undefined)
    }
    const managersOfDecider = await people.managersOf(person, clock.today())
    return async (subject) => {
      const managersOfSubject = await people.managersOf(subject, clock.today())
      return conflictOf(person, subject, { managersOfDecider, managersOfSubject, declared })
    }
  }

  const conflict = async (
    decider: Pick<Officer, 'account' | 'person'>,
    subject: string,
    body: string,
  ): Promise<Conflict | undefined> => (await conflicts(decider, body))(subject)

  const asOfficer = (actor: Actor): Pick<Officer, 'account' | 'person'> | undefined => {
    if (actor.kind !== 'person') return undefined
    const person = personOf(actor)
    return { account: actor.account, ...(person ? { person } : {}) }
  }

  /** The officer after this one, in the body's order, who has no conflict. */
  async function nextEligible(body: string, after: string, subject: string) {
    const officers = await officersOf(body)
    const at = officers.findIndex(({ account }) => account === after)
    const others = [...officers.slice(at + 1), ...officers.slice(0, Math.max(at, 0))]
    for (const officer of others) {
      if (!(await conflict(officer, subject, body))) return officer
    }
    return undefined
  }

  return {
    /** Why an actor may not have to do with somebody, to be asked of many; nothing where they may. */
    async conflictsOf(actor: Actor, body: string) {
      const officer = asOfficer(actor)
      return officer ? conflicts(officer, body) : () => Promise.resolve(undefined)
    },

    /**
     * Refuses an actor with a conflict, writes that down in the body's log, and names whom to turn to.
     * Answers the officer to whom it passes, in the error's sentence and to `passed`.
     */
    async guard(
      actor: Actor,
      body: string,
      subject: string,
      about: { act: string; held?: Case; passed?: (to: Officer) => Promise<void> },
    ): Promise<void> {
      const officer = asOfficer(actor)
      const why = officer && (await conflict(officer, subject, body))
      if (!why) return
      const next = await nextEligible(body, officer.account, subject)
      const outcome = about.held && { id: about.held.id, dataKey: about.held.sealed.dataKey }
      const act = { act: 'refused', wanted: about.act, why, by: doerOf(actor) }
      const entry = { ...act, ...(next ? { passedTo: next.account } : {}) }
      await log.write([log.draft(body, entry, outcome)])
      if (next) await about.passed?.(next)
      throw quiet(
        'refused',
        next
          ? { key: 'outcomes.refused.conflict', with: { officer: next.name } }
          : { key: 'outcomes.refused.conflict-nobody' },
      )
    },
  }
}
