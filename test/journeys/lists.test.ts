import { expect } from 'chai'
import { readSheet } from '../../src/tables/tables.js'
import { completeIn, exampleParliament } from '../support/example-parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

describe('lists over HTTP', () => {
  let world: World
  let coordinator: Visitor

  before(async () => {
    world = await createWorld('2025-12-01T10:00:00Z')
    await world.directory(exampleParliament)
    await world.account('clerk@parliament.example', undefined, { name: 'coordinator' })
    for (const id of ['a', 'b', 'c', 'two']) await world.account(`${id}@parliament.example`, id)
    await completeIn(world, 'two', 'behaviour-code-staff', '2025-05-10', 'online')
  })
  after(() => world.close())

  it('shows a person’s record to themselves, and to each manager their own days of it', async () => {
    const own = await world.signedIn('two@parliament.example')
    const mine = await own.get('/compliance/people/two')
    expect(mine.words).to.include('those who look after your training').and.include('Rule P1')
    const c = await world.signedIn('c@parliament.example')
    const theirs = await c.get('/compliance/people/two')
    expect(theirs.words).to.include('Complete').and.not.include('peers')
    expect(theirs.words).not.to.include('1 March 2025')
    const a = await world.signedIn('a@parliament.example')
    expect((await a.get('/compliance/people/two')).status).to.equal(404)
    expect((await a.get('/compliance/people/two?asAt=2025-06-01')).words).to.include('Complete')
    expect((await a.get('/compliance/people/nobody')).status).to.equal(404)
    expect((await a.get('/compliance/people/c')).status).to.equal(404)
  })

  it('finds by a former name without showing it, and refuses filters that it does not know', async () => {
    world.clock.set('2025-12-02T10:00:00Z')
    const people = exampleParliament.people.replace('Olwen Other', 'Olwen Renamed')
    await world.directory({ ...exampleParliament, people })
    coordinator = await world.signedIn('clerk@parliament.example')
    const found = await coordinator.get('/compliance?q=other')
    expect(found.words).to.include('Olwen Renamed').and.not.include('Olwen Other')
    for (const wrong of [
      'standing[$ne]=due',
      'asAt=20225-01-01',
      'page=-1',
      'asAt=2099-01-01',
      'size=1000000',
      'sort=score',
    ]) {
      const answer = await coordinator.get(`/compliance?${wrong}`)
      expect(answer.status, wrong).to.equal(400)
      expect(answer.$('tbody').length, wrong).to.equal(0)
    }
  })

  it('is taken away as CSV, workbook and PDF: the same lines, and who took them', async () => {
    world.clock.set('2025-12-03T10:00:00Z')
    const a = await world.signedIn('a@parliament.example')
    const csv = Buffer.from(await (await a.fetch('/compliance.csv?kind=staff')).arrayBuffer())
    expect(csv.subarray(0, 3)).to.deep.equal(Buffer.from([0xef, 0xbb, 0xbf]))
    const table = await readSheet(csv, 'list.csv')
    expect(table.rows.map(({ cells }) => cells[0])).to.have.length(3)
    expect(table.rows[1]?.cells.slice(0, 5)).to.deep.equal([
      'Olwen Renamed',
      'other',
      'Staff',
      'House of Commons',
      'Office of Aled Member',
    ])
    const last = table.rows.at(-1)?.cells[0] ?? ''
    expect(last).to.include('by Aled Member on Wednesday 3 December 2025').and.include('Staff')
    expect(last).to.include('one person is counted here')
    expect(csv.toString()).not.to.include('Dylan')
    const plain = Buffer.from(await (await a.fetch('/compliance.csv?bom=no')).arrayBuffer())
    expect(plain.subarray(0, 4).toString()).to.equal('Name')
    const book = await readSheet(
      Buffer.from(await (await a.fetch('/compliance.xlsx?kind=staff')).arrayBuffer()),
      'list.xlsx',
    )
    expect(book.rows.map(({ cells }) => cells[0])).to.deep.equal(
      table.rows.map(({ cells }) => cells[0]),
    )
    const pdf = await a.fetch('/compliance.pdf')
    const bytes = Buffer.from(await pdf.arrayBuffer())
    expect(pdf.headers.get('content-type')).to.equal('application/pdf')
    expect(bytes.subarray(0, 5).toString()).to.equal('%PDF-')
    expect(bytes.subarray(-6).toString()).to.include('EOF')
  })

  it('reminds one or all of a list, each once in a week, and not those who have done it', async () => {
    world.clock.set('2026-01-12T10:00:00Z')
    const a = await world.signedIn('a@parliament.example')
    await a.get('/compliance')
    const all = await a.get('/compliance/remind?standing=overdue')
    expect(all.words).to.include('One person on this list')
    expect((await a.post('/compliance/remind', { standing: 'overdue' })).words).to.include(
      'One person will be reminded',
    )
    await a.get('/compliance')
    expect((await a.post('/compliance/people/other/remind', {})).words).to.include('left in peace')
    expect((await a.send('/compliance/people/two/remind', {})).status).to.equal(404)
    expect((await a.send('/compliance/people/c/remind', {})).status).to.equal(404)
    await world.app.notifications.deliver()
    expect(world.mail.filter(({ to }) => to === 'other@parliament.example')).to.have.length(1)
    expect(world.mail.at(-1)?.text).to.include(
      '“The Behaviour Code: why it matters (staff)” was due',
    )

    world.clock.set('2026-01-20T10:00:00Z')
    const later = await world.signedIn('a@parliament.example')
    await later.get('/compliance')
    await later.post('/compliance/people/other/remind', {})
    await completeIn(world, 'other', 'behaviour-code-staff', '2026-01-20', 'online')
    await world.app.notifications.deliver()
    expect(world.mail.filter(({ subject }) => subject === 'Your training')).to.have.length(1)
  })

  it('a delegate sees what the manager sees for as long as they are named', async () => {
    world.clock.set('2026-02-02T10:00:00Z')
    const a = await world.signedIn('a@parliament.example')
    const two = () => world.signedIn('two@parliament.example')
    expect((await (await two()).get('/compliance')).status).to.equal(403)
    await a.get('/delegates')
    const form = { email: 'two@parliament.example', from: '2026-02-02', to: '2026-02-20' }
    expect((await a.post('/delegates', { ...form, to: '2029-02-20' })).status).to.equal(400)
    expect((await a.post('/delegates', form)).words).to.include('Dylan Twoposts')
    const seen = await (await two()).get('/compliance')
    expect(seen.words).to.include('Olwen Renamed').and.not.include('Dylan Twoposts')
    expect((await (await two()).get('/compliance/people/other')).status).to.equal(200)
    expect((await (await two()).get('/compliance/people/a')).status).to.equal(404)
    world.clock.set('2026-02-21T10:00:00Z')
    expect((await (await two()).get('/compliance')).status).to.equal(403)
  })

  it('keeps a list under a name, for whoever kept it', async () => {
    const b = await world.signedIn('b@parliament.example')
    await b.get('/compliance')
    const kept = await b.post('/compliance/views', { name: 'Late ones', query: 'standing=overdue' })
    expect(kept.$('nav a:contains("Late ones")').attr('href')).to.include('standing=overdue')
    const wrong = { name: 'Wrong', query: 'standing[$ne]=due' }
    expect((await b.send('/compliance/views', wrong)).status).to.equal(400)
    const c = await world.signedIn('c@parliament.example')
    expect((await c.get('/compliance')).text).not.to.include('Late ones')
  })

  it('shows pictures of the same scope, each with its table', async () => {
    await completeIn(world, 'other', 'behaviour-code-staff', '2026-01-12', 'face-to-face')
    const a = await world.signedIn('a@parliament.example')
    const { $, words } = await a.get('/compliance/pictures')
    expect($('svg[role="img"]').length).to.equal(3)
    expect($('.govuk-back-link').attr('href')).to.equal('/compliance')
    expect($('svg').first().attr('aria-label')).to.equal($('section h2').first().text())
    expect($('section').first().find('tbody tr').last().text()).to.include('100%')
    expect(words).to.include('House of Commons').and.not.include('Lord Bea')
    const two = await world.signedIn('two@parliament.example')
    expect((await two.get('/compliance/pictures')).status).to.equal(403)
  })
})
