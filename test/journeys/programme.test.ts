import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const text = readFileSync(new URL('../../courses/programme.yaml', import.meta.url), 'utf8')
// House staff get one month instead of two from 1 April: Omar, who began on 3 November and has done
// nothing, is overdue either way; somebody who begins later has less time.
const shorter = (programme: string): string => {
  const [before = '', rule = ''] = programme.split('      - id: A1')
  const changed = rule
    .replace('there: { by: 2024-06-28 }', 'there: { by: 2026-03-31 }')
    .replace(
      /expect:[\s\S]*$/,
      'expect:\n              - { on: 2025-06-01, standing: not-required }\n',
    )
  return `${before}      - id: A1${changed}`
}

describe('a change to the programme', () => {
  let world: World
  let first: Visitor
  let second: Visitor

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    await world.account('first@parliament.example', undefined, { name: 'coordinator' })
    await world.account('second@parliament.example', undefined, { name: 'decision-maker' })
    first = await world.signedIn('first@parliament.example')
    second = await world.signedIn('second@parliament.example')
  })
  after(() => world.close())

  const standingOf = async (visitor: Visitor, name: string): Promise<string> => {
    const { $ } = await visitor.get(`/compliance?q=${name}`)
    return $('tbody tr').first().text().replace(/\s+/g, ' ')
  }

  it('says by line what is wrong with it, and keeps what was written', async () => {
    await first.get('/programme/new')
    const wrong = text.replace('kind: mp', 'kind: minister').replace('months: 3', 'months: many')
    const form = { text: wrong, from: '2026-04-01', says: 'One month' }
    const answer = await first.post('/programme', form)
    expect(answer.status).to.equal(400)
    expect(answer.words).to.include('There is a problem').and.to.include('mp, peer, staff')
    expect(answer.$('.govuk-error-summary a').first().text()).to.match(/^Line \d+: /)
    expect(answer.$('.govuk-error-summary a').attr('href')).to.equal('#text')
    expect(answer.$('textarea').text()).to.include('kind: minister')
  })

  it('refuses a day that has come', async () => {
    await first.get('/programme/new')
    const answer = await first.post('/programme', { text, from: '2026-03-02', says: 'Late' })
    expect(answer.words).to.include('Choose a day after today')
  })

  it('shows by name whom it touches, needs two people, and holds from its day', async () => {
    await first.get('/programme/new')
    const form = { text: shorter(text), from: '2026-04-01', says: 'One date for all House staff' }
    await first.post('/programme', form)
    await world.app.reconciler.settle()
    const [proposal] = await world.app.programmes.proposals()
    const address = `/programme/${proposal?.id ?? ''}`
    const shown = await first.get(address)
    expect(shown.words).to.include('This changes one person').and.to.include('Nia Kestrelow')
    expect(shown.words).to.include('Due later 1')
    expect(shown.words, 'an account that is nobody’s').to.include('first@parliament.example')

    const approved = await first.post(`${address}/approve`, {})
    expect(approved.words).to.include('waiting for two approvals')
    const again = await first.send(`${address}/approve`, {})
    expect(again.status).to.equal(409)
    await second.get(address)
    expect((await second.post(`${address}/approve`, {})).words).to.include(
      'adopted, not yet in force',
    )

    expect(await standingOf(first, 'nia')).to.include('28 June 2024')
    world.clock.set('2026-04-01T09:00:00Z')
    expect(await standingOf(first, 'nia')).to.include('31 March 2026')
    const before = await first.get('/compliance?q=nia&asAt=2026-03-31')
    expect(before.words).to.include('28 June 2024')
  })

  it('can be withdrawn before its day, and then never held', async () => {
    await first.get('/programme/new')
    await first.post('/programme', { text, from: '2026-05-01', says: 'Back to what was' })
    const [proposal] = await world.app.programmes.proposals()
    const address = `/programme/${proposal?.id ?? ''}`
    await world.app.reconciler.settle()
    await first.get(address)
    await first.post(`${address}/approve`, {})
    await second.get(address)
    await second.post(`${address}/approve`, {})
    expect((await second.post(`${address}/withdraw`, {})).words).to.include('withdrawn')
    world.clock.set('2026-05-02T09:00:00Z')
    expect(await standingOf(first, 'nia')).to.include('31 March 2026')
  })

  it('leaves nobody out in silence', async () => {
    const { words } = await first.get('/programme/exceptions')
    expect(words).to.include('Who needs a second look').and.to.include('Nobody does')
  })
})
