import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { loading } from '../../src/from-source.js'
import { startReceiver, type Receiver } from '../support/receiver.js'
import { createVisitor, type Visitor } from '../support/visitor.js'
import { password } from '../support/world.js'
import { atShare, rounded, spread, type Figure } from './figure.js'
import type { Asked } from './slow-receiver-server.js'

const rounds = 5
const each = 200
const page = '/training'

/** What a page takes for eight visitors who look at one after another, until something has ended. */
async function pageTimes(visitor: Visitor, during: Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  let asking = true
  const visitors = Array.from({ length: 8 }, async (_, n) => {
    for (let turn = 0; asking; turn += 1) {
      // Never all at the same moment, and the same in every run.
      await wait(80 + ((turn * 37 + n * 53) % 80))
      const before = performance.now()
      const answer = await visitor.fetch(page)
      await answer.text()
      if (answer.status !== 200) throw new Error(`${page} answered ${answer.status}`)
      times.push(performance.now() - before)
    }
  })
  await during
  asking = false
  await Promise.all(visitors)
  return times
}

/**
 * A page beside a receiver that takes two seconds for each message and refuses the first hundred, and
 * the same page alone, in turns, so that whatever else the machine does falls on both. Receiver and
 * visitors are in this process, the server in another.
 */
export async function* slowReceiver(): AsyncGenerator<Figure> {
  const server = fork(new URL('slow-receiver-server.ts', import.meta.url), {
    execArgv: [...loading, ...process.execArgv.filter(isProfile)],
  })
  const [address] = (await once(server, 'message')) as [string]
  const ask = async (asked: Asked): Promise<void> => {
    server.send(asked)
    await once(server, 'message')
  }
  const receiver = await startReceiver()
  await ask({ register: receiver.url })
  receiver.answer = () => ({ status: receiver.received.length <= 100 ? 503 : 204, after: 2000 })
  const visitor = createVisitor(address)
  await visitor.get('/sign-in')
  await visitor.post('/sign-in', { email: 'mair@parliament.example', password })
  await pageTimes(visitor, wait(3000))

  const alone: number[] = []
  const beside: number[] = []
  let sending = 0
  for (let round = 0; round < rounds; round += 1) {
    await ask({ impose: each, from: round * each })
    alone.push(...(await pageTimes(visitor, wait(15_000))))
    const began = performance.now()
    const all = (round + 1) * each
    const arrived = async (): Promise<void> => {
      while (arrivedOf(receiver).size < all) {
        await ask({ deliver: true })
        await wait(250)
      }
    }
    beside.push(...(await pageTimes(visitor, arrived())))
    sending += performance.now() - began
  }
  yield {
    name: 'sealed.webhooks.arrived',
    value: arrivedOf(receiver).size,
    unit: 'messages',
    detail: `of ${rounds * each}, by a receiver that takes 2 s for each and refused the first 100, in ${Math.round(sending / 1000)} s`,
  }
  yield {
    name: 'sealed.webhooks.page',
    value: rounded(atShare(beside, 0.95) / atShare(alone, 0.95)),
    unit: 'ratio',
    detail: `p95 of ${page} meanwhile, to the same page alone, ${rounds} times in turns; 50/95/99 %: ${spread(alone)} ms alone, ${spread(beside)} ms beside`,
  }
  await receiver.close()
  const gone = once(server, 'exit')
  await ask({ end: true })
  server.disconnect()
  await gone
}

/** What came after those that it refused. */
const arrivedOf = ({ received }: Receiver): Set<string> =>
  new Set(received.slice(100).map(({ id }) => id))

const isProfile = (argument: string): boolean => argument.startsWith('--cpu-prof')
