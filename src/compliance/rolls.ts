import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { Day } from '../clock.js'
import type { Database } from '../database/database.js'
import { threadLoading } from '../from-source.js'
import type { Programme } from '../requirements/requirements.js'
import type { FactSources } from './facts.js'
import {
  workOutExceptions,
  workOutRoll,
  workOutSimulation,
  type PersonException,
  type Trial,
} from './roll-work.js'
import type { Address } from './roll-thread-work.js'
import { openRoll, type Roll, type RollData } from './roll.js'
import { createSimulationsStore, type Simulation } from './simulations-store.js'

/** Whoever works out what concerns everybody: a thread of its own, or this one. */
export interface Rolls {
  /** Everybody’s standing through time by these programmes, as known now or at an instant. */
  roll(programmes: readonly Programme[], knownAt?: Date): Promise<Roll>
  /** What a changed programme would do to whom; kept, so that its pages can be read. */
  simulate(trial: Trial): Promise<Simulation>
  /**
   * People to whom a programme does something odd on a day: whoever it leaves out, and dates that
   * come in fewer than `leastDays`.
   */
  exceptions(programme: Programme, on: Day, leastDays: number): Promise<PersonException[]>
  /** Ends the thread, where there is one. */
  close(): Promise<void>
}

/** Works in this thread, for tests and for commands that do nothing else. */
export function rollsHere(sources: FactSources, database: Database): Rolls {
  const simulations = createSimulationsStore(database.connection)
  return {
    roll: (programmes, knownAt) => workOutRoll(sources, programmes, knownAt),
    simulate: (trial) => workOutSimulation(sources, simulations, trial),
    exceptions: (...work) => workOutExceptions(sources, ...work),
    close: () => Promise.resolve(),
  }
}

/** Works in a thread of its own, so that no page waits for everybody's standing. */
export function rollsInThread(address: Address): Rolls {
  const own = fileURLToPath(import.meta.url)
  const pool = new Piscina({
    filename: new URL(`./roll-thread-work${extname(own)}`, import.meta.url).href,
    maxThreads: 1,
    // The thread goes when it has had nothing to do for ten seconds; it holds a lot of memory.
    minThreads: 0,
    idleTimeout: 10_000,
    // Facts of everybody outlive many small collections of garbage, each of which would copy them.
    resourceLimits: { maxYoungGenerationSizeMb: 80 },
    ...threadLoading,
  })
  const run = (name: string, task: object): Promise<unknown> =>
    pool.run({ address, ...task }, { name })
  return {
    async roll(programmes, knownAt) {
      const data = await run('roll', { programmes, ...(knownAt ? { knownAt } : {}) })
      return openRoll(data as RollData)
    },
    simulate: async (trial) => (await run('simulation', { trial })) as Simulation,
    exceptions: async (programme, on, leastDays) =>
      (await run('exceptions', { programme, on, leastDays })) as PersonException[],
    close: () => pool.close(),
  }
}
