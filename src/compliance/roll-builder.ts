import { chunk } from 'es-toolkit'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Programme } from '../requirements/requirements.js'
import { enrol, gatherFacts, type FactSources } from './facts.js'
import { openRoll, type Roll } from './roll.js'

// Few enough that other requests hardly wait for one batch.
const batch = 200

/** Puts people into the roll anew, a few at a time, letting others have their turn in between. */
export async function refreshRoll(
  roll: Roll,
  sources: FactSources,
  programmes: readonly Programme[],
  people: readonly string[],
): Promise<void> {
  for (const some of chunk([...people], batch)) {
    enrol(roll, programmes, await gatherFacts(sources, some))
    await nextTurn()
  }
}

/** A roll of everybody, as known now or at an instant. */
export async function buildRoll(
  sources: FactSources,
  programmes: readonly Programme[],
  knownAt?: Date,
): Promise<Roll> {
  const roll = openRoll()
  const known = programmes.filter(({ adoptedAt }) => knownAt === undefined || adoptedAt <= knownAt)
  for (const some of chunk(await gatherFacts(sources, undefined, knownAt), batch)) {
    enrol(roll, known, some)
    await nextTurn()
  }
  return roll
}
