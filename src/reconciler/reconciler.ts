import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../log.js'

/** One kind of work that is done beside requests: what a crash left, what is due, what waits. */
export interface Step {
  name: string
  /** How long to rest when there was nothing to do. */
  everySeconds: number
  /** Does some of it; answers how many things it did, 0 when nothing was left. */
  run(): Promise<number>
}

/** Finishes what waits, one step after another, for as long as the server runs. */
export interface Reconciler {
  /** Begins to take every step at its own pace. What fails is logged and tried again. */
  start(): void
  /** Lets the steps under way finish. */
  stop(): Promise<void>
  /** Does everything that there is to do now, until a whole round finds nothing. */
  settle(): Promise<void>
}

// What keeps failing is tried less and less often, up to this many seconds.
const longestRest = 300

export function createReconciler(steps: readonly Step[], log: Log): Reconciler {
  const stopping = new AbortController()
  // Every step waits on it.
  setMaxListeners(steps.length, stopping.signal)
  let loops: Promise<void>[] = []

  async function loop(step: Step): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      let did = 0
      try {
        did = await step.run()
        failures = 0
      } catch (error) {
        failures++
        // Once may be a passing fault of the database; when it goes on, a person must look.
        log[failures > 3 ? 'error' : 'warn']({ err: error, step: step.name }, 'a step failed')
      }
      const rest = did > 0 ? 0 : Math.min(step.everySeconds * 2 ** failures, longestRest)
      await wait(rest * 1000, undefined, { signal: stopping.signal, ref: false }).catch(
        () => undefined,
      )
    }
  }

  return {
    start() {
      loops = steps.map(loop)
    },
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
    async settle() {
      for (let did = -1; did !== 0;) {
        did = 0
        for (const step of steps) did += await step.run()
      }
    },
  }
}
