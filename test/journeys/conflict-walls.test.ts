import { expect } from 'chai'
import { casesParliament } from '../support/parliament.js'
import { createProgram } from '../support/program.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

describe('conflict walls, over HTTP', () => {
  let world: World
  const roles = [{ name: 'conduct-officer', body: 'hr-decision-maker' }] as const
  const cases: [who: string, officer: string, respondent: string, open: boolean][] = [
    ['the respondent themselves', 'head', 'Nia Kestrelow', false],
    ['one of the respondent’s staff', 'clerk', 'Nia Kestrelow', false],
    ['the respondent’s manager', 'head', 'Omar Teasel', false],
    ['somebody who has declared an interest', 'zed', 'Nia Kestrelow', false],
    ['somebody who has declared an interest in another', 'zed', 'Omar Teasel', true],
    ['somebody with no tie', 'fay', 'Nia Kestrelow', true],
  ]
  const addresses = new Map<string, string>()

  const visitors = new Map<string, Promise<Visitor>>()
  /** Somebody who signs in once and stays. */
  function signedIn(email: string): Promise<Visitor> {
    const visitor = visitors.get(email) ?? world.signedIn(email)
    visitors.set(email, visitor)
    return visitor
  }

  before(async () => {
    world = await createWorld('2024-01-08T10:00:00Z')
    await world.directory(casesParliament)
    await world.account('hr-decision-maker@officers.example', undefined, ...roles)
    for (const person of ['head', 'clerk', 'zed', 'fay']) {
      await world.account(`${person}@walls.example`, person, ...roles)
    }
    const hr = await createProgram(world, ['outcomes'], 'hr-decision-maker')
    for (const respondent of ['head', 'clerk']) {
      const made = await hr.post('/outcomes', {
        reference: `HR-${respondent}`,
        respondent,
        decidedOn: '2024-01-08',
        sanctions: ['training'],
        training: { course: 'behaviour-code', delivery: ['online'], dueOn: '2024-03-08' },
      })
      expect(made.status, made.text).to.equal(201)
    }
    const clear = await signedIn('fay@walls.example')
    const list = await clear.get('/outcomes')
    for (const link of list.$('tbody a').toArray()) {
      addresses.set(list.$(link).text(), link.attribs['href'] ?? '')
    }
    const zed = await signedIn('zed@walls.example')
    const address = addresses.get('Nia Kestrelow') ?? ''
    await zed.get(address)
    await zed.post(`${address}/interest`, {})
  })
  after(() => world.close())

  for (const [who, person, respondent, open] of cases) {
    it(`${open ? 'let through' : 'stop'} ${who}`, async () => {
      const officer = await signedIn(`${person}@walls.example`)
      const address = addresses.get(respondent) ?? ''
      const list = await officer.get('/outcomes')
      expect(list.$('tbody').text().includes(respondent)).to.equal(open)
      const page = await officer.get(address)
      expect(page.status).to.equal(open ? 200 : 403)
      if (open) return
      expect(page.words).to.match(
        /Please turn to (Fay Fernley|Zed Yarrow|hr-decision-maker@officers)/,
      )
      const clear = await signedIn('fay@walls.example')
      const before = (await clear.get(address)).$('dl').text()
      const acts: [string, Record<string, string>][] = [
        ['withdraw', { on: '2024-01-08' }],
        ['extend', { dueOn: '2024-04-08' }],
        ['plan', {}],
        ['confirm', { understood: 'yes', on: '2024-01-08' }],
      ]
      for (const [act, given] of acts) {
        expect((await officer.send(`${address}/${act}`, given)).status, act).to.equal(403)
      }
      expect((await officer.send(`${address}/bundle`, {})).status).to.equal(403)
      expect((await clear.get(address)).$('dl').text()).to.equal(before)
    })
  }
})
