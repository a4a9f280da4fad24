import type { Role } from '../actor.js'
import { addDays, addMonths, day, latest, type Day } from '../clock.js'
import type { Delivery } from '../courses/courses.js'
import type { Chance } from './chance.js'
import { parties, posts } from './names.js'
import type { Register } from './register-of-people.js'

/** A course that somebody did before this system was there. */
export interface Learnt {
  person: string
  course: string
  delivery: Delivery
  on: Day
}

/** Somebody to sign in as: the account that is printed at the start, and what it shows. */
export interface DemoAccount {
  shows: string
  email: string
  person: string
  roles: readonly Role[]
}

/** A parliament while it is being made. */
export interface Making {
  today: Day
  chance: Chance
  register: Register
  learnt: Learnt[]
  accounts: DemoAccount[]
  names: Map<string, string>
}

const staffRuleBegins = day('2024-01-08')
const staffRuleDue = day('2024-06-28')

/** A party, by its share of seats. */
export function partyFor(chance: Chance) {
  let left = chance.between(0, 99) / 100
  return parties.find(({ share }) => (left -= share) < 0) ?? parties[0] ?? { name: '', share: 1 }
}

/** Staff of a Member, a peer or the House: when they learnt, late, or not at all. */
export function staffLearning(
  { today, chance, learnt }: Making,
  person: string,
  start: Day,
  end?: Day,
): void {
  const due = start < staffRuleBegins ? staffRuleDue : addMonths(start, 2)
  const begin = latest(start, addDays(staffRuleBegins, -60))
  const on = chance.percent(91)
    ? chance.dayBetween(addDays(begin, 3), due)
    : chance.percent(45)
      ? chance.dayBetween(addDays(due, 1), addDays(due, 90))
      : undefined
  if (!on || on >= today || (end && on > end)) return
  const delivery = chance.percent(80) ? 'online' : chance.percent(50) ? 'remote' : 'face-to-face'
  learnt.push({ person, course: 'behaviour-code-staff', delivery, on })
}

/** Somebody who works in an office, with what they have learnt. */
export function addStaff(
  making: Making,
  office: string,
  house: 'commons' | 'lords',
  since: Day,
): string {
  const { today, chance, register } = making
  const { id } = register.person()
  const from = chance.dayBetween(since, addDays(today, -2))
  const leaves = chance.percent(14) ? chance.dayBetween(from, addDays(today, -1)) : undefined
  register.term(id, 'staff', house, from, {
    office,
    title: chance.pick(posts),
    ...(leaves ? { to: leaves } : {}),
  })
  if (!leaves && chance.percent(3)) {
    const away = chance.dayBetween(from, addDays(today, -10))
    register.absence(
      id,
      'away',
      away,
      chance.percent(60) ? addDays(away, chance.between(20, 180)) : undefined,
    )
  }
  staffLearning(making, id, from, leaves)
  return id
}
