import { setImmediate as breathe } from 'node:timers/promises'

// Milliseconds for which rows are worked on before others get their turn.
const turn = 8

/** Does something for every item, and lets others in between. */
export async function eachGently<Item, Result>(
  items: readonly Item[],
  make: (item: Item, place: number) => Result,
): Promise<Result[]> {
  const made: Result[] = []
  let until = performance.now() + turn
  for (const item of items) {
    made.push(make(item, made.length))
    if (performance.now() < until) continue
    await breathe()
    until = performance.now() + turn
  }
  return made
}
