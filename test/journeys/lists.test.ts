import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import type { Delivery } from '../../src/courses/courses.js'
import { absencesCsv, managersCsv, officesCsv, peopleCsv, termsCsv } from '../support/parliament.js'
import { readSheet } from '../../src/tables/tables.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const system = systemActor('test')

/** The people of the domain's examples, each as the directory would have them. */
const parliament = {
  people: peopleCsv(
    'early,Lord Early,early@parliament.example,en',
    'late,Baroness Late,late@parliament.example,en',
    'new,Lord New,new@parliament.example,en',
    'away,Lord Away,away@parliament.example,en',
    'refuser,Lord Refuser,refuser@parliament.example,en',
    'held,Lady Held,held@parliament.example,en',
    'panel,Paul Panel,panel@parliament.example,en',
    'a,Aled Member,a@parliament.example,en',
    'b,Lord Bea,b@parliament.example,en',
    'c,Cara Member,c@parliament.example,en',
    'two,Dylan Twoposts,two@parliament.example,en',
    'other,Olwen Other,other@parliament.example,en',
  ),
  offices: officesCsv(
    'office-a,Office of Aled Member,commons,member,,a',
    'office-b,Office of Lord Bea,lords,member,,b',
    'office-c,Office of Cara Member,commons,member,,c',
  ),
  terms: termsCsv(
    'early,peer,lords,Crossbench,,,2015-06-01,',
    'late,peer,lords,Crossbench,,,2015-06-01,',
    'new,peer,lords,Crossbench,,,2021-11-30,',
    'away,peer,lords,Crossbench,,,2010-01-12,',
    'refuser,peer,lords,Crossbench,,,2015-06-01,',
    'held,peer,lords,Crossbench,,,2015-06-01,',
    'panel,mp,commons,Harbour Party,,Northmoor,2019-12-12,',
    'a,mp,commons,Lantern Party,,Wrenford,2024-07-04,',
    'b,peer,lords,Lantern Party,,,2012-01-12,',
    'c,mp,commons,Harbour Party,,Quaymouth,2024-07-04,',
    'two,staff,commons,,office-a,Researcher,2025-03-01,2025-06-30',
    'two,staff,lords,,office-b,Researcher,2025-05-01,',
    'two,staff,commons,,office-c,Researcher,2025-10-01,',
    'other,staff,commons,,office-a,Caseworker,2025-01-06,',
  ),
  absences: absencesCsv(
    'away,leave-of-absence,2020-09-01,2023-01-13',
    'held,suspended,2020-12-07,2022-09-01',
  ),
  managers: managersCsv(),
}

