import { setTimeout as pause } from 'node:timers/promises'

/**
 * Does for many at once what is asked for within a moment of each other, such as one durable write
 * instead of thirty. `work` answers in the order in which it was asked.
 */
export function gathering<Asked, Answer>(
  work: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
  milliseconds: number,
): (asked: Asked) => Promise<Answer> {
  let waiting: { asked: Asked[]; answers: Promise<readonly Answer[]> } | undefined
  return async (asked) => {
    if (!waiting) {
      const gathered: Asked[] = []
      const answers = pause(milliseconds).then(() => {
        waiting = undefined
        return work(gathered)
      })
      waiting = { asked: gathered, answers }
    }
    const place = waiting.asked.push(asked) - 1
    const answer = (await waiting.answers)[place]
    if (answer === undefined) throw new RangeError('an answer is missing')
    return answer
  }
}
