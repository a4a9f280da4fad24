import { chunk, groupBy, keyBy } from 'es-toolkit'
import type { Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import type { Completed, Completions } from '../completions/completions.js'
import type { Random } from '../random.js'
import { entryKey, newEntry, withEffect, type Effect, type Entry, type Rule } from './entry.js'
import type { EntriesStore } from './entries-store.js'
import type { SessionsStore } from './sessions-store.js'
import type { TrainingSession } from './training-session.js'

/** Whom an entry is about, and in which training session. */
export interface Subject {
  session: string
  person: string
}

/** Writes what registers hold, and sees that completions follow. Every step may be repeated. */
export interface Keeping {
  /**
   * Changes entries, new ones included, whatever others do meanwhile. `change` answers the entry
   * itself where there is nothing to do, and is asked again when somebody else was quicker.
   */
  revise(act: KeepingAct, subjects: readonly Subject[], change: Change): Promise<void>
  /** Records and annuls the completions that have still to follow from entries; answers how many entries had some. */
  followPending(): Promise<number>
}

/** Who changes what a register says, and why, as an annulled completion will have it. */
export interface KeepingAct {
  by: Actor
  at: Date
  /** In somebody's own words, where they gave any. */
  reason?: string
  /** New entries belong to a register that has been signed. */
  signed?: boolean
}
export type Change = (entry: Entry) => Entry

export interface KeepingParts {
  entries: EntriesStore
  sessions: SessionsStore
  completions: Pick<Completions, 'recordMany' | 'annul' | 'byEvidence'>
  clock: Clock
  random: Random
}

type Held = Pick<TrainingSession, 'id' | 'course' | 'delivery' | 'on' | 'taught'>

const batch = 250
const mostTries = 50
// For so long another process may still be at recording what has been taken back meanwhile.
const laggard = 5 * 60_000

export function createKeeping(parts: KeepingParts): Keeping {
  const { entries, sessions, completions, clock, random } = parts

  async function heldOf(ids: readonly string[]): Promise<Map<string, Held>> {
    const found = await sessions.byIds([...new Set(ids)])
    return new Map(found.map((session) => [session.id, session]))
  }

  const ruleOf = ({ by, at, reason }: KeepingAct, session: Held | undefined): Rule => ({
    partCountsFrom: session?.taught.partCountsFrom,
    by,
    at,
    ...(reason === undefined ? {} : { reason }),
    newEvidence: () => random.id(),
  })

  async function reviseBatch(
    act: KeepingAct,
    subjects: readonly Subject[],
    change: Change,
  ): Promise<Entry[]> {
    const held = await heldOf(subjects.map(({ session }) => session))
    for (let tries = 0; tries < mostTries; tries++) {
      const current = await entries.byKeys(subjects.map((s) => entryKey(s.session, s.person)))
      const changed = subjects.flatMap(({ session, person }) => {
        const entry =
          current.get(entryKey(session, person)) ??
          newEntry(random.id(), session, person, act.signed ?? false)
        const next = withEffect(change(entry), ruleOf(act, held.get(session)))
        return next === entry ? [] : [next]
      })
      if (await entries.write(changed)) {
        return changed.map((entry) => ({ ...entry, version: entry.version + 1 }))
      }
    }
    throw new Error('a register is being changed by too many at once')
  }

  /** Notes what has become of effects; one that was turned round meanwhile stays to be followed. */
  const note = (act: KeepingAct, some: readonly Entry[], become: (effect: Effect) => Effect) =>
    reviseBatch(act, some, (entry) => {
      const effects = entry.effects.map(become)
      const same = effects.every((effect, at) => effect === entry.effects[at])
      return same ? entry : { ...entry, effects }
    })

  async function record(act: KeepingAct, some: readonly Entry[], held: ReadonlyMap<string, Held>) {
    const owed = some.flatMap((entry) =>
      entry.effects
        .filter(({ wanted, done }) => wanted && !done)
        .map((effect) => ({ entry, effect })),
    )
    const recorded = new Set<string>()
    for (const own of Object.values(groupBy(owed, ({ effect }) => JSON.stringify(effect.by)))) {
      const facts = own.flatMap(({ entry, effect }) => completedOf(entry, effect, held) ?? [])
      const by = own[0]?.effect.by
      if (!by) continue
      for (const { evidence } of await completions.recordMany(by, facts)) recorded.add(evidence.id)
    }
    if (recorded.size === 0) return
    const entriesOwed = owed.map(({ entry }) => entry)
    const plain = owed.every(
      ({ entry, effect }) =>
        recorded.has(effect.evidence) && entry.effects.filter(({ done }) => !done).length === 1,
    )
    if (plain && (await entries.settle(entriesOwed))) return
    await note(act, entriesOwed, (effect) =>
      effect.wanted && !effect.done && recorded.has(effect.evidence)
        ? { ...effect, done: true }
        : effect,
    )
  }

  async function annul(act: KeepingAct, some: readonly Entry[]) {
    const owed = some.flatMap((entry) =>
      entry.effects
        .filter(({ wanted, done }) => !wanted && !done)
        .map((effect) => ({ entry, effect })),
    )
    if (owed.length === 0) return
    const known = await completions.byEvidence(owed.map(({ effect }) => effect.evidence))
    const byEvidence = keyBy(known, ({ evidence }) => evidence.id)
    const gone = new Set<string>()
    const found = owed.flatMap(({ effect }) => {
      const completion = byEvidence[effect.evidence]?.id
      const since = act.at.getTime() - effect.at.getTime()
      if (completion !== undefined || since > laggard) gone.add(effect.evidence)
      return completion === undefined ? [] : [{ effect, completion }]
    })
    const together = groupBy(found, ({ effect: { by, reason } }) => JSON.stringify([by, reason]))
    for (const own of Object.values(together)) {
      const [first] = own
      if (!first) continue
      const ids = own.map(({ completion }) => completion)
      const note = first.effect.reason
      const why = 'register-corrected'
      await completions.annul(first.effect.by, ids, { why, ...(note ? { note } : {}) })
    }
    await note(
      act,
      owed.map(({ entry }) => entry),
      (effect) =>
        !effect.wanted && !effect.done && gone.has(effect.evidence)
          ? { ...effect, done: true }
          : effect,
    )
  }

  async function follow(act: KeepingAct, some: readonly Entry[]): Promise<void> {
    const open = some.filter(({ effects }) => effects.some(({ done }) => !done))
    if (open.length === 0) return
    await annul(act, open)
    await record(act, open, await heldOf(open.map(({ session }) => session)))
  }

  return {
    async revise(act, subjects, change) {
      for (const some of chunk([...subjects], batch)) {
        await follow(act, await reviseBatch(act, some, change))
      }
    },
    async followPending() {
      const open = await entries.pending(batch)
      const [first] = open
      const by = first?.effects.at(-1)?.by ?? { kind: 'system', part: 'reconciler' }
      await follow({ by, at: clock.now() }, open)
      return open.length
    },
  }
}

function completedOf(
  entry: Entry,
  effect: Effect,
  held: ReadonlyMap<string, Held>,
): Completed | undefined {
  const session = held.get(entry.session)
  if (!session) return undefined
  const { course, delivery, on, taught } = session
  return {
    person: entry.person,
    course,
    version: { hash: taught.hash, label: taught.label },
    delivery,
    on,
    evidence: { kind: 'register', id: effect.evidence },
  }
}
