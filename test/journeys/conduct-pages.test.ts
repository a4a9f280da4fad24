import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { decisionForm } from '../support/outcomes.js'
import { smallParliament } from '../support/parliament.js'
import { startReceiver, type Receiver } from '../support/receiver.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const system = systemActor('test')

describe('the pages of conduct officers', () => {
  let world: World
  let receiver: Receiver
  let olive: Visitor
  let mair: Visitor

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    receiver = await startReceiver()
    await world.directory(smallParliament)
    const officer = (body: string) => ({ name: 'conduct-officer', body }) as const
    await world.account('olive@example.org', undefined, officer('commons-commissioner'))
    await world.account('pia@example.org', undefined, officer('independent-panel'))
    await world.account('paul@example.org', undefined, officer('independent-panel'))
    await world.account('cora@example.org', undefined, { name: 'coordinator' })
    await world.account('admin@example.org', undefined, { name: 'administrator' })
    await world.account('mair@parliament.example', 'mair')
    olive = await world.signedIn('olive@example.org')
    mair = await world.signedIn('mair@parliament.example')
  })
  after(async () => {
    await receiver.close()
    await world.close()
  })

  const seenOn = async (officer: Visitor, address: string, act: string) => {
    const page = await officer.get(address)
    const form = page.$(`form[action$="/${act}"]`)
    const hidden = (name: string) => form.find(`input[name="${name}"]`).attr('value')
    return { page, form, hidden }
  }

  describe('refuse what cannot be recorded: the field is named, and nothing is there', () => {
    const wrong: [what: string, given: Record<string, string>, field: string][] = [
      ['an unknown respondent', { respondent: 'nobody@parliament.example' }, 'respondent'],
      ['a person over whom the body has no power', { respondent: 'rowan' }, 'respondent'],
      ['a decision in the future', { decidedOn: '2026-03-03' }, 'decidedOn'],
      ['due before it was decided', { dueOn: '2026-02-28' }, 'dueOn'],
      [
        'a course that cannot be delivered so',
        { course: 'lords-seminar', delivery: 'online' },
        'delivery',
      ],
      ['no reference', { reference: ' ' }, 'reference'],
    ]
    for (const [what, given, field] of wrong) {
      it(what, async () => {
        await olive.get('/outcomes/new')
        const refused = await olive.send('/outcomes', { ...decisionForm, ...given })
        expect(refused.status).to.equal(400)
        const link = refused.$('.govuk-error-summary a').first().attr('href') ?? ''
        expect(link).to.equal(`#${field}`)
        expect(refused.$(`#${field}`).length, 'the link leads somewhere').to.equal(1)
        expect((await olive.get('/outcomes')).words).to.include('No outcomes')
        expect((await mair.get('/private')).$('main ul a').attr('href')).to.equal(undefined)
      })
    }

    it('what is recorded already', async () => {
      await olive.get('/outcomes/new')
      await olive.post('/outcomes', decisionForm)
      await olive.get('/outcomes/new')
      const twice = await olive.send('/outcomes', { ...decisionForm, reference: 'cc/2026/4 ' })
      expect(twice.status).to.equal(409)
      expect(twice.$('.govuk-error-summary a').attr('href')).to.equal('#reference')
      expect((await olive.get('/outcomes')).$('tbody tr').length).to.equal(1)
    })
  })

  it('say at once what could not be read, what the rules refuse and whom a name may mean', async () => {
    await olive.get('/outcomes/new')
    const several = { reference: '', respondent: 'Larkspur', decidedOn: '2026-03-03', event: ' ' }
    const refused = await olive.send('/outcomes', { ...decisionForm, ...several })
    expect(refused.status).to.equal(400)
    const told = refused.$('.govuk-error-summary__list a').toArray()
    expect(told.map((link) => refused.$(link).attr('href'))).to.have.members([
      '#reference',
      '#respondent',
      '#decidedOn',
    ])
    expect(refused.words).to.include('Mair Larkspur')
  })

  describe('do what officers need', () => {
    it('let an outcome count only when a second officer agrees', async () => {
      const pia = await world.signedIn('pia@example.org')
      const paul = await world.signedIn('paul@example.org')
      await pia.get('/outcomes/new')
      const made = await pia.post('/outcomes', { ...decisionForm, reference: 'IEP/1' })
      expect(made.words).to.include('waits for a second officer')
      expect(made.words).to.include('other than the one who recorded it')
      expect(made.$('form[action$="/second"]').length, 'nobody agrees with themselves').to.equal(0)
      const mine = async () => (await mair.get('/private')).words
      expect(await mine()).not.to.include('Independent Expert Panel')
      const address = (await paul.get('/outcomes')).$('tbody a').attr('href') ?? ''
      const { hidden } = await seenOn(paul, address, 'second')
      const second = { of: hidden('of') ?? '', seen: hidden('seen') ?? '' }
      await pia.get(address)
      expect((await pia.send(`${address}/second`, second)).status).to.equal(409)
      expect(await mine()).not.to.include('Independent Expert Panel')
      await paul.get(address)
      const agreed = await paul.post(`${address}/second`, second)
      expect(agreed.words).not.to.include('waits for a second officer')
      expect(await mine()).to.include('Independent Expert Panel')
      expect((await olive.get(address)).status, 'another body').to.equal(404)
    })

    it('show what could not be delivered, and send it again at a press', async () => {
      await olive.get('/outcomes/webhooks')
      const inside = await olive.send('/outcomes/webhooks', { url: 'https://192.168.1.1/' })
      expect(inside.status).to.equal(400)
      expect(inside.$('.govuk-error-summary a').attr('href')).to.equal('#url')
      receiver.answer = () => ({ status: 302, location: 'https://example.org/' })
      await olive.get('/outcomes/webhooks')
      expect((await olive.send('/outcomes/webhooks', { url: receiver.url })).status).to.equal(400)
      expect((await olive.get('/outcomes/webhooks')).words).to.include('No address has been given')
      receiver.answer = () => ({ status: 204 })
      const added = await olive.post('/outcomes/webhooks', { url: receiver.url })
      expect(added.words).to.match(/whsec_/)
      expect((await olive.get('/outcomes/webhooks')).words).not.to.include('whsec_')

      receiver.answer = () => ({ status: 500 })
      await olive.get('/outcomes/new')
      await olive.post('/outcomes', {
        ...decisionForm,
        reference: 'CC/2026/5',
        restriction: 'active',
      })
      for (const at of ['02T10', '02T20', '03T20', '04T20', '05T20']) {
        world.clock.set(`2026-03-${at}:00:00Z`)
        await world.app.sanctions.deliver()
      }
      olive = await world.signedIn('olive@example.org')
      const page = await olive.get('/outcomes/webhooks')
      expect(page.words).to.include('for three days').and.to.include('restriction.imposed')
      expect(page.words).to.include('Attempts: 5, the last on Thursday 5 March 2026 at 20:00')
      expect(page.words).to.include('The receiver had a fault and answered 500.')
      const again = page.$('form[action$="/again"]').first().attr('action') ?? ''
      const refused = receiver.received.length
      receiver.answer = () => ({ status: 204 })
      await olive.post(again, { body: 'commons-commissioner' })
      await world.app.sanctions.deliver()
      expect(receiver.received).to.have.length(refused + 1)
      expect(new Set(receiver.received.map(({ body }) => body)).size, 'the same bytes').to.equal(1)
      const after = await olive.get('/outcomes/webhooks')
      expect(after.words)
        .to.include('The receiver answered 204.')
        .and.not.to.include('for three days')
      const cora = await world.signedIn('cora@example.org')
      await cora.get('/')
      expect((await cora.send(again, { body: 'commons-commissioner' })).status).to.equal(404)
    })

    it('show the keys and the signed roots of their body, and change the key that seals', async () => {
      await world.app.sanctions.scanDueDates()
      const address = '/outcomes/keys'
      const page = await olive.get(address)
      expect(page.words).to.include('Thursday 5 March 2026')
      const sealing = () => world.app.sanctions.bodyKeys(officerOf('commons-commissioner'))
      const [first] = (await sealing()).sealing
      const form = { body: 'commons-commissioner', sure: 'yes' }
      const asked = await olive.get(page.$('a[href^="/outcomes/keys/change"]').attr('href') ?? '')
      expect(asked.words).to.include('It cannot be taken back').and.include('Nobody gets a mail')
      const unsure = await olive.send(`${address}/change`, { body: form.body })
      expect([unsure.status, (await sealing()).sealing.length]).to.deep.equal([400, 1])
      expect(unsure.$('#sure-fault').text()).to.include('Say that you have read what follows')
      const changed = await olive.post(`${address}/change`, form)
      expect(changed.words).to.include('A new key was begun')
      const twice = await olive.send(`${address}/change`, form)
      expect([twice.status, (await sealing()).sealing.length]).to.deep.equal([409, 2])
      for (const minute of ['01', '03', '05']) {
        world.clock.set(`2026-03-05T20:${minute}:00Z`)
        await world.app.sanctions.reconcile()
      }
      const done = await olive.get(address)
      expect(done.words).to.include('given up').and.not.to.include('A new key was begun')
      expect((await sealing()).sealing[0]).to.include({ id: first?.id, givenUp: true })
      expect((await olive.get('/outcomes')).words).to.include('CC/2026/4')
      const roots = await (await olive.fetch('/outcomes/roots.txt')).text()
      expect(roots).to.match(/^\S+\/commons-commissioner\n\d+\n/)
      expect(await (await olive.fetch('/outcomes/keys.json')).text()).to.include('publicKey')
      const list = await olive.fetch('/outcomes/status/revocation')
      expect(await list.text()).to.include('BitstringStatusList')
    })

    it('are nowhere for anybody else, whatever they ask for', async () => {
      const others = [
        mair,
        await world.signedIn('cora@example.org'),
        await world.signedIn('admin@example.org'),
      ]
      for (const visitor of others) {
        const nothing = await visitor.get('/nothing-here')
        for (const path of [
          '/outcomes',
          '/outcomes/keys',
          '/outcomes/keys/change',
          '/outcomes/keys.json',
          '/outcomes/roots.txt',
          '/outcomes/status/revocation',
          '/outcomes/webhooks',
        ]) {
          const asked = await visitor.get(path)
          expect([asked.status, asked.words], path).to.deep.equal([404, nothing.words])
        }
        const sent = await visitor.send('/outcomes/keys/change', {
          body: 'commons-commissioner',
          sure: 'yes',
        })
        expect(sent.status).to.equal(404)
      }
      const pia = await world.signedIn('pia@example.org')
      const other = await pia.get('/outcomes/keys?body=commons-commissioner')
      expect(other.status, 'an officer of another body').to.equal(404)
    })
  })

  const officerOf = (body: string) =>
    ({
      kind: 'person',
      account: system.kind,
      roles: [{ name: 'conduct-officer', body }],
    }) as const
})
