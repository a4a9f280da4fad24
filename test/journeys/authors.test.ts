import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { loading } from '../../src/from-source.js'
import { smallParliament } from '../support/parliament.js'
import { createWorld, type World } from '../support/world.js'

describe('an author', () => {
  let world: World
  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    await world.account('author@parliament.example', 'ada', { name: 'author' })
    await world.account('tomos@parliament.example', 'tomos')
  })
  after(() => world.close())

  it('sees what is wrong, and which reviews are wanting', async function () {
    this.timeout(60_000)
    const visitor = await world.signedIn('author@parliament.example')
    let page = await visitor.get('/authors')
    while (page.words.includes('The files are being read')) page = await visitor.get('/authors')
    expect(page.words).to.include('Nothing is wrong in the files.')
    expect(page.words).to.include('Not yet reviewed by a specialist.')
    expect(page.words).to.include('The Welsh has not yet been reviewed.')
    const learner = await world.signedIn('tomos@parliament.example')
    for (const path of ['/authors', '/authors/test-course', '/authors/test-course/preview'])
      expect((await learner.get(path)).status, path).to.equal(403)
  })

  it('previews a course as any audience, in either language and on any way, and records nothing', async () => {
    const visitor = await world.signedIn('author@parliament.example')
    const learning = world.app.database.connection.collection('learning')
    const shown = async (query: string) =>
      (await visitor.get(`/authors/test-course/preview?${query}`)).words
    const [mp, staff] = [await shown('audience=mp'), await shown('audience=staff')]
    expect(mp).to.include('Only Members are asked this')
    expect(staff).not.to.include('Only Members are asked this')
    expect(staff).to.include('It is dark.')
    // Nobody turns to a scene that their choices never lead to.
    expect(mp).to.include('Quiet, at least.')
    expect(staff).not.to.include('Quiet, at least.')
    expect(await shown('audience=staff&way=quiet')).not.to.include('It is dark.')
    expect(await shown('audience=staff&in=cy')).to.include('Banc: un ac un?')
    const welsh = await visitor.get('/authors/test-course/preview?in=cy')
    expect(welsh.$('.gs-print h3').text()).to.include('Dau ddrws')
    expect(await shown('audience=nonsense&way=nonsense')).to.include('Bank: one and one?')
    expect(await learning.countDocuments()).to.equal(0)
  })

  it('is told nothing of a few people', async () => {
    const visitor = await world.signedIn('author@parliament.example')
    const before = await visitor.get('/authors/test-course')
    expect(before.words).to.include('Nothing is shown of fewer than 10 people.')
    expect(before.$('table')).to.have.lengthOf(0)
  })

  it('is told by check-content of each fault: file, line and sentence, and it exits 1', function () {
    this.timeout(120_000)
    const root = mkdtempSync(join(tmpdir(), 'gs-content-'))
    try {
      for (const name of ['texts', 'test-course', 'programme.yaml'])
        cpSync(join('courses', name), join(root, name), { recursive: true })
      writeFileSync(join(root, 'programme.yaml'), 'duties: []\n')
      const file = join(root, 'test-course/modules/01-pages/en.md')
      writeFileSync(file, `${readFileSync(file, 'utf8')}\n[gone](#nowhere)\n`)
      const { status, stdout } = spawnSync(
        process.execPath,
        [...loading, 'src/cli/cli.ts', 'check-content', root],
        { encoding: 'utf8' },
      )
      const line = readFileSync(file, 'utf8').trimEnd().split('\n').length
      const says = 'The link “#nowhere” leads nowhere'
      expect(stdout).to.include(`test-course/modules/01-pages/en.md:${line}\twithheld\t${says}`)
      expect(stdout.trimEnd().split('\n').at(-1)).to.include('withheld: test-course')
      expect(status).to.equal(1)
    } finally {
      rmSync(root, { recursive: true })
    }
  })
})
