import { hasRole, personOf, type Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import { notFound } from '../errors.js'
import type { Random } from '../random.js'
import { bodyKeysOf } from './body-keys.js'
import type { BodyRings } from './body-rings.js'
import { doerOf } from './officers.js'
import { quiet } from './quiet.js'
import type { SealedStore } from './sealed-store.js'
import type { Doer } from './steps.js'
import { createVault, openAll, shapes, type Opened } from './vault.js'

/** Two people who are not to be seated together: one keeps their place, the other gives way. */
interface Kept {
  protected: string
  other: string
  by: Doer
  at: Date
  ended?: { by: Doer; at: Date }
  /** The training sessions of which officers have been told that both were there. */
  told?: readonly string[]
}

export interface Pair extends Kept {
  id: string
}

/**
 * Confidential pairs for training sessions (domain, section 4), kept by safeguarding officers whether
 * or not there is a complaint. They lie among everything else that is sealed, under keys of their own;
 * nobody learns of them, trainers and organisers included.
 */
export interface Apart {
  /** Every pair there is and was, youngest first. Throws not-found for all but safeguarding officers. */
  pairs(actor: Actor): Promise<Pair[]>
  /**
   * Keeps two people apart from now on; said twice, it is kept once. Throws invalid for one person
   * twice, refused where the officer is one of them.
   */
  keep(actor: Actor, pair: { protected: string; other: string }): Promise<void>
  /** They may meet again. What was kept stays in the history. Throws not-found. */
  end(actor: Actor, id: string): Promise<void>
  /**
   * Looks where people met who were to be kept apart: a register says who was there, and nothing can
   * refuse that. What officers have not been told of yet goes to `tell`, and is noted then; told twice after a crash, never less than once.
   */
  watch(
    met: (pair: Pair) => Promise<readonly string[]>,
    tell: (pair: Pair, news: readonly string[]) => Promise<void>,
  ): Promise<void>
  /** Whether somebody has to give way to one of these others; asked for everybody alike. */
  mayNotMeet(person: string, others: readonly string[]): Promise<boolean>
}

/** The folder of keys in `KEYS_DIR/bodies`, and the name in which pairs are sealed. */
export const safeguarding = 'safeguarding'
const kind = 'apart'
const all = 'apart'
const givesWay = (person: string): string => `apart:${person}`
const word = (one: { protected: string; other: string }): string =>
  `apart:${one.protected}:${one.other}`

export function createApart(parts: {
  store: Pick<SealedStore, 'parts'>
  rings: BodyRings
  clock: Clock
  random: Random
}): Apart {
  const { clock } = parts
  const shelf = parts.store.parts
  const vault = createVault(
    new Map([[safeguarding, bodyKeysOf(parts.rings.sealing, clock)]]),
    parts.random.stream('sealed pairs'),
  )
  const found = async (words: readonly string[]): Promise<Opened<Kept>[]> =>
    openAll<Kept>(vault, await shelf.tagged(vault.tags(safeguarding, words)))

  function check(actor: Actor): void {
    if (!hasRole(actor, 'safeguarding-officer')) throw notFound()
  }

  return {
    async pairs(actor) {
      check(actor)
      const kept = (await found([all])).map(({ id, value }): Pair => ({ id, ...value }))
      return kept.sort((one, other) => other.at.getTime() - one.at.getTime())
    },
    async keep(actor, pair) {
      check(actor)
      if (pair.protected === pair.other) {
        throw quiet('invalid', { key: 'apart.same-person' }, 'other')
      }
      const own = personOf(actor)
      if (own === pair.protected || own === pair.other) throw quiet('refused', { key: 'apart.own' })
      const value: Kept = { ...pair, by: doerOf(actor), at: clock.now() }
      const document = vault.draft(shapes.parts, safeguarding, {
        kind,
        value,
        tags: [all, givesWay(pair.other)],
        unique: [word(pair)],
      })
      if (await shelf.insert(document)) return
      const [before] = openAll<Kept>(
        vault,
        await shelf.unique(vault.tags(safeguarding, [word(pair)])),
      )
      if (!before?.value.ended) return
      const again = vault.draft(shapes.parts, safeguarding, { ...before, value })
      if (!(await shelf.replace(again, before.revision)))
        throw quiet('conflict', { key: 'apart.faster' })
    },
    async end(actor, id) {
      check(actor)
      const [held] = openAll<Kept>(vault, await shelf.byIds([id]))
      if (held?.kind !== kind) throw notFound()
      if (held.value.ended) return
      const ended = { by: doerOf(actor), at: clock.now() }
      const next = vault.draft(shapes.parts, safeguarding, {
        ...held,
        value: { ...held.value, ended },
      })
      if (!(await shelf.replace(next, held.revision)))
        throw quiet('conflict', { key: 'apart.faster' })
    },
    async watch(met, tell) {
      for (const held of await found([all])) {
        const { id, value } = held
        if (value.ended) continue
        const { told = [] } = value
        const news = (await met({ id, ...value })).filter((session) => !told.includes(session))
        if (news.length === 0) continue
        await tell({ id, ...value }, news)
        const next = { ...held, value: { ...value, told: [...told, ...news] } }
        // Where an officer was faster, it is told and noted the next time.
        await shelf.replace(vault.draft(shapes.parts, safeguarding, next), held.revision)
      }
    },
    async mayNotMeet(person, others) {
      const kept = await found([givesWay(person)])
      return kept.some(({ value }) => !value.ended && others.includes(value.protected))
    },
  }
}
