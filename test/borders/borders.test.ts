import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

interface Cruise {
  modules: { source: string }[]
  summary: { violations: { rule: { name: string }; from: string; to: string }[] }
}

const root = fileURLToPath(new URL('../../', import.meta.url))

function cruise(cwd: string): Cruise {
  const run = spawnSync(
    process.execPath,
    [
      `${root}node_modules/dependency-cruiser/bin/dependency-cruise.mjs`,
      'src',
      '--config',
      `${root}.dependency-cruiser.cjs`,
      '--output-type',
      'json',
    ],
    { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  return JSON.parse(run.stdout) as Cruise
}

describe('the borders of the house', function () {
  this.timeout(60_000)

  it('are read from every module and hold', () => {
    const { modules, summary } = cruise(root)
    const own = modules.map((module) => module.source).filter((path) => path.startsWith('src/'))
    expect(own).to.include('src/errors.ts')
    expect(summary.violations).to.deep.equal([])
  })

  it('catch an import upward and one past a door', () => {
    const { modules, summary } = cruise(`${root}test/borders/planted`)
    expect(modules).to.have.length.greaterThan(0)
    expect(summary.violations.map((violation) => violation.rule.name)).to.include.members([
      'people-looks-down-only',
      'courses-has-one-door',
    ])
  })
})
