import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { smallParliament } from '../support/parliament.js'
import { createProgram } from '../support/program.js'
import type { Answered, Visitor } from '../support/visitor.js'
import { bomb } from '../support/workbooks.js'
import { createWorld, type World } from '../support/world.js'

const header = 'course,date,start,end,venue,delivery,name,email,attendance,minutes'
const rows = [
  'behaviour-code,2026-02-24,10:00,11:30,Room 1,face-to-face,Mair Larkspur,,attended,',
  'behaviour-code,2026-02-24,10:00,11:30,Room 1,face-to-face,Tomos Wren,tomos@parliament.example,attended,',
  'behaviour-code,2026-02-24,10:00,11:30,Room 1,face-to-face,O. Teasel,,absent,',
  'behaviour-code,2026-02-24,10:00,11:30,Room 1,face-to-face,Nobody Known,,attended,',
  'behaviour-code,2026-02-24,10:00,11:30,Room 1,face-to-face,Ada Linnet,,was there,',
]
const csv = (...lines: string[]): string => [header, ...lines, ''].join('\n')

describe('a register that is uploaded', () => {
  let world: World
  let trainer: Visitor

  before(async () => {
    world = await createWorld()
    await world.directory(smallParliament)
    await world.account('head@parliament.example', 'head', { name: 'trainer' })
    await world.account('tomos@parliament.example', 'tomos')
    await world.app.training.accreditations.grant(systemActor('test'), {
      person: 'head',
      name: 'sexual-violence',
      from: day('2026-01-01'),
    })
    trainer = await world.signedIn('head@parliament.example')
  })
  after(() => world.close())

  const completed = async (person: string): Promise<string[]> =>
    ((await world.app.completions.of([person])).get(person) ?? []).map(({ on }) => on)
  const send = async (text: string, name = 'register.csv'): Promise<Answered> => {
    await trainer.get('/registers')
    return trainer.upload('/registers', 'file', { [name]: text })
  }
  /** What the page says once long work is through. */
  async function followed(shown: Answered): Promise<Answered> {
    const next = shown.$('[data-follow] a').attr('href')
    return next === undefined ? shown : followed(await trainer.get(next))
  }
  const address = (shown: Answered, end: string): string =>
    String(shown.$(`form[action$="/${end}"]`).attr('action'))
  const verdictOf = ({ $ }: Answered, line: number): string => $(`#line-${line} .govuk-tag`).text()

  it('is shown row by row, mended, recorded, and undone', async () => {
    const shown = await send(csv(...rows))
    expect(shown.status).to.equal(200)
    expect(shown.words).to.include('Nothing has been recorded yet')
    expect([2, 3, 4, 5, 6].map((line) => verdictOf(shown, line))).to.deep.equal([
      'Ready',
      'Ready',
      'Who is it?',
      'Unknown person',
      'Wrong',
    ])
    expect(shown.words).to.include('Mair Larkspur will be recorded as having attended.')
    expect(shown.words).to.include('“was there” says nothing of attendance')
    expect(await completed('mair'), 'nothing is stored yet').to.deep.equal([])

    const mended = await trainer.post(address(shown, 'rows'), {
      page: '1',
      'who-4': 'clerk',
      'fix-5-name': 'Lord Rowan',
      'fix-5-email': '',
      'fix-6-attendance': 'part',
    })
    expect([4, 5, 6].map((line) => verdictOf(mended, line))).to.deep.equal([
      'Ready',
      'Ready',
      'Wrong',
    ])
    expect(mended.words).to.include('For part attendance say how many minutes')

    const done = await followed(await trainer.post(address(mended, 'confirm'), { which: 'good' }))
    expect(done.words).to.include('4 rows have been recorded.')
    expect(await completed('mair')).to.deep.equal(['2026-02-24'])
    expect(await completed('tomos')).to.deep.equal(['2026-02-24'])
    expect(await completed('rowan')).to.deep.equal(['2026-02-24'])
    expect(await completed('clerk'), 'absent').to.deep.equal([])

    const again = await send(csv(...rows.slice(0, 2)))
    expect(again.words).to.include('It would change nothing')
    expect(again.$('form[action$="/confirm"]')).to.have.length(0)

    const mute = await trainer.post(address(done, 'undo'), { reason: ' ' })
    expect(mute.status).to.equal(400)
    expect(mute.words).to.include('Say why.')
    const undone = await followed(
      await trainer.post(address(done, 'undo'), { reason: 'The wrong file.' }),
    )
    expect(undone.words).to.include('was undone').and.to.include('The wrong file.')
    expect(await completed('mair')).to.deep.equal([])
  })

  it('comes back as a sheet with a note beside every row, in the reader’s language', async () => {
    const shown = await send(csv(...rows))
    const sheet = await trainer.fetch(String(shown.$('a[href$="/sheet"]').attr('href')))
    const text = await sheet.text()
    expect(sheet.headers.get('content-disposition')).to.include('register.csv')
    expect(text.split('\r\n')[0]).to.include('minutes,Good Standing says,Because')
    expect(text).to.include('Nobody of this name is in the directory.')
  })

  it('asks which column is which where headings do not say', async () => {
    const shown = await send(csv(rows[0] ?? '').replace('attendance', 'How was it'), 'x.csv')
    expect(shown.words).to.include('No column says who attended')
    const read = await trainer.post(address(shown, 'columns'), {
      ...Object.fromEntries(header.split(',').map((field, at) => [`column-${at}`, field])),
    })
    expect(verdictOf(read, 2)).to.equal('Ready')
  })

  it('never shows anybody else’s', async () => {
    const shown = await send(csv(...rows))
    const path = address(shown, 'rows').replace(/\/rows$/, '')
    await world.account('clerk@parliament.example', 'clerk', { name: 'trainer' })
    const other = await world.signedIn('clerk@parliament.example')
    expect((await other.get(path)).status).to.equal(404)
    const learner = await world.signedIn('tomos@parliament.example')
    expect((await learner.get(path)).status).to.equal(403)
  })

  it('is sent, looked at, recorded and undone by a program', async () => {
    const program = await createProgram(world, ['registers'])
    const form = (text: string): FormData => {
      const data = new FormData()
      data.append('file', new Blob([text]), 'register.csv')
      return data
    }
    const text = csv(rows[0] ?? '', rows[3] ?? '').replaceAll('10:00', '15:00')
    const sent = await program.post('/registers', form(text))
    expect(sent.status).to.equal(200)
    interface Sent {
      id: string
      state: string
      recorded: number
      rows: { verdict: string; because: string }[]
    }
    const { id, rows: judged } = sent.body as Sent
    expect(judged.map(({ verdict }) => verdict)).to.deep.equal(['matched', 'unknown'])
    expect(judged[0]?.because).to.equal('Mair Larkspur will be recorded as having attended.')
    const refused = await program.post(`/registers/${id}/confirm`, {})
    expect(refused.status).to.equal(409)
    expect(refused.problem.detail).to.include('Rows that are not ready: 1.')
    const done = await program.post(`/registers/${id}/confirm`, { which: 'good' })
    expect(done.body).to.deep.include({ state: 'done', recorded: 1 })
    const undone = await program.post(`/registers/${id}/undo`, { reason: 'Sent twice.' })
    expect(undone.body).to.deep.include({ state: 'undone' })
    const other = await createProgram(world, ['completions'])
    expect((await other.post('/registers', form(text))).status).to.equal(403)
  })

  const refusals: [what: string, bytes: string | Uint8Array, words: string, status: number][] = [
    ['a PDF renamed .csv', '%PDF-1.7\n', 'This is a PDF', 400],
    ['600 MB in a small workbook', bomb(), 'unpacks to more than', 400],
    ['more than 25 MB', Buffer.alloc(26 * 1024 * 1024, 'a'), 'larger than 25 MB', 413],
  ]
  for (const [what, bytes, words, status] of refusals) {
    it(`is refused in a sentence: ${what}`, async () => {
      await trainer.get('/registers')
      const answer = await trainer.upload('/registers', 'file', { 'register.csv': bytes })
      expect(answer.words).to.include(words)
      expect(answer.status).to.equal(status)
    })
  }

  it('is refused in a sentence where it was cut off in mid-upload', async () => {
    await trainer.get('/registers')
    const boundary = 'x'
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="r.csv"\r\n\r\n${header}\r\nbehav`
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
    const before = (await world.app.training.uploads.list(systemActor('test'))).length
    const answer = await trainer.fetch('/registers', { method: 'POST', body, headers })
    expect(answer.status).to.equal(400)
    expect(await answer.text()).to.include('We could not read what was sent')
    const after = (await world.app.training.uploads.list(systemActor('test'))).length
    expect(after).to.equal(before)
  })
})
