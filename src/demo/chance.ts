import { addDays, daysBetween, type Day } from '../clock.js'
import type { Random } from '../random.js'

/** The few kinds of chance that a made-up parliament needs. */
export interface Chance {
  pick<Thing>(things: readonly Thing[]): Thing
  /** True so many times in a hundred. */
  percent(share: number): boolean
  /** A whole number from the first to the last, both included. */
  between(first: number, last: number): number
  /** A day from the first to the last, both included. */
  dayBetween(first: Day, last: Day): Day
}

export function createChance(random: Random): Chance {
  const between = (first: number, last: number) => first + random.below(last - first + 1)
  return {
    between,
    percent: (share) => random.below(1000) < share * 10,
    dayBetween: (first, last) => addDays(first, between(0, Math.max(0, daysBetween(first, last)))),
    pick<Thing>(things: readonly Thing[]): Thing {
      const thing = things[random.below(things.length)]
      if (thing === undefined) throw new RangeError('nothing to pick from')
      return thing
    },
  }
}
