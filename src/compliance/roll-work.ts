import { setImmediate as nextTurn } from 'node:timers/promises'
import { chunk } from 'es-toolkit'
import type { Day } from '../clock.js'
import { foldName } from '../people/people.js'
import type { Programme } from '../requirements/requirements.js'
import { effectKinds, effectsOf } from './effects.js'
import { entriesOf } from './entries.js'
import { exceptionsOf, type Exception } from './exceptions.js'
import { gatherFacts, type FactSources, type KnownPerson } from './facts.js'
import { openRoll, type Roll } from './roll.js'
import type { createSimulationsStore, EffectLine, Simulation } from './simulations-store.js'

// The work that looks at everybody. It runs in a thread of its own where there is one, and lets
// others have their turn in between where there is none.

const batch = 200

async function* inTurns(people: readonly KnownPerson[]): AsyncGenerator<KnownPerson> {
  for (const some of chunk([...people], batch)) {
    yield* some
    await nextTurn()
  }
}

function put(
  roll: Roll,
  programmes: readonly Programme[],
  { id, name, terms, facts }: KnownPerson,
) {
  roll.put(id, name, entriesOf(programmes, terms, facts))
}

/** Puts people into the roll anew. */
export async function refreshRoll(
  roll: Roll,
  sources: FactSources,
  programmes: readonly Programme[],
  people: readonly string[],
): Promise<void> {
  for (const some of chunk([...people], batch)) {
    for (const person of await gatherFacts(sources, some)) put(roll, programmes, person)
    await nextTurn()
  }
}

/** A roll of everybody, as known now or at an instant. */
export async function workOutRoll(
  sources: FactSources,
  programmes: readonly Programme[],
  knownAt?: Date,
): Promise<Roll> {
  const roll = openRoll()
  const everybody = await gatherFacts(sources, undefined, knownAt)
  for await (const person of inTurns(everybody)) put(roll, programmes, person)
  return roll
}

export interface Trial {
  id: string
  programmes: readonly Programme[]
  changed: readonly Programme[]
  on: Day
  at: Date
}

/** Tries changed programmes against everybody and keeps what they would do, by name. */
export async function workOutSimulation(
  sources: FactSources,
  store: ReturnType<typeof createSimulationsStore>,
  { id, programmes, changed, on, at }: Trial,
): Promise<Simulation> {
  const everybody = await gatherFacts(sources)
  const lines: EffectLine[] = []
  for await (const { id: person, name, terms, facts } of inTurns(everybody)) {
    const before = entriesOf(programmes, terms, facts)
    for (const effect of effectsOf(before, entriesOf(changed, terms, facts), on)) {
      lines.push({ person, name, ...effect })
    }
  }
  const folded = new Map(lines.map(({ name }) => [name, foldName(name)]))
  const key = ({ name }: EffectLine) => folded.get(name) ?? ''
  lines.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
  const counts = Object.fromEntries(
    effectKinds.map((kind) => [kind, lines.filter((line) => line.kind === kind).length]),
  ) as Simulation['counts']
  const people = new Set(lines.map(({ person }) => person)).size
  const simulation = { id, on, at, people, counts }
  await store.keep(simulation, lines)
  return simulation
}

export interface PersonException extends Exception {
  person: string
  name: string
}

/** What the programme of a day does to anybody that a person should look at. */
export async function workOutExceptions(
  sources: FactSources,
  programme: Programme,
  on: Day,
  leastDays: number,
): Promise<PersonException[]> {
  const found: PersonException[] = []
  for await (const { id: person, name, terms, facts } of inTurns(await gatherFacts(sources))) {
    for (const exception of exceptionsOf(programme, terms, facts, on, leastDays)) {
      found.push({ person, name, ...exception })
    }
  }
  return found
}
