import type { KeyActor } from '../../src/actor.js'
import { smallParliament } from '../support/parliament.js'
import { createWorld } from '../support/world.js'

/** What the benchmark asks of the server that it started. */
export type Asked =
  { impose: number; from: number } | { register: string } | { deliver: true } | { end: true }

const start = Date.parse('2026-03-02T10:00:00Z')
const body = 'commons-commissioner'

// A whole application whose messages are sent only when it is told to, at a clock that runs.
const world = await createWorld(new Date(start).toISOString())
const begun = Date.now()
const ticking = setInterval(() => {
  world.clock.set(new Date(start + Date.now() - begun).toISOString())
}, 20)
await world.directory(smallParliament)
await world.account('mair@parliament.example', 'mair')
const { sanctions } = world.app
const key: KeyActor = { kind: 'key', key: 'bench', scopes: ['outcomes'], body }

async function impose(many: number, from: number): Promise<void> {
  for (let n = from; n < from + many; n += 1) {
    await sanctions.impose(key, {
      reference: `R ${n}`,
      respondent: 'mair',
      decidedOn: '2026-03-02',
      sanctions: ['training'],
      training: { course: 'behaviour-code', delivery: ['online'] },
      restriction: { state: 'active' },
    })
  }
}

async function carryOut(asked: Asked): Promise<void> {
  if ('impose' in asked) return impose(asked.impose, asked.from)
  if ('register' in asked) {
    await sanctions.registerWebhook(key, { url: asked.register, events: ['restriction.imposed'] })
    return
  }
  if ('end' in asked) {
    clearInterval(ticking)
    await world.close()
    return
  }
  await sanctions.deliver()
}

process.on('message', (asked: Asked) => {
  void carryOut(asked).then(() => process.send?.('done'))
})
process.send?.(world.address)
