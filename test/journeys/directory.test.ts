import { expect } from 'chai'
import { zipSync } from 'fflate'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const files = Object.fromEntries(
  Object.entries(smallParliament).map(([file, text]) => [`${file}.csv`, text]),
)

describe('the directory page', () => {
  let world: World
  let keeper: Visitor

  before(async () => {
    world = await createWorld()
    await world.account('keeper@parliament.example', undefined, { name: 'coordinator' })
    await world.account('nobody@parliament.example')
    keeper = await world.signedIn('keeper@parliament.example')
  })
  after(() => world.close())

  it('rehearses a zip, shows every change, and does it when asked to', async () => {
    await keeper.get('/directory')
    const zip = zipSync(
      Object.fromEntries(
        Object.entries(files).map(([name, text]) => [`export/${name}`, Buffer.from(text)]),
      ),
    )
    const shown = await keeper.upload('/directory', 'file', { 'directory.zip': zip })
    expect(shown.status).to.equal(200)
    expect(shown.words).to.include('Nothing has been changed yet').and.to.include('Mair Larkspur')
    expect(shown.$('tbody tr')).to.have.length(17)
    const done = await keeper.post(String(shown.$('form[action$="/confirm"]').attr('action')), {})
    expect(done.words).to.include('17 rows were added')
    const list = await keeper.get('/compliance')
    expect(list.words).to.include('Tomos Wren')
  })

  it('says that the same files again change nothing', async () => {
    await keeper.get('/directory')
    const shown = await keeper.upload('/directory', 'file', files)
    expect(shown.words).to.include('These files change nothing')
    expect(shown.$('form[action$="/confirm"]')).to.have.length(0)
  })

  it('shows what is wrong by file, line and column, in the reader’s language', async () => {
    await keeper.get('/directory')
    const broken = { 'people.csv': smallParliament.people.replace('ada@parliament.example', 'ada') }
    const english = await keeper.upload('/directory', 'file', broken)
    expect(english.words)
      .to.include('One thing is wrong')
      .and.to.include('people.csv4email“ada” is not an e-mail address')
    await keeper.send('/language', { language: 'cy' })
    const welsh = await keeper.get(
      english.$('form[action="/language"] input[name=back]').attr('value') ?? '',
    )
    expect(welsh.words).to.include('Nid yw “ada” yn gyfeiriad e-bost')
    await keeper.send('/language', { language: 'en' })
  })

  const refusals: [
    what: string,
    upload: Record<string, string | Uint8Array>,
    words: string,
    status: number,
  ][] = [
    ['no file', {}, 'Choose at least one file', 400],
    ['a file of another name', { 'staff.csv': 'id' }, '“staff.csv” is not one of the files', 400],
    [
      'a broken zip',
      { 'x.zip': 'PK\u0003\u0004 and no more' },
      'not a zip that can be opened',
      400,
    ],
    [
      'fifty megabytes',
      { 'people.csv': Buffer.alloc(50 * 1024 * 1024, 'a') },
      'larger than 25 MB',
      413,
    ],
  ]
  for (const [what, upload, words, status] of refusals) {
    it(`refuses ${what} in a sentence`, async () => {
      await keeper.get('/directory')
      const answer = await keeper.upload('/directory', 'file', upload)
      expect(answer.words).to.include(words)
      expect(answer.status).to.equal(status)
    })
  }

  it('is not open to those who do not keep it', async () => {
    const other = await world.signedIn('nobody@parliament.example')
    expect((await other.get('/directory')).status).to.equal(403)
    const stranger = world.visitor()
    expect((await stranger.get('/directory')).words).to.include('Sign in')
  })
})
