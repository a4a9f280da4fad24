import { expect } from 'chai'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

interface Refused {
  form: string
  at: string
  to?: string
  sends: Record<string, string>
  /** Field by field, in the order of the form. */
  says: readonly (readonly [field: string, en: RegExp])[]
}

// Each of these was once told in two goes: what could not be read first, and what the rules say of
// the rest only when that had been mended.
const refused: Refused[] = [
  {
    form: 'planning a training session',
    at: '/training-sessions/plan',
    sends: { course: 'behaviour-code', on: '', from: '', to: '', capacity: '0', every: 'no' },
    says: [
      ['delivery', /in a room|by video|how|given/i],
      ['on', /Give the date of the training session/],
      ['from', /Give the times as 10:00/],
      ['capacity', /from 1 to 1,000/],
      ['trainers', /Say who gives it/],
    ],
  },
  {
    form: 'planning a series',
    at: '/training-sessions/plan',
    sends: {
      course: 'behaviour-code',
      delivery: 'remote',
      on: '2026-04-01',
      from: '10:00',
      to: '12:00',
      capacity: '20',
      trainers: 'ada',
      every: 'week',
      times: '1',
    },
    says: [
      ['link', /beginning with https/],
      ['trainers', /accreditation/],
      ['times', /from two to/],
    ],
  },
  {
    form: 'a change of the programme',
    at: '/programme/new',
    to: '/programme',
    sends: { says: ' ', from: '', text: 'duties: none' },
    says: [
      ['says', /what the change is for/],
      ['from', /Give the day from which the change holds/],
      ['text', /duties/],
    ],
  },
  {
    form: 'an excusal without its days',
    at: '/decisions/new?person=clerk',
    to: '/decisions',
    sends: { person: 'clerk', duty: 'house-staff', kind: 'excusal', reason: ' ' },
    says: [
      ['from', /first day of the excusal/],
      ['to', /last day of the excusal/],
      ['reason', /Give the reason/],
    ],
  },
  {
    form: 'an extension to a day that is none',
    at: '/decisions/new?person=clerk',
    to: '/decisions',
    sends: { person: 'clerk', duty: 'nothing', kind: 'extension', until: '2026-02-30', reason: '' },
    says: [
      ['duty', /duty|requirement|asked/i],
      ['until', /Write the date as 2025-04-01/],
      ['reason', /Give the reason/],
    ],
  },
  {
    form: 'a claim',
    at: '/claims/new',
    to: '/claims',
    sends: { course: 'nonsense', on: '2026-04-01', says: '' },
    says: [
      ['course', /course/],
      ['delivery', /how|way|given/i],
      ['on', /2026/],
      ['says', /Say where you learnt it/],
    ],
  },
  {
    form: 'naming a delegate',
    at: '/delegates',
    sends: { email: 'nobody@parliament.example', from: '', to: '2026-03-01' },
    says: [
      ['email', /Nobody in the directory/],
      ['from', /first day on which they see in your stead/],
      ['to', /must not come before/],
    ],
  },
  {
    form: 'an accreditation',
    at: '/training-sessions/accreditations',
    sends: { person: 'ada', name: 'Sexual Violence', from: '', to: '' },
    says: [
      ['name', /small letters with dashes/],
      ['from', /first day of the accreditation/],
    ],
  },
  {
    form: 'asking when people could come',
    at: '/training-sessions/polls',
    sends: {
      course: 'behaviour-code',
      delivery: 'remote',
      'on-0': '',
      'from-0': '10:00',
      'to-0': '12:00',
      'on-2': '2026-02-01',
      'from-2': '10:00',
      'to-2': '12:00',
    },
    says: [
      ['on-0', /date that belongs to this time/],
      ['on-2', /Give a day that is to come/],
    ],
  },
  {
    form: 'preparing an edition of the register',
    at: '/register',
    to: '/register/prepare',
    sends: { asAt: '' },
    says: [['asAt', /at whose end the edition stands/]],
  },
]

describe('a form with several faults', () => {
  let world: World
  let visitor: Visitor
  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    const roles = (['coordinator', 'decision-maker', 'trainer'] as const).map((name) => ({ name }))
    await world.account('all@parliament.example', 'mair', ...roles)
    visitor = await world.signedIn('all@parliament.example')
  })
  after(() => world.close())

  for (const { form, at, to = at, sends, says } of refused) {
    it(`says all of them at once, each beside its field: ${form}`, async () => {
      const before = await visitor.get(at)
      expect(before.status).to.equal(200)
      const { $, status } = await visitor.post(to, sends)
      expect(status).to.equal(400)
      const told = $('.govuk-error-summary__list a')
        .toArray()
        .map((link) => [$(link).attr('href')?.slice(1), $(link).text()] as const)
      expect(told.map(([field]) => field)).to.deep.equal(says.map(([field]) => field))
      for (const [place, [field, en]] of says.entries()) {
        expect(told[place]?.[1]).to.match(en)
        expect($(`[id="${field}"]`), `somewhere for ${field} to lead to`).to.have.lengthOf(1)
        // What was typed is there still.
        const typed = sends[field]
        const input = $(`input[type=date][id="${field}"], input[type=text][id="${field}"]`)
        if (input.length > 0 && typed) expect(input.val()).to.equal(typed)
      }
      expect($('.govuk-error-message').length).to.equal(says.length)
    })
  }
})
