import { Worker } from 'node:worker_threads'
import { DomainError, unavailable, type Fault, type ProblemKind } from '../errors.js'
import { fromSource, threadLoading } from '../from-source.js'
import type { Sentence } from '../language.js'
import type { Log } from '../log.js'

/** What goes to a thread, and what comes back. */
export interface Task<Order> {
  task: number
  order: Order
}
export type Reply<Done> =
  | { task: number; done: Done }
  | { task: number; refused: { kind: ProblemKind; say: Sentence; faults: readonly Fault[] } }
  | { task: number; failed: string }

/** Threads that carry out orders, so that pages stay quick meanwhile. */
export interface Crew<Order, Done> {
  /**
   * Carries out an order, after those that came before. Throws `unavailable` when too many wait, when it
   * failed, or when its thread died or got stuck as often as may be.
   *
   * @param longest milliseconds that this order may take, where that is not what others may
   */
  carryOut(order: Order, longest?: number): Promise<Done>
  /** Takes nothing more, finishes what is under way, and lets the threads go. */
  close(): Promise<void>
}

export interface CrewOptions {
  /** The thread's own file, beside this one, without its ending. */
  file: 'press-worker' | 'check-worker'
  /** Sentences `<say>.full`, `.closed` and `.failed` tell what was in the way. */
  say: string
  log: Pick<Log, 'warn' | 'error'>
  workerData?: object
  /** How many orders are carried out at the same time. */
  workers: number
  /** How many may wait before more are turned away. */
  waiting: number
  /** Milliseconds after which a thread counts as stuck. */
  patience: number
  /** How often an order is tried whose thread died. */
  tries: number
  /** Megabytes that a thread may fill before it is ended. */
  memory?: number
}

interface Job<Order, Done> {
  order: Order
  longest: number
  tries: number
  done: (done: Done) => void
  failed: (error: Error) => void
}

interface Hand<Order, Done> {
  worker: Worker
  job: Job<Order, Done> | undefined
  timer: NodeJS.Timeout | undefined
}

export function createCrew<Order, Done>(options: CrewOptions): Crew<Order, Done> {
  const { say, log, workers, waiting, patience, tries, memory, workerData = {} } = options
  const workerFile = new URL(`./${options.file}.${fromSource ? 'ts' : 'js'}`, import.meta.url)
  const queue: Job<Order, Done>[] = []
  const hands = new Set<Hand<Order, Done>>()
  let tasks = 0
  let open = true

  const finish = (hand: Hand<Order, Done>): Job<Order, Done> | undefined => {
    const { job } = hand
    clearTimeout(hand.timer)
    hand.job = undefined
    return job
  }

  const receive = (hand: Hand<Order, Done>, reply: Reply<Done>): void => {
    const job = finish(hand)
    if (!job) return
    if ('done' in reply) job.done(reply.done)
    else if ('refused' in reply) {
      const { kind, say: refusal, faults } = reply.refused
      job.failed(new DomainError(kind, refusal, faults))
    } else {
      log.error({ thread: options.file, error: reply.failed }, 'a thread failed at its order')
      job.failed(unavailable(`${say}.failed`))
    }
    next()
  }

  /** A thread has died. Its order is tried again by another, if it may be; the rest is not touched. */
  const bury = (hand: Hand<Order, Done>, reason: unknown): void => {
    if (!hands.delete(hand)) return
    const job = finish(hand)
    const about = { thread: options.file, reason: String(reason) }
    if (job && job.tries < tries) {
      log.warn(about, 'a thread died; its order is tried again')
      queue.unshift(job)
    } else if (job) {
      log.error(about, 'a thread died at its order')
      job.failed(unavailable(`${say}.failed`))
    }
    next()
  }

  const hire = (): Hand<Order, Done> => {
    const worker = new Worker(workerFile, {
      workerData,
      ...threadLoading,
      ...(memory ? { resourceLimits: { maxOldGenerationSizeMb: memory } } : {}),
    })
    const hand: Hand<Order, Done> = { worker, job: undefined, timer: undefined }
    worker.on('message', (reply: Reply<Done>) => receive(hand, reply))
    worker.on('error', (error) => bury(hand, error))
    worker.on('exit', (code) => bury(hand, `exit ${code}`))
    worker.unref()
    hands.add(hand)
    return hand
  }

  const next = (): void => {
    while (queue.length > 0) {
      const idle = [...hands].find((hand) => !hand.job)
      const hand = idle ?? (hands.size < workers ? hire() : undefined)
      const job = hand && queue.shift()
      if (!hand || !job) return
      job.tries += 1
      hand.job = job
      hand.timer = setTimeout(() => void hand.worker.terminate(), job.longest)
      tasks += 1
      hand.worker.ref()
      hand.worker.postMessage({ task: tasks, order: job.order } satisfies Task<Order>)
    }
    for (const hand of hands) if (!hand.job) hand.worker.unref()
  }

  return {
    carryOut: (order, longest = patience) =>
      new Promise<Done>((done, failed) => {
        if (!open) {
          failed(unavailable(`${say}.closed`))
          return
        }
        if (queue.length >= waiting) {
          failed(unavailable(`${say}.full`))
          return
        }
        queue.push({ order, longest, tries: 0, done, failed })
        next()
      }),
    async close() {
      open = false
      for (const job of queue.splice(0)) job.failed(unavailable(`${say}.closed`))
      const finishing = [...hands].map(
        (hand) =>
          new Promise<void>((resolve) => {
            if (!hand.job) {
              resolve()
              return
            }
            const { done, failed } = hand.job
            hand.job.done = (value) => {
              done(value)
              resolve()
            }
            hand.job.failed = (error) => {
              failed(error)
              resolve()
            }
          }),
      )
      await Promise.all(finishing)
      const threads = [...hands].map((hand) => hand.worker)
      hands.clear()
      await Promise.all(threads.map((worker) => worker.terminate()))
    },
  }
}