describe('lists over HTTP', () => {
  let world: World
  let coordinator: Visitor

  const complete = async (person: string, course: string, on: string, delivery: Delivery) => {
    await world.app.completions.recordMany(system, [
      {
        person,
        course,
        delivery,
        on: day(on),
        version: { hash: 'v1', label: '1' },
        evidence: { kind: 'register', id: `${person}-${on}` },
      },
    ])
  }
  const line = async (visitor: Visitor, address: string, name: string): Promise<string> => {
    const { $ } = await visitor.get(address)
    const row = $('tbody tr').filter((_, one) => $(one).text().includes(name))
    return row.text().replace(/\s+/g, ' ').trim()
  }

  before(async () => {
    world = await createWorld('2020-10-20T10:00:00Z')
    await world.directory(parliament)
    await world.account('clerk@parliament.example', undefined, { name: 'coordinator' })
    for (const id of ['a', 'b', 'c', 'two']) await world.account(`${id}@parliament.example`, id)
    await complete('early', 'lords-first-course', '2020-10-15', 'remote')
    coordinator = await world.signedIn('clerk@parliament.example')
  })
  after(() => world.close())

  it('3: complete from the day of attendance, and overdue as known until the register came', async () => {
    world.clock.set('2021-10-14T10:00:00Z')
    await complete('refuser', 'lords-first-course', '2021-10-12', 'face-to-face')
    world.clock.set('2021-10-20T10:00:00Z')
    coordinator = await world.signedIn('clerk@parliament.example')
    const at = (asAt: string, known: string) =>
      line(coordinator, `/compliance?asAt=${asAt}&known=${known}&q=refuser`, 'Lord Refuser')
    expect(await at('2021-10-11', 'now')).to.include('Overdue')
    expect(await at('2021-10-12', 'now')).to.include('Complete')
    expect(await at('2021-10-13', 'then')).to.include('Overdue')
    expect(await at('2021-10-14', 'then')).to.include('Complete')
  })

  it('1, 2 and 4: on time, overdue until attendance, due with the month’s last day', async () => {
    world.clock.set('2022-06-01T10:00:00Z')
    coordinator = await world.signedIn('clerk@parliament.example')
    await complete('late', 'lords-first-course', '2021-07-01', 'face-to-face')
    const cases: [name: string, asAt: string, standing: string][] = [
      ['Lord Early', '2020-11-03', 'Complete'],
      ['Lord Early', '2022-05-24', 'Complete'],
      ['Baroness Late', '2021-04-01', 'Due'],
      ['Baroness Late', '2021-04-02', 'Overdue'],
      ['Baroness Late', '2021-06-30', 'Overdue'],
      ['Baroness Late', '2021-07-01', 'Complete'],
      ['Lord New', '2022-02-28', 'Due'],
      ['Lord New', '2022-03-01', 'Overdue'],
      ['Lord Away', '2021-04-02', 'Absent'],
    ]
    for (const [name, asAt, standing] of cases) {
      const found = await line(
        coordinator,
        `/compliance?asAt=${asAt}&q=${name.split(' ')[1]}`,
        name,
      )
      expect(found, `${name} on ${asAt}`).to.match(new RegExp(`Peer.*${standing} `))
    }
  })

  it('5: as known then, and as known now', async () => {
    world.clock.set('2023-04-10T10:00:00Z')
    await world.app.decisions.propose(system, {
      person: 'away',
      duty: 'lords-training',
      relief: { kind: 'extension', until: day('2023-07-14') },
      reason: 'Asked before the date',
    })
    world.clock.set('2023-08-03T10:00:00Z')
    await complete('away', 'lords-seminar', '2023-08-01', 'face-to-face')
    coordinator = await world.signedIn('clerk@parliament.example')
    const at = (asAt: string, known: string) =>
      line(coordinator, `/compliance?asAt=${asAt}&known=${known}&q=away`, 'Lord Away')
    expect(await at('2023-01-13', 'now')).to.include('Absent')
    expect(await at('2023-01-14', 'now'))
      .to.include('Due')
      .and.include('14 April 2023')
    expect(await at('2023-07-14', 'now'))
      .to.include('Due')
      .and.include('14 July 2023')
    expect(await at('2023-07-31', 'now')).to.include('Overdue')
    expect(await at('2023-08-02', 'now')).to.include('Complete')
    expect(await at('2023-08-02', 'then')).to.include('Overdue')
    const record = '/compliance/people/away?asAt=2023-08-02'
    expect((await coordinator.get(`${record}&known=then`)).words).to.include(
      'was due by the end of',
    )
    expect((await coordinator.get(record)).words).to.include(
      'face to face on Tuesday 1 August 2023',
    )
  })

  it('7 and 8: suspended is absent, and back with three months; a body’s date is nowhere', async () => {
    world.clock.set('2023-12-12T10:00:00Z')
    await complete('panel', 'behaviour-code', '2023-12-12', 'face-to-face')
    world.clock.set('2023-12-13T10:00:00Z')
    coordinator = await world.signedIn('clerk@parliament.example')
    const cases: [name: string, asAt: string, standing: string][] = [
      ['Lady Held', '2020-12-06', 'Due'],
      ['Lady Held', '2020-12-07', 'Absent'],
      ['Lady Held', '2022-09-01', 'Absent'],
      ['Lady Held', '2022-09-02', '2 December 2022'],
      ['Lady Held', '2022-12-03', 'Overdue'],
      ['Paul Panel', '2023-09-04', 'Expected'],
      ['Paul Panel', '2023-12-05', 'Expected'],
      ['Paul Panel', '2023-12-12', 'Complete'],
    ]
    for (const [name, asAt, standing] of cases) {
      const address = `/compliance?asAt=${asAt}&q=${name.split(' ')[1]}`
      expect(await line(coordinator, address, name), `${name} on ${asAt}`).to.include(standing)
    }
  })

  it('6: two employers see the same completion, each on their own days', async () => {
    world.clock.set('2025-12-01T10:00:00Z')
    await complete('two', 'behaviour-code-staff', '2025-05-10', 'online')
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map((id) => world.signedIn(`${id}@parliament.example`)),
    )
    if (!a || !b || !c) throw new Error('nobody signed in')
    const on = (visitor: Visitor, asAt: string) =>
      line(visitor, `/compliance?asAt=${asAt}`, 'Dylan Twoposts')
    expect(await on(a, '2025-05-09')).to.include('Overdue')
    expect(await on(a, '2025-06-01')).to.include('Complete')
    expect(await on(a, '2025-07-01')).to.equal('')
    expect(await on(b, '2025-05-09')).to.include('Due')
    expect(await on(b, '2025-12-01')).to.include('Complete')
    expect(await on(c, '2025-09-30')).to.equal('')
    expect(await on(c, '2025-10-01')).to.include('Complete')
  })

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
    const people = parliament.people.replace('Olwen Other', 'Olwen Renamed')
    await world.directory({ ...parliament, people })
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
    expect(all.words).to.include('One person of this list')
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
    await complete('other', 'behaviour-code-staff', '2026-01-20', 'online')
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
