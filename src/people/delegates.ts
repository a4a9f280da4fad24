import { personOf, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import { addDays, addMonths, latest, type Clock, type Day } from '../clock.js'
import type { Database } from '../database/database.js'
import { accept, conflict, refused, type Fault } from '../errors.js'
import type { Random } from '../random.js'
import { createDelegationsStore } from './delegations-store.js'
import type { Lines } from './lines.js'
import type { Person } from './person.js'
import { careOf, type Care, type Delegation } from './scope.js'

interface Request {
  delegate: Person
  from: Day
  to: Day
}

/** Managers, and whoever sees in their stead for a while (domain, section 2, *office*). */
export interface Delegates {
  /** Names somebody who sees what the actor sees of the programme, from one day to another. */
  name(actor: Actor, request: Request): Promise<Delegation>
  /** What is wrong already with as much of a request as is known, field by field. */
  check(actor: Actor, request: Partial<Request>): Fault[]
  /** Ends it with today; from tomorrow the delegate sees nothing in the actor's stead. */
  end(actor: Actor, id: string): Promise<void>
  /** Whom the actor has named, the latest first. */
  namedBy(actor: Actor): Promise<Delegation[]>
  /** What a person looks after today, by their own right and in whose stead. */
  careOf(person: string): Promise<Care[]>
}

export interface DelegatesParts {
  database: Database
  audit: Audit
  clock: Clock
  random: Random
  lines: Lines
}

const longestMonths = 12

export function createDelegates(parts: DelegatesParts): Delegates {
  const { audit, clock, random, lines } = parts
  const store = createDelegationsStore(parts.database.connection)

  const managerOf = (actor: Actor): string => {
    const person = personOf(actor)
    if (person === undefined) throw refused('delegates.nobody-looked-after')
    return person
  }

  function check(actor: Actor, { delegate, from, to }: Partial<Request>): Fault[] {
    const faults: Fault[] = []
    const say = (field: string, key: string, params = {}) =>
      faults.push({ field, say: { key: `delegates.${key}`, with: params } })
    const today = clock.today()
    if (delegate?.id === managerOf(actor)) say('email', 'yourself')
    if (to && (to < today || (from && to < from))) say('to', 'ends-before')
    else if (from && to && to > addMonths(latest(from, today), longestMonths)) {
      say('to', 'too-long', { months: longestMonths })
    }
    return faults
  }

  return {
    check,
    async name(actor, { delegate, from, to }) {
      const manager = managerOf(actor)
      const today = clock.today()
      accept(check(actor, { delegate, from, to }))
      const own = careOf(await lines.below([manager]), manager, today)
      if (own.length === 0) throw refused('delegates.nobody-looked-after')
      const delegation = { id: random.id(), manager, delegate: delegate.id, from, to }
      await store.add(delegation)
      const act = { act: 'delegate.named', delegation: delegation.id, from, to } as const
      await audit.record(actor, { ...act, people: [manager, delegate.id] })
      return delegation
    },
    async end(actor, id) {
      // What has not begun ends before it does; what has, with today: scopes are worked out by day.
      const to = addDays(clock.today(), -1)
      if (!(await store.end(id, managerOf(actor), to))) throw conflict('delegates.ended-already')
      await audit.record(actor, { act: 'delegate.ended', delegation: id, to })
    },
    async namedBy(actor) {
      const person = personOf(actor)
      return person === undefined ? [] : store.by(person)
    },
    async careOf(person) {
      const delegations = await store.to(person)
      const chain = await lines.below([person, ...delegations.map(({ manager }) => manager)])
      return careOf({ ...chain, delegations }, person, clock.today())
    },
  }
}
