import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { runningServer } from '../../src/database/database.js'
import { goodStandingWith } from '../support/command-line.js'
import { giveDocumentKey } from '../support/document-key.js'

describe('a start that cannot be', function () {
  this.timeout(60_000)
  let dir = ''
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'gs-refused-'))
    giveDocumentKey(join(dir, 'keys'))
  })
  after(() => rmSync(dir, { recursive: true, force: true }))

  it('says that another program has its port, ends, and lets go of the data directory', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const settings = { DATA_DIR: dir, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'silent' }
    const said = await goodStandingWith(settings, 'serve')
    other.close()
    expect(said).to.deep.equal({
      code: 1,
      out: '',
      complaint: `PORT: another program answers at port ${port} already. Stop it, or set PORT to another number.\n`,
    })
    expect(await runningServer(dir)).to.equal(undefined)
  })

  it('says that there is no institution in its courses folder, ends, and lets go as well', async () => {
    const empty = join(dir, 'nothing')
    const said = await goodStandingWith({ DATA_DIR: dir, COURSES_DIR: empty, PORT: '0' }, 'serve')
    expect(said.code).to.equal(1)
    expect(said.complaint).to.equal(`COURSES_DIR: ${empty}/institution.yaml cannot be read\n`)
    expect(await runningServer(dir)).to.equal(undefined)
  })
})
