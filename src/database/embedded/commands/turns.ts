import { check } from '../errors.js'

/** How long anything may work before others get their turn, in milliseconds. */
export const turn = 8

/** Throws where the time of a call is over. */
export const inTime = (deadline: number, now = performance.now()): void =>
  check(now <= deadline, 50, 'operation exceeded time limit')

/** Gives way to others where more than a turn has passed. Throws where the time of a call is over. */
export function turns(deadline: number): () => Promise<void> | undefined {
  let since = performance.now()
  const rest = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    since = performance.now()
  }
  return () => {
    const now = performance.now()
    inTime(deadline, now)
    return now - since < turn ? undefined : rest()
  }
}
