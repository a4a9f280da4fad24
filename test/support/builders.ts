import { day, type Day } from '../../src/clock.js'
import type { Delivery } from '../../src/courses/courses.js'
import type { Absence, AbsenceKind, Employment, Term } from '../../src/people/people.js'

let count = 0
const nextId = (): string => `id-${count++}`

/** The person whom the builders below speak of. */
const somebody = 'somebody'

/** A stretch from one date to another, inclusive; it runs on where the second is left out. */
const stretch = (from: string, to?: string): { from: Day; to?: Day } => ({
  from: day(from),
  ...(to ? { to: day(to) } : {}),
})

export const peer = (from: string, to?: string): Term => ({
  id: nextId(),
  person: somebody,
  kind: 'peer',
  house: 'lords',
  ...stretch(from, to),
})

/** A member of staff of an office, employed by a Member, the House or a sponsor. */
export const staffer = (
  office: string,
  employedBy: Employment,
  from: string,
  to?: string,
): Term => ({
  ...peer(from, to),
  kind: 'staff',
  house: employedBy === 'peer' ? 'lords' : 'commons',
  office,
  employedBy,
})

export const absence = (kind: AbsenceKind, from: string, to?: string): Absence => ({
  id: nextId(),
  person: somebody,
  kind,
  ...stretch(from, to),
})

export const attended = (course: string, on: string, delivery: Delivery = 'online') => ({
  id: nextId(),
  course,
  delivery,
  on: day(on),
})
