import { setImmediate as breathe } from 'node:timers/promises'

// Milliseconds for which long work has the thread before others get their turn.
const turn = 8

/** Long work that yields wherever others may have their turn, and ends with its result. */
export type Work<Result> = Generator<undefined, Result>

/** Does long work while others have their turns in between. Throws what the work throws. */
export async function inTurns<Result>(work: Work<Result>): Promise<Result> {
  let until = performance.now() + turn
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    if (performance.now() < until) continue
    await breathe()
    until = performance.now() + turn
  }
}

/** Does long work at once, where nobody else waits: in a thread of its own, or of a few things. */
export function atOnce<Result>(work: Work<Result>): Result {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

/** What is made of every item, in their order, while others have their turns in between. */
export const eachInTurns = <Item, Result>(
  items: readonly Item[],
  make: (item: Item, place: number) => Result,
): Promise<Result[]> => inTurns(each(items, make))

function* each<Item, Result>(
  items: readonly Item[],
  make: (item: Item, place: number) => Result,
): Work<Result[]> {
  const made: Result[] = []
  for (const item of items) {
    made.push(make(item, made.length))
    yield
  }
  return made
}
