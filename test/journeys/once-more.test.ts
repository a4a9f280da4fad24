import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { smallParliament } from '../support/parliament.js'
import type { Answered, Visitor } from '../support/visitor.js'
import { createWorld, password, type World } from '../support/world.js'

const files = Object.fromEntries(
  Object.entries(smallParliament).map(([file, text]) => [`${file}.csv`, text]),
)
const register = [
  'course,date,start,end,venue,delivery,name,email,attendance,minutes',
  'behaviour-code,2026-02-24,10:00,11:30,Room 1,face-to-face,Mair Larkspur,,attended,',
  'behaviour-code,2026-02-24,10:00,11:30,Room 1,face-to-face,Lord Rowan,,attended,',
  '',
].join('\n')

const actionOf = (page: Answered, end: string): string =>
  String(page.$(`form[action$="/${end}"]`).attr('action'))

describe('sent once more', () => {
  let world: World
  let keeper: Visitor

  before(async () => {
    world = await createWorld()
    await world.account('keeper@parliament.example', undefined, { name: 'coordinator' })
    keeper = await world.signedIn('keeper@parliament.example')
  })
  after(() => world.close())

  /** The same form twice in one moment, as a double click sends it. */
  const twice = (who: Visitor, path: string, form: Record<string, string> = {}) =>
    Promise.all([who.send(path, form), who.send(path, form)])

  it('a directory is brought in once, and both clicks lead to what was done', async () => {
    await keeper.get('/directory')
    const shown = await keeper.upload('/directory', 'file', files)
    const confirm = actionOf(shown, 'confirm')
    const both = await twice(keeper, confirm)
    const there = confirm.replace('/confirm', '')
    expect(both.map(({ status, location }) => [status, location])).to.deep.equal([
      [303, there],
      [303, there],
    ])
    // And once more from a page that the back button brought.
    const late = await keeper.post(confirm, {})
    expect(late.words).to.include('17 rows were added')
    expect((await world.app.people.byId(['mair', 'tomos', 'clerk'])).size).to.equal(3)
  })

  it('a register is recorded once', async () => {
    await world.account('head@parliament.example', 'head', { name: 'trainer' })
    await world.app.training.accreditations.grant(systemActor('test'), {
      person: 'head',
      name: 'sexual-violence',
      from: day('2026-01-01'),
    })
    const trainer = await world.signedIn('head@parliament.example')
    await trainer.get('/registers')
    const shown = await trainer.upload('/registers', 'file', { 'register.csv': register })
    const both = await twice(trainer, actionOf(shown, 'confirm'), { which: 'all' })
    for (const { status, words } of both) expect(status, words).to.be.oneOf([200, 303, 409])
    const home = shown.$('form[action$="/confirm"]').attr('action')?.replace('/confirm', '') ?? ''
    let page = await trainer.get(home)
    while (page.$('[data-follow]').length > 0) page = await trainer.get(home)
    expect(page.words).to.include('2 rows have been recorded.')
    const done = await world.app.completions.of(['mair', 'rowan'])
    expect([...done.values()].map((of) => of.length)).to.deep.equal([1, 1])
  })

  it('a sign-in form from before signing in changes nothing, and says what to do', async () => {
    const form = { email: 'keeper@parliament.example', password }
    const other = world.visitor()
    await other.get('/sign-in')
    const { token } = other
    expect((await other.post('/sign-in', form)).status).to.equal(200)
    other.token = token
    const again = await other.send('/sign-in', form)
    expect(again.words).to.include('This form has expired').and.to.include('load the page again')
    expect((await other.get('/compliance')).status).to.equal(200)
  })
})
