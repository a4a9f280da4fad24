import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { goodStanding } from '../support/command-line.js'
import { giveDocumentKey } from '../support/document-key.js'
import { smallParliament } from '../support/parliament.js'
import { createProgram } from '../support/program.js'
import { long } from '../support/property.js'
import { createWorld } from '../support/world.js'

const register = [
  'course,date,start,venue,delivery,name,attendance,minutes',
  'behaviour-code,2024-03-05,10:00,Room 1,face-to-face,Mair Larkspur,attended,',
  'behaviour-code,2024-03-05,10:00,Room 1,face-to-face,Nobody Known,attended,',
  'behaviour-code,2024-03-05,10:00,Room 1,face-to-face,Omar Teasel,part,',
  'behaviour-code,15/10/20,10:00,Room 1,face-to-face,Ada Linnet,attended,',
  '',
].join('\n')

interface Row {
  line: number
  verdict: string
  because: string
}

interface Said {
  state: string
  recorded: number
  rows: Row[]
}

describe('good-standing import-register', () => {
  const dir = mkdtempSync(join(tmpdir(), 'gs-terminal-'))
  const data = join(dir, 'data')
  const file = join(dir, 'register.csv')
  const say = (...words: string[]) => goodStanding(data, ...words)

  before(async function () {
    this.timeout(60_000)
    const folder = join(dir, 'directory')
    mkdirSync(folder)
    for (const [name, text] of Object.entries(smallParliament)) {
      writeFileSync(join(folder, `${name}.csv`), text)
    }
    writeFileSync(file, register)
    giveDocumentKey(join(data, 'keys'))
    const imported = await say('import-directory', folder)
    expect(imported.code, imported.complaint).to.equal(0)
  })
  after(() => rmSync(dir, { recursive: true, force: true }))

  it('says of each row what page and API say of it, and records the good ones where asked to', async function () {
    this.timeout(60_000)
    const world = await createWorld()
    try {
      await world.directory(smallParliament)
      const form = new FormData()
      form.append('file', new Blob([register]), 'register.csv')
      const program = await createProgram(world, ['registers'])
      const { body } = await program.post('/registers', form)
      await world.account('cora@example.org', undefined, { name: 'coordinator' })
      const coordinator = await world.signedIn('cora@example.org')
      await coordinator.get('/registers')
      const page = await coordinator.upload('/registers', 'file', { 'register.csv': register })
      const sentences = (body as { rows: Row[] }).rows.map(({ because }) => because)
      for (const sentence of sentences) expect(page.words).to.include(sentence)

      const said = await say('import-register', file, '--good', '--json')
      expect(said.code, said.complaint).to.equal(1)
      const { state, recorded, rows } = JSON.parse(said.out) as Said
      expect({ state, recorded }).to.deep.equal({ state: 'done', recorded: 1 })
      expect(rows.map(({ because }) => because)).to.deep.equal(sentences)
      const verdicts = ['matched', 'unknown', 'faulty', 'faulty']
      expect(rows.map(({ verdict }) => verdict)).to.deep.equal(verdicts)
    } finally {
      await world.close()
    }
  })

  // Every call starts the whole program anew: these are made where there is time.
  const whereThereIsTime = long ? it : it.skip

  whereThereIsTime('records nothing unasked, and nothing twice', async function () {
    this.timeout(120_000)
    const all = await say('import-register', file, '--confirm')
    expect(all.code, 'not all are good').to.equal(1)
    expect(all.out).to.include('Nothing has been recorded yet')
    const again = await say('import-register', file, '--good', '--json')
    expect(JSON.parse(again.out)).to.deep.include({ state: 'done', recorded: 0 })
  })

  whereThereIsTime('is refused in a sentence', async function () {
    this.timeout(120_000)
    const pdf = join(dir, 'pdf.csv')
    writeFileSync(pdf, '%PDF-1.7\n')
    const refused = await say('import-register', pdf)
    expect(refused.code).to.equal(1)
    expect(refused.complaint).to.include('This is a PDF')
    const nowhere = await say('import-register', join(dir, 'nowhere.csv'))
    expect(nowhere.complaint).to.include('cannot be read')
    expect((await say('import-register')).code).to.equal(2)
  })
})
