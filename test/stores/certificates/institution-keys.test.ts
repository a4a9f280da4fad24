import { cpSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openInstitutionKeys } from '../../../src/certificates/certificates.js'
import { openDatabase, type Database } from '../../../src/database/database.js'
import { keyTroubleOf } from '../../../src/keys/keys.js'
import { createLog } from '../../../src/log.js'
import { systemRandom } from '../../../src/random.js'
import { aFolder, anInstitution, parliament } from '../../support/certificates.js'
import { testDatabase } from '../../support/database.js'
import { frozenClock } from '../../support/world.js'

describe('the keys of the institution', () => {
  const clock = frozenClock('2026-03-02T10:00:00Z')
  const log = createLog('silent')
  let server: Awaited<ReturnType<typeof testDatabase>>
  let database: Database

  beforeEach(async () => {
    server = await testDatabase()
    const { uri, name } = server
    database = await openDatabase({
      uri,
      name,
      dataDir: tmpdir(),
      clock,
      random: systemRandom,
      log,
    })
  })
  afterEach(async () => {
    await database.close()
    await server.drop()
  })

  const open = (keysDir: string, shared = false) =>
    openInstitutionKeys({ database, keysDir, shared, clock, log })
  const troubleWith = (keysDir: string, shared = false) =>
    open(keysDir, shared).then(
      () => undefined,
      (error: unknown) => keyTroubleOf(error),
    )

  it('are begun at the first start, and never again', async () => {
    const keysDir = join(aFolder(), 'keys')
    const first = (await open(keysDir)).credentials.current().id
    expect((await open(keysDir)).credentials.current().id).to.equal(first)
    renameSync(keysDir, `${keysDir}.lost`)
    const rings = await open(keysDir)
    expect(() => rings.credentials.current()).to.throw(/keys\.missing/)
    renameSync(`${keysDir}.lost`, keysDir)
    expect(rings.credentials.current().id).to.equal(first)
  })

  it('must be given where several processes share a database', async () => {
    expect(await troubleWith(aFolder(), true)).to.equal('missing')
    expect(await troubleWith(parliament().keysDir, true)).to.equal(undefined)
  })

  it('are not those of another institution, nor a copy from before the last rotation', async () => {
    const { keysDir, keys } = anInstitution()
    const copy = aFolder()
    cpSync(keysDir, copy, { recursive: true })
    await open(keysDir)
    expect(await troubleWith(parliament().keysDir)).to.equal('strange')
    expect(await troubleWith(copy)).to.equal(undefined)
    keys.credentials.rotate()
    await open(keysDir)
    expect(await troubleWith(copy)).to.equal('strange')
    expect(await troubleWith(keysDir, true)).to.equal(undefined)
  })
})
