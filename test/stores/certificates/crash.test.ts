import { fork } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'
import { loading } from '../../../src/from-source.js'
import { parliament } from '../../support/certificates.js'
import { testDatabase } from '../../support/database.js'
import { createPressRoom, mair, type PressRoom } from '../../support/press-room.js'
import { rounds } from '../../support/property.js'

const child = new URL('../../support/press-room-child.ts', import.meta.url)

describe('a certificate, where the process dies between the completion and it', () => {
  /** After a restart everything is there, once: certificate, drawing, and its place in the log. */
  async function exactlyOne(room: PressRoom): Promise<number> {
    // The lease of the dead is over, and what it had waiting is due.
    room.clock.set('2026-03-02T10:10:00Z')
    while ((await room.completions.follow()) > 0);
    await room.work()
    const completions = [...(await room.completions.of()).values()].flat()
    const held = await room.certificates.ofCompletions(completions.map(({ id }) => id))
    expect(held).to.have.length(completions.length)
    expect(new Set(held.map(({ completion }) => completion)).size).to.equal(completions.length)
    expect(await room.certificates.waiting()).to.deep.equal({ toDraw: 0, toIssue: [] })
    const { size } = await room.audit.logs.certificates.head()
    // Every completion and every issue, once; the directory's own acts stand in the other log.
    expect(size).to.equal(completions.length * 2)
    expect(await room.audit.logs.certificates.check()).to.deep.equal([])
    return completions.length
  }

  it('is issued after the restart, once', async () => {
    const server = await testDatabase()
    const dying = await createPressRoom({ server, withoutCertificates: true })
    await dying.directory(mair)
    const died = await dying.complete('mair').catch((error: unknown) => String(error))
    expect(died).to.include('the process died here')
    expect((await dying.completions.of(['mair'])).get('mair')).to.have.length(1)
    await dying.close()

    const next = await createPressRoom({ server })
    expect(await exactlyOne(next)).to.equal(1)
    expect(await exactlyOne(next)).to.equal(1)
    await next.close()
    await server.drop()
  })

  it('is issued once wherever kill -9 strikes', async function () {
    this.timeout(300_000)
    for (let round = 0; round < rounds(1, 20); round += 1) {
      const server = await testDatabase()
      const { keysDir } = parliament()
      const process = fork(child, [server.uri, server.name, keysDir], {
        execArgv: loading,
      })
      await once(process, 'message')
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 700))
      process.kill('SIGKILL')
      await once(process, 'exit')
      const next = await createPressRoom({ server })
      expect(await exactlyOne(next)).to.be.greaterThan(0)
      await next.close()
      await server.drop()
    }
  })
})
