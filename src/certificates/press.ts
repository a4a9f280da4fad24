import { Worker } from 'node:worker_threads'
import { DomainError, unavailable, type Fault, type ProblemKind } from '../errors.js'
import type { Sentence } from '../language.js'
import type { Log } from '../log.js'
import type { Printed, PrintOrder } from './printing.js'

/** What goes to a worker, and what comes back. */
export interface PressTask {
  task: number
  order: PrintOrder
}
export type PressReply =
  | { task: number; printed: Printed }
  | { task: number; refused: { kind: ProblemKind; say: Sentence; faults: readonly Fault[] } }
  | { task: number; failed: string }

/** Draws and signs certificates in threads of their own, so that pages stay quick meanwhile. */
export interface Press {
  /**
   * Draws and signs one certificate, after those that came before. Throws `unavailable` when too many
   * wait (nothing is lost: whoever issues keeps what waits), or when drawing failed twice.
   */
  print(order: PrintOrder): Promise<Printed>
  /** Takes nothing more, finishes what is being drawn, and lets the threads go. */
  close(): Promise<void>
}

interface Job {
  order: PrintOrder
  tries: number
  done: (printed: Printed) => void
  failed: (error: Error) => void
}

interface Hand {
  worker: Worker
  job: Job | undefined
  timer: NodeJS.Timeout | undefined
}

/**
 * Sets up a press.
 *
 * @param options.workers how many certificates are drawn at the same time
 * @param options.waiting how many orders may wait before more are turned away
 * @param options.patience milliseconds after which a thread counts as stuck
 */
export function createPress(options: {
  designsDir: string
  log: Pick<Log, 'warn' | 'error'>
  workers?: number
  waiting?: number
  patience?: number
}): Press {
  const { designsDir, log, workers = 2, waiting = 1000, patience = 30_000 } = options
  const queue: Job[] = []
  const hands = new Set<Hand>()
  let tasks = 0
  let open = true

  const finish = (hand: Hand): Job | undefined => {
    const { job } = hand
    clearTimeout(hand.timer)
    hand.job = undefined
    return job
  }

  const receive = (hand: Hand, reply: PressReply): void => {
    const job = finish(hand)
    if (!job) return
    if ('printed' in reply) job.done(reply.printed)
    else if ('refused' in reply) {
      const { kind, say, faults } = reply.refused
      job.failed(new DomainError(kind, say, faults))
    } else {
      log.error(
        { serial: job.order.certificate.serial, error: reply.failed },
        'certificate not drawn',
      )
      job.failed(unavailable('certificates.press.failed'))
    }
    next()
  }

  /** A thread has died. Its certificate is tried once more by another; the rest is not touched. */
  const bury = (hand: Hand, reason: unknown): void => {
    if (!hands.delete(hand)) return
    const job = finish(hand)
    if (job && job.tries < 2) {
      log.warn({ reason: String(reason) }, 'a press thread died; its certificate is tried again')
      queue.unshift(job)
    } else if (job) {
      log.error(
        { serial: job.order.certificate.serial, reason: String(reason) },
        'certificate not drawn',
      )
      job.failed(unavailable('certificates.press.failed'))
    }
    next()
  }

  const hire = (): Hand => {
    const worker = new Worker(workerFile, { workerData: { designsDir }, ...loading })
    const hand: Hand = { worker, job: undefined, timer: undefined }
    worker.on('message', (reply: PressReply) => receive(hand, reply))
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
      hand.timer = setTimeout(() => void hand.worker.terminate(), patience)
      tasks += 1
      hand.worker.ref()
      hand.worker.postMessage({ task: tasks, order: job.order } satisfies PressTask)
    }
    for (const hand of hands) if (!hand.job) hand.worker.unref()
  }

  return {
    print: (order) =>
      new Promise<Printed>((done, failed) => {
        if (!open) {
          failed(unavailable('certificates.press.closed'))
          return
        }
        if (queue.length >= waiting) {
          failed(unavailable('certificates.press.full'))
          return
        }
        queue.push({ order, tries: 0, done, failed })
        next()
      }),
    async close() {
      open = false
      for (const job of queue.splice(0)) job.failed(unavailable('certificates.press.closed'))
      const finishing = [...hands].map(
        (hand) =>
          new Promise<void>((resolve) => {
            if (!hand.job) {
              resolve()
              return
            }
            const { done, failed } = hand.job
            hand.job.done = (printed) => {
              done(printed)
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

const fromSource = import.meta.url.endsWith('.ts')

/** The thread's own file: TypeScript where this one is, JavaScript once built. */
const workerFile = new URL(fromSource ? './press-worker.ts' : './press-worker.js', import.meta.url)

/** Threads do not inherit every way of loading TypeScript, so one that they can load is named. */
const loading = fromSource
  ? { execArgv: ['--import', import.meta.resolve('ts-blank-space/register')] }
  : {}
