import { spawnSync } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { loading } from '../../src/from-source.js'
import { aFolder, parliament, print } from '../support/certificates.js'

const cli = fileURLToPath(new URL('../../src/cli/cli.ts', import.meta.url))

/** The command as somebody types it, on a machine where nothing of ours runs. */
function goodStanding(dataDir: string, ...typed: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...loading, cli, ...typed], {
    encoding: 'utf8',
    env: { ...process.env, DATA_DIR: dataDir, NO_COLOR: '1' },
  })
  return { status, stdout, stderr }
}

describe('a certificate checked on one’s own computer', function () {
  this.timeout(60_000)
  let folder: string
  let keys: string
  let pdf: Uint8Array

  before(async () => {
    folder = aFolder()
    keys = join(folder, 'keys.json')
    writeFileSync(keys, JSON.stringify(parliament().published))
    pdf = (await print()).pdf
    writeFileSync(join(folder, 'whole.pdf'), pdf)
  })

  it('is genuine by the published keys alone', () => {
    const { status, stdout } = goodStanding(
      folder,
      'verify',
      join(folder, 'whole.pdf'),
      '--keys',
      keys,
    )
    expect(stdout).to.include('genuine and valid').and.to.include('not one byte has changed')
    expect(status).to.equal(0)
  })

  it('is refused with exit 1 and the reason where a byte was changed, also as data', () => {
    const changed = Buffer.from(pdf)
    changed[5000] = (changed[5000] ?? 0) ^ 4
    const file = join(folder, 'changed.pdf')
    writeFileSync(file, changed)
    const { status, stdout } = goodStanding(folder, 'verify', file, '--keys', keys, '--json')
    expect(status).to.equal(1)
    expect(JSON.parse(stdout)).to.include({ verdict: 'altered' })
  })

  it('is signed with keys that only the server’s own account can read, made on demand', () => {
    const rotate = ['--rotate', 'institution/credentials']
    const { status, stdout } = goodStanding(folder, 'create-keys', '--json', ...rotate)
    expect(status).to.equal(0)
    const { rings } = JSON.parse(stdout) as { rings: { name: string; keys: { id: string }[] }[] }
    const credentials = rings.find(({ name }) => name === 'institution/credentials')
    expect(credentials?.keys).to.have.length(2)
    const secrets = readdirSync(join(folder, 'keys'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.key'))
      .map((name) => statSync(join(folder, 'keys', name)).mode & 0o777)
    expect(new Set(secrets)).to.deep.equal(new Set([0o600]))
  })
})
