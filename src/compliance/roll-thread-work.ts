import { move, transferableSymbol, valueSymbol } from 'piscina'
import { systemClock, type Day } from '../clock.js'
import { readCompletions } from '../completions/completions.js'
import { openDatabase } from '../database/database.js'
import { createLog } from '../log.js'
import { readPeople } from '../people/people.js'
import { systemRandom } from '../random.js'
import { readDecisions, type Programme } from '../requirements/requirements.js'
import type { FactSources } from './facts.js'
import {
  workOutExceptions,
  workOutRoll,
  workOutSimulation,
  type PersonException,
  type Trial,
} from './roll-work.js'
import type { RollData } from './roll.js'
import { createSimulationsStore, type Simulation } from './simulations-store.js'

/** Where the thread finds the database that the server uses. */
export interface Address {
  uri: string
  name: string
}

async function openSources(address: Address) {
  const database = await openDatabase({
    ...address,
    dataDir: '',
    clock: systemClock,
    random: systemRandom,
    log: createLog('warn'),
  })
  const parts = { database, random: systemRandom }
  const sources: FactSources = {
    people: readPeople(parts),
    completions: readCompletions(parts),
    decisions: readDecisions(parts),
  }
  return { sources, simulations: createSimulationsStore(database.connection) }
}

// Opened with the first piece of work, and kept for all that follow.
let opened: ReturnType<typeof openSources> | undefined
const open = (address: Address) => (opened ??= openSources(address))

export async function roll(task: {
  address: Address
  programmes: readonly Programme[]
  knownAt?: Date
}): Promise<unknown> {
  const { sources } = await open(task.address)
  return handedOver((await workOutRoll(sources, task.programmes, task.knownAt)).data())
}

/** A roll whose arrays pass to the thread that asked without being copied, however large they are. */
function handedOver(data: RollData): unknown {
  const { ids, names, order, people, rows, parts, answers } = data
  const texts = [ids, names].flatMap(({ bytes, ends, slots }) => [bytes, ends, slots])
  const arrays = [...texts, order, people, rows, parts, answers]
  return move({
    [transferableSymbol]: arrays.map(({ buffer }) => buffer),
    [valueSymbol]: data,
  })
}

export async function simulation(task: { address: Address; trial: Trial }): Promise<Simulation> {
  const { sources, simulations } = await open(task.address)
  return workOutSimulation(sources, simulations, task.trial)
}

export async function exceptions(task: {
  address: Address
  programme: Programme
  on: Day
  leastDays: number
}): Promise<PersonException[]> {
  const { sources } = await open(task.address)
  return workOutExceptions(sources, task.programme, task.on, task.leastDays)
}
