import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect } from 'chai'
import { serve } from '../../../src/database/embedded/wire/connection.js'
import { message, remembering } from './own-server.js'

describe('a client that reads slowly', () => {
  it('gets every reply, and leaves no listener behind', async () => {
    const served: Socket[] = []
    const { log, lines } = remembering()
    const server = createServer((socket) => {
      served.push(socket)
      serve(socket, 1, log, () => Promise.resolve({ filling: 'x'.repeat(1_000_000), ok: 1 }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const client = connect(port, '127.0.0.1')
    const replies = 40
    for (let i = 0; i < replies; i++) client.write(message({ ping: 1, $db: 'admin' }))
    let [received, pauses] = [0, 0]
    client.on('data', (bytes: Buffer) => {
      received += bytes.length
      if (++pauses % 50 !== 0) return
      client.pause()
      setImmediate(() => client.resume())
    })
    let most = 0
    while (received < replies * 1_000_000) {
      most = Math.max(most, served[0]?.listenerCount('close') ?? 0)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    // One of the connection itself, one of the reply that is waited for.
    expect(most).to.be.within(1, 4)
    expect(served[0]?.listenerCount('drain')).to.be.at.most(1)
    expect(lines).to.deep.equal([])
    client.destroy()
    server.close()
    await once(server, 'close')
  })
})
