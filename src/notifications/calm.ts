import { addDays, dayOf, endOfDay, instantOf, type Day } from '../clock.js'

/** When mail that can wait is sent, by London's clocks, and how much of it somebody gets in a day. */
export interface CalmRules {
  /** From when to when on a working day, such as `08:00` and `19:00`. */
  opens: string
  closes: string
  weekends: boolean
  /** Days on which nobody works, such as bank holidays. */
  closed: readonly Day[]
  mostADay: number
}

const saturday = 6
const weekend = (on: Day): boolean => new Date(on).getUTCDay() % saturday === 0

const at = (on: Day, time: string): Date => instantOf(on, time) ?? endOfDay(on)

/** The next moment from which mail that can wait is sent; nothing where it is sent now. */
export function quietUntil(now: Date, rules: CalmRules): Date | undefined {
  const { opens, closes, weekends, closed } = rules
  for (let on = dayOf(now); ; on = addDays(on, 1)) {
    if ((!weekends && weekend(on)) || closed.includes(on)) continue
    const opening = at(on, opens)
    if (now < opening) return opening
    if (now < at(on, closes)) return undefined
  }
}

/** The first such moment after today. */
export function openingAfter(today: Day, rules: CalmRules): Date {
  const midnight = endOfDay(today)
  return quietUntil(midnight, rules) ?? midnight
}
