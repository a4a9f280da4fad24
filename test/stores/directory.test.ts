import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import type { DirectoryUpload, Rehearsal } from '../../src/people/people.js'
import { absencesCsv, peopleCsv, smallParliament, termsCsv } from '../support/parliament.js'
import { createWorld, type World } from '../support/world.js'

const actor = systemActor('test')

describe('the directory', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
  })
  afterEach(() => world.close())

  const upload = (files: Record<string, string | Uint8Array>): DirectoryUpload =>
    Object.fromEntries(Object.entries(files).map(([file, text]) => [file, Buffer.from(text)]))

  const rehearse = (files: Record<string, string | Uint8Array>): Promise<Rehearsal> =>
    world.app.people.directory.rehearse(actor, upload(files))

  async function bring(files: Record<string, string>, allowEnding = false): Promise<Rehearsal> {
    const { id } = await rehearse(files)
    return world.app.people.directory.confirm(actor, id, { allowEnding })
  }

  it('rehearses without changing anything, then does just that', async () => {
    const rehearsal = await rehearse(smallParliament)
    expect(rehearsal.faults).to.deep.equal([])
    expect(rehearsal.counts).to.deep.equal({ added: 17, changed: 0, ended: 0, retracted: 0 })
    expect(await world.app.people.find('mair')).to.equal(undefined)
    const confirmed = await world.app.people.directory.confirm(actor, rehearsal.id)
    expect(confirmed.counts).to.deep.equal(rehearsal.counts)
    expect(await world.app.people.find('tomos')).to.include({ name: 'Tomos Wren', language: 'cy' })
  })

  it('changes nothing when the same files come twice, or one import is confirmed twice', async () => {
    const { id } = await bring(smallParliament)
    await world.app.people.directory.confirm(actor, id)
    const again = await rehearse(smallParliament)
    expect(again.counts).to.deep.equal({ added: 0, changed: 0, ended: 0, retracted: 0 })
    expect(again.unchanged).to.equal(17)
  })

  it('ends a row that is gone on the date of the import, and takes back one that lay in the future', async () => {
    await bring({
      ...smallParliament,
      absences: absencesCsv('ada,away,2026-02-02,', 'tomos,away,2026-05-01,'),
    })
    const { counts } = await bring({ ...smallParliament, absences: absencesCsv() })
    expect(counts).to.include({ ended: 1, retracted: 1 })
    const tenures = await world.app.people.tenures(['ada', 'tomos'])
    expect(tenures.get('ada')?.absences[0]).to.include({ from: '2026-02-02', to: '2026-03-02' })
    expect(tenures.get('tomos')?.absences).to.deep.equal([])
  })

  it('knows what it knew before', async () => {
    await bring(smallParliament)
    world.clock.set('2026-04-10T09:00:00Z')
    await bring({ ...smallParliament, absences: absencesCsv('ada,away,2026-02-02,2026-02-20') })
    const before = await world.app.people.tenures(['ada'], new Date('2026-04-01T00:00:00Z'))
    const now = await world.app.people.tenures(['ada'])
    expect(before.get('ada')?.absences[0]?.to).to.equal('2026-03-20')
    expect(now.get('ada')?.absences[0]?.to).to.equal('2026-02-20')
  })

  it('ends only rows of its own source', async () => {
    await bring(smallParliament)
    const other = { people: peopleCsv(), terms: termsCsv(), absences: absencesCsv() }
    const { id, counts } = await world.app.people.directory.rehearse(
      actor,
      upload(other),
      'payroll',
    )
    expect(counts.ended).to.equal(0)
    await world.app.people.directory.confirm(actor, id)
    expect((await world.app.people.tenures(['mair'])).get('mair')?.terms[0]).to.not.have.property(
      'to',
    )
  })

  it('stops and asks before it ends an unusual share of all terms', async () => {
    await bring(smallParliament)
    const lossy = {
      ...smallParliament,
      terms: termsCsv('mair,mp,commons,Lantern Party,o-mair,Wrenford,2024-07-04,'),
    }
    const rehearsal = await rehearse(lossy)
    expect(rehearsal.asks).to.equal(true)
    const refusal = await world.app.people.directory
      .confirm(actor, rehearsal.id)
      .catch((error: unknown) => error)
    expect(refusal).to.include({ kind: 'conflict' })
    expect((await world.app.people.tenures(['clerk'])).get('clerk')?.terms[0]).to.not.have.property(
      'to',
    )
    await world.app.people.directory.confirm(actor, rehearsal.id, { allowEnding: true })
    expect((await world.app.people.tenures(['clerk'])).get('clerk')?.terms[0]?.to).to.equal(
      '2026-03-02',
    )
  })

  it('leaves a wrong field as it was and keeps its row', async () => {
    await bring(smallParliament)
    const people = smallParliament.people
      .replace('mair@parliament.example', 'mair at parliament')
      .replace('Mair Larkspur', 'Mair Larkspur-Jones')
    const terms = smallParliament.terms.replace(
      'clerk,staff,both,,team,Clerk,2025-11-03,',
      'clerk,staff,both,,team,Senior Clerk,2025-11-03,2026-02-30',
    )
    const { faults, counts } = await bring({ ...smallParliament, people, terms })
    expect(
      faults.map(({ file, line, column, say }) => [file, line, column, say.key]),
    ).to.deep.equal([
      ['people.csv', 2, 'email', 'directory.email'],
      ['terms.csv', 7, 'to', 'directory.date'],
    ])
    expect(counts).to.deep.equal({ added: 0, changed: 2, ended: 0, retracted: 0 })
    expect(await world.app.people.find('mair')).to.include({
      name: 'Mair Larkspur-Jones',
      email: 'mair@parliament.example',
    })
    expect((await world.app.people.tenures(['clerk'])).get('clerk')?.terms[0])
      .to.include({ title: 'Senior Clerk' })
      .and.not.have.property('to')
  })

  it('finishes what a crash interrupted', async () => {
    const { id } = await rehearse(smallParliament)
    const imports = world.app.database.connection.collection('directory_imports')
    await imports.updateOne(
      { _id: id as never },
      { $set: { state: 'confirmed', on: day('2026-03-02'), confirmedAt: world.clock.now() } },
    )
    await world.app.reconciler.settle()
    expect(await world.app.people.find('clerk')).to.include({ name: 'Omar Teasel' })
    expect((await rehearse(smallParliament)).unchanged).to.equal(17)
  })
})
