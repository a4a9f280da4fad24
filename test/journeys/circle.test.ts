import { expect } from 'chai'
import { createCircleWorld } from '../support/cast.js'
import { takeCourse } from '../support/course-taker.js'
import { decisionForm } from '../support/outcomes.js'
import type { Visitor } from '../support/visitor.js'
import type { World } from '../support/world.js'

const register = [
  'course,date,start,end,venue,delivery,name,attendance',
  'behaviour-code-staff,2026-02-24,10:00,12:30,Room 1,face-to-face,Tomos Wren,attended',
  'behaviour-code-staff,2026-02-24,10:00,12:30,Room 1,face-to-face,Omar Teasel,attended',
].join('\n')

describe('the circle: from what is owed to a certificate, its outcome and the list', () => {
  let world: World
  let officer: Visitor
  let member: Visitor
  let coordinator: Visitor
  let trainer: Visitor
  let serial: string

  before(async () => {
    world = await createCircleWorld()
    await world.account('cora@example.org', undefined, { name: 'coordinator' })
    officer = await world.signedIn('olive@example.org')
    member = await world.signedIn('mair@parliament.example')
    coordinator = await world.signedIn('cora@example.org')
    trainer = await world.signedIn('tess@parliament.example')
  })
  after(() => world.close())

  const listed = async (visitor: Visitor, name: string): Promise<string> => {
    const { $ } = await visitor.get(`/compliance?q=${encodeURIComponent(name)}`)
    return $('tbody tr').text().replaceAll(/\s+/g, ' ')
  }

  it('an officer records what the Commissioner decided', async () => {
    await officer.get('/outcomes/new')
    const made = await officer.post('/outcomes', decisionForm)
    expect(made.words).to.include('Training is due – by the end of Monday 1 June 2026')
  })

  it('the Member sees what they owe and why, and nothing of the outcome among it', async () => {
    const owed = await member.get('/training')
    expect(owed.words).to.include('The Behaviour Code: why it matters').and.to.include('Expected')
    expect(owed.words).not.to.include('CC/2026/4')
    expect((await member.get('/private')).words).to.include('Commons Commissioner')
  })

  it('works through the course and passes its assessment', async function () {
    this.timeout(60_000)
    const course = world.app.catalogue.courses.get('behaviour-code')!
    const end = await takeCourse(member, course)
    expect(end.words).to.include('Completed')
  })

  it('downloads a certificate whose serial anybody can check', async function () {
    this.timeout(60_000)
    await world.app.reconciler.settle()
    const { $ } = await member.get('/certificates')
    const pdf = $('main a[href$=".pdf"]').first().attr('href') ?? ''
    const file = await member.fetch(pdf)
    expect(file.headers.get('content-type')).to.equal('application/pdf')
    expect(
      Buffer.from(await file.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).to.equal('%PDF-')
    const [found] = await world.app.certificates.ofCompletions(
      ((await world.app.completions.of(['mair'])).get('mair') ?? []).map(({ id }) => id),
    )
    serial = found?.serial ?? ''
    const shown = await world.visitor().get(`/verify/${serial}`)
    expect(shown.words).to.include('Mair Larkspur').and.to.include('Valid')
  })

  it('discharges the outcome, and its conduct body sees the certificate', async () => {
    const list = await officer.get('/outcomes')
    const row = list.$('main tr').filter((_, one) => list.$(one).text().includes('CC/2026/4'))
    const outcome = await officer.get(row.find('a').attr('href') ?? '')
    expect(outcome.words).to.include('Satisfied')
    expect(outcome.words).to.include(serial)
  })

  it('changes the list that a coordinator sees', async () => {
    expect(await listed(coordinator, 'Larkspur')).to.include('Complete')
  })

  it('a register has the same consequences for everybody in it', async function () {
    this.timeout(60_000)
    expect(await listed(member, 'Wren')).not.to.include('Complete')
    expect(await listed(coordinator, 'Teasel')).not.to.include('Complete')
    await trainer.get('/registers')
    let shown = await trainer.upload('/registers', 'file', { 'register.csv': register })
    expect(shown.words).to.include('Nothing has been recorded yet')
    shown = await trainer.post(String(shown.$('form[action$="/confirm"]').attr('action')), {
      which: 'all',
    })
    for (let next = shown.$('[data-follow] a').attr('href'); next !== undefined;) {
      shown = await trainer.get(next)
      next = shown.$('[data-follow] a').attr('href')
    }
    await world.app.reconciler.settle()
    expect(await listed(member, 'Wren'), 'as their manager, the Member').to.include('Complete')
    expect(await listed(coordinator, 'Teasel')).to.include('Complete')
    const done = await world.app.completions.of(['tomos', 'clerk'])
    const ids = [...done.values()].flat().map(({ id }) => id)
    expect(await world.app.certificates.ofCompletions(ids)).to.have.length(2)
  })
})
