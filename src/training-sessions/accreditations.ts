import type { Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock, Day } from '../clock.js'
import type { Database } from '../database/database.js'
import { accept, notFound, refused, type Fault } from '../errors.js'
import { covers, type People } from '../people/people.js'
import type { Random } from '../random.js'
import { createAccreditationsStore, type Accreditation } from './accreditations-store.js'
import { organises } from './scope.js'
import type { Courses } from './training-session.js'

/** As much of a permission as is known. */
interface Known {
  name?: string
  from?: Day
  to?: Day | undefined
}

/** Who may deliver what, and when (domain, section 2: accreditation). */
export interface Accreditations {
  /** Gives a trainer a dated permission. Throws refused for anybody but a coordinator, and for oneself. */
  grant(actor: Actor, granted: Omit<Accreditation, 'id'>): Promise<Accreditation>
  /** What is wrong already with as much of a permission as is known, field by field. */
  check(granted: Known): Fault[]
  /** Ends one; `to` is its last day. Throws not-found. */
  end(actor: Actor, id: string, to: Day): Promise<Accreditation>
  /** Accreditations of some people, or of everybody, ended ones included. */
  of(people?: readonly string[]): Promise<Accreditation[]>
  /** A rule that says whether a trainer holds, on a day, all that a course demands. */
  forCourses(courses: Courses): Promise<(trainer: string, course: string, on: Day) => boolean>
}

export interface AccreditationsParts {
  database: Database
  audit: Audit
  people: Pick<People, 'get'>
  clock: Clock
  random: Random
}

function wrongWith({ name, from, to }: Known): Fault[] {
  const isName = name === undefined || /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)
  const endsBefore = from !== undefined && to !== undefined && to < from
  return [
    ...(isName ? [] : [{ field: 'name', say: { key: 'accreditation.name', with: { name } } }]),
    ...(endsBefore ? [{ field: 'to', say: { key: 'accreditation.ends-before' } }] : []),
  ]
}

export function createAccreditations(parts: AccreditationsParts): Accreditations {
  const { database, audit, people, random } = parts
  const store = createAccreditationsStore(database.connection)

  function check(actor: Actor, person?: string): void {
    const self = actor.kind === 'person' && actor.person !== undefined && actor.person === person
    if (self) throw refused('accreditation.own')
    if (!organises(actor) || actor.kind === 'key') throw refused('accreditation.not-coordinator')
  }

  return {
    check: wrongWith,
    async grant(actor, granted) {
      const { person, name, from, to } = granted
      check(actor, person)
      await people.get(person)
      accept(wrongWith(granted))
      const accreditation = { id: random.id(), person, name, from, ...(to ? { to } : {}) }
      await store.add(accreditation)
      const dates = { from, ...(to ? { to } : {}) }
      const { id } = accreditation
      await audit.record(
        actor,
        { act: 'accreditation.granted', people: [person], accreditation: id, of: name, ...dates },
        `accreditation.granted:${id}`,
      )
      return accreditation
    },
    async end(actor, id, to) {
      check(actor)
      const ended = await store.end(id, to)
      if (!ended) throw notFound()
      const people = [ended.person]
      await audit.record(actor, { act: 'accreditation.ended', people, accreditation: id, to })
      return ended
    },
    of: (people) => (people ? store.of(people) : store.all()),
    async forCourses(courses) {
      const held = await store.all()
      return (trainer, course, on) =>
        (courses.get(course)?.accreditations ?? []).every((demanded) =>
          held.some((one) => one.person === trainer && one.name === demanded && covers(one, on)),
        )
    },
  }
}
