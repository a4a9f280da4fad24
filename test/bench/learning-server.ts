import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { smallParliament } from '../support/parliament.js'
import { createWorld } from '../support/world.js'

// The server of the benchmark `learning`, in a process of its own: the whole application with one
// person half way through a course, and beside it a bare Express page of the same words.
const path = '/training/behaviour-code'
const world = await createWorld('2026-03-02T10:00:00Z')
await world.directory(smallParliament)
await world.account('mair@parliament.example', 'mair')
const visitor = await world.signedIn('mair@parliament.example')
await visitor.get(path)
const page = await visitor.post(path, { after: '0' })
const at = page.$('main form').attr('action') ?? path

const bare = express()
bare.disable('x-powered-by')
bare.get('/', (_request, response) => {
  response.type('html').send(page.text)
})
const server = createServer(bare)
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
process.send?.({ page: `${world.address}${at}`, bare: `http://127.0.0.1:${port}/`, cookie })
process.once('message', () => {
  server.close()
  void world.close().then(() => process.exit(0))
})
