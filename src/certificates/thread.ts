import { parentPort } from 'node:worker_threads'
import { DomainError } from '../errors.js'
import type { Reply, Task } from './crew.js'

/** Carries out, in a thread of a crew, every order that comes, one after another. */
export function takeOrders(carryOut: (order: never) => Promise<object>): void {
  async function reply({ task, order }: Task<never>): Promise<Reply<object>> {
    try {
      return { task, done: await carryOut(order) }
    } catch (error) {
      return error instanceof DomainError
        ? { task, refused: { kind: error.kind, say: error.say, faults: error.faults } }
        : { task, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }
  parentPort?.on('message', (task: Task<never>) => {
    void reply(task).then((message) => parentPort?.postMessage(message))
  })
}
