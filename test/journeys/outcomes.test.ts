import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { unzipSync, zipSync } from 'fflate'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import type { Delivery } from '../../src/courses/courses.js'
import { createConductWorld } from '../support/cast.js'
import { decisionForm } from '../support/outcomes.js'
import type { Visitor } from '../support/visitor.js'
import type { World } from '../support/world.js'

describe('an outcome that requires training', () => {
  let world: World
  let officer: Visitor
  let respondent: Visitor

  before(async () => {
    world = await createConductWorld()
    await world.account('tomos@parliament.example', 'tomos')
    officer = await world.signedIn('olive@example.org')
    respondent = await world.signedIn('mair@parliament.example')
  })
  after(() => world.close())

  const complete = (on: string, delivery: Delivery = 'online') =>
    world.app.completions.recordMany(systemActor('test'), [
      {
        person: 'mair',
        course: 'behaviour-code',
        version: { label: '2026.1', hash: 'b'.repeat(64) },
        delivery,
        on: day(on),
        evidence: { kind: 'attempt', id: `attempt-${on}` },
      },
    ])

  it('is recorded on a form, and every fault is named beside its field', async () => {
    await officer.get('/outcomes/new')
    const wrong = { ...decisionForm, decidedOn: '2026-04-01', dueOn: '2026-01-01' }
    const refused = await officer.send('/outcomes', wrong)
    expect(refused.status).to.equal(400)
    expect(refused.$('.govuk-error-summary a[href="#decidedOn"]').text()).to.include('not come yet')
    expect(refused.$('#decidedOn-fault').text()).to.include('not come yet')
    expect(refused.$('#reference').attr('value')).to.equal('CC/2026/4')
    const made = await officer.post('/outcomes', decisionForm)
    expect(made.words).to.include('Mair Larkspur').and.to.include('CC/2026/4')
    expect(made.words).to.include('Training is due – by the end of Monday 1 June 2026')
  })

  it('shows to the person it concerns what is required, by when, and who sees it', async () => {
    await world.app.reconciler.settle()
    expect(world.mail.map(({ to }) => to)).to.deep.equal(['mair@parliament.example'])
    expect(JSON.stringify(world.mail)).not.to.match(/CC\/2026|Commissioner|outcome|training/i)
    const list = await respondent.get('/private')
    const address = list.$('main ul a').attr('href') ?? ''
    const own = await respondent.get(address)
    expect(own.words).to.include('Training is required of you')
    expect(own.words).to.include('By the end of Monday 1 June 2026')
    expect(own.words).to.include('Not your manager')
    const asked = await respondent.post(`${address}/ask`, { about: 'extension', text: 'A week' })
    expect(asked.words).to.include('You have not been answered yet')
    const unasked = await respondent.send(`${address}/ask`, { about: 'fact', text: ' ' })
    expect(unasked.status).to.equal(400)
  })

  it('is nowhere for anybody else', async () => {
    const staff = await world.signedIn('tomos@parliament.example')
    const list = await respondent.get('/private')
    const address = list.$('main ul a').attr('href') ?? ''
    for (const path of ['/outcomes', '/outcomes/new', address]) {
      const asked = await staff.get(path)
      expect(asked.status, path).to.equal(404)
      expect(asked.words).to.equal((await staff.get('/nothing-here')).words)
    }
  })

  it('is answered and extended by the officer, who says why', async () => {
    const list = await officer.get('/outcomes')
    expect(list.words).to.include('A question waits for an answer')
    const address = list.$('tbody a').attr('href') ?? ''
    const page = await officer.get(address)
    const form = page.$('form[action$="/answer"]')
    const hidden = (name: string) => form.find(`input[name="${name}"]`).attr('value') ?? ''
    const answer = {
      form: hidden('form'),
      seen: hidden('seen'),
      question: hidden('question'),
      text: 'Granted',
    }
    const answered = await officer.post(`${address}/answer`, answer)
    expect(answered.words).to.include('Granted')
    const old = await officer.send(`${address}/extend`, { seen: answer.seen, dueOn: '2026-06-08' })
    expect(old.status, 'on an older version').to.equal(409)
    const seen = answered.$('input[name="seen"]').attr('value') ?? ''
    const earlier = await officer.send(`${address}/extend`, {
      form: 'extend',
      seen,
      dueOn: '2026-05-01',
    })
    expect(earlier.$('#extend-dueOn-fault').text()).to.include('not later')
    const extended = await officer.post(`${address}/extend`, {
      seen,
      dueOn: '2026-06-08',
      reason: 'Asked for in time',
    })
    expect(extended.words).to.include('Monday 8 June 2026').and.to.include('Asked for in time')
  })

  it('is discharged by an ordinary completion, and bears its certificate', async () => {
    world.clock.set('2026-05-04T10:00:00Z')
    const account = await world.app.identity.findAccount('mair@parliament.example')
    const mair = await world.app.identity.actor(account?.id ?? '')
    if (mair) await world.app.learning.begin(mair, 'behaviour-code', 0)
    expect((await officer.get('/outcomes')).words).to.include('In training')
    await complete('2026-05-04')
    const list = await officer.get('/outcomes')
    expect(list.words).to.include('Satisfied')
    const page = await officer.get(list.$('tbody a').attr('href') ?? '')
    const serial = page.$('a[href^="/verify/"]').text()
    expect(serial).to.match(/^GS-/)
    const own = await respondent.get(
      (await respondent.get('/private')).$('main ul a').attr('href') ?? '',
    )
    expect(own.words).to.include('Nothing more is asked of you').and.to.include(serial)
  })

  it('is gathered for a hearing in one file, which anybody can check and nobody can change', async () => {
    const list = await officer.get('/outcomes')
    const address = list.$('tbody a').attr('href') ?? ''
    const form = await officer.get(`${address}/bundle`)
    const [left = ''] = form
      .$('input[type="checkbox"]')
      .toArray()
      .filter((box) =>
        form
          .$(`label[for="${box.attribs['id'] ?? ''}"]`)
          .text()
          .startsWith('Question'),
      )
      .map((box) => box.attribs['name'] ?? '')
    const body = new URLSearchParams({ _csrf: officer.token, why: 'Names a third person' })
    body.set(left, 'yes')
    const answer = await officer.fetch(`${address}/bundle`, { method: 'POST', body })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const files = unzipSync(bytes)
    const text = new TextDecoder().decode(files['hearing.json'])
    expect(text).to.include('Asked for in time').and.to.include('"version"')
    expect(text).to.include('Names a third person').and.not.to.include('A week')
    const anybody = world.visitor()
    await anybody.get('/verify/hearing')
    const check = (sent: Uint8Array) => anybody.upload('/verify/hearing', 'file', { 'b.zip': sent })
    const good = await check(bytes)
    expect(good.words).to.include('Nothing in this bundle has been changed')
    const altered = {
      ...files,
      'hearing.json': new TextEncoder().encode(text.replace('Asked', 'asked')),
    }
    expect((await check(zipSync(altered))).words).to.include('hearing.json has been changed')
    // Whoever mends the sums as well cannot mend what the log committed to.
    const sum = createHash('sha256').update(altered['hearing.json']).digest('hex')
    const manifest = new TextEncoder().encode(JSON.stringify({ 'hearing.json': sum }))
    const mended = await check(zipSync({ ...altered, 'manifest.json': manifest }))
    expect(mended.words).to.include('does not say what the log committed to')
    const everywhere = new TextEncoder().encode(text.replaceAll('Asked for in time', 'Late'))
    const total = createHash('sha256').update(everywhere).digest('hex')
    const sums = new TextEncoder().encode(JSON.stringify({ 'hearing.json': total }))
    const forged = zipSync({ 'hearing.json': everywhere, 'manifest.json': sums })
    expect((await check(forged)).words).to.match(/entry at place \d+ does not say/)
    expect((await check(new Uint8Array([1, 2, 3]))).words).to.include(
      'This is not a hearing bundle',
    )
    await anybody.get('/verify/hearing')
    expect((await anybody.send('/verify/hearing', {})).status).to.equal(400)
  })

  it('is destroyed on its day, and leaves nothing to be seen', async () => {
    world.clock.set('2032-05-05T10:00:00Z')
    officer = await world.signedIn('olive@example.org')
    const list = await officer.get('/outcomes')
    const address = list.$('tbody a').attr('href') ?? ''
    await officer.get(address)
    const gone = await officer.post(`${address}/expunge`, {})
    expect(gone.words).to.include('No outcomes')
    expect((await officer.get(address)).status).to.equal(404)
  })
})
