import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect } from 'chai'
import { createWorld, type World } from '../support/world.js'

const prototypesOf = (request: IncomingMessage, response: ServerResponse): unknown[] => [
  Object.getPrototypeOf(request),
  Object.getPrototypeOf(response),
]

describe('a request', () => {
  let world: World

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
  })
  after(() => world.close())

  // Where it is not, every page is slower by half (decision 10), and nothing else would tell.
  it('is what Express makes of it from the start, and so is its response', async () => {
    const seen: unknown[][] = []
    world.app.web.server.prependListener('request', (request, response) => {
      seen.push(prototypesOf(request, response))
      response.once('finish', () => seen.push(prototypesOf(request, response)))
    })
    const { status } = await world.visitor().get('/sign-in')
    expect(status).to.equal(200)
    const [arrived, answered] = seen
    expect(arrived).to.have.lengthOf(2)
    for (const [i, prototype] of arrived?.entries() ?? [])
      expect(answered?.[i] === prototype, i === 0 ? 'request' : 'response').to.equal(true)
  })
})
