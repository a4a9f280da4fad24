import { expect } from 'chai'

import { eachWithPlane } from '../../support/sealed-database.js'
import {
  commissioner,
  decided,
  done,
  keyActor,
  panel,
  personActor,
  refusal,
} from '../../support/sealed-plane.js'

const which = { reference: 'IEP/2023/7' }
const key = keyActor(panel)

describe('what officers and their systems do', () => {
  const plane = eachWithPlane()

  it('records a reference once for each body', async () => {
    const { sanctions } = plane()
    await sanctions.impose(key, decided())
    const again = await refusal(sanctions.impose(key, decided({ reference: ' iep/2023/7' })))
    expect(again).to.include({ kind: 'conflict', key: 'recorded-already' })
    expect(again.fields).to.deep.equal(['reference'])
    await sanctions.impose(keyActor(commissioner), decided())
  })

  it('lets one of two officers win who record the same reference at once', async () => {
    const { sanctions, eve, fay } = plane()
    const results = await Promise.allSettled([
      sanctions.impose(eve, decided()),
      sanctions.impose(fay, decided()),
    ])
    expect(results.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected'])
  })

  it('lets one of two officers win who act at once; the other hears that there is a conflict', async () => {
    const { sanctions, eve, fay } = plane()
    await sanctions.impose(eve, decided())
    const acts = [
      sanctions.extend(eve, which, { dueOn: '2024-01-05' }),
      sanctions.withdraw(fay, which, {}),
      sanctions.stay(fay, which, {}),
    ]
    const results = await Promise.allSettled(acts)
    const refused = results.flatMap((r) =>
      r.status === 'rejected' ? [r.reason as { kind: string }] : [],
    )
    expect(refused.map(({ kind }) => kind)).to.deep.equal(['conflict', 'conflict'])
    expect((await sanctions.find(eve, which)).steps).to.have.length(2)
  })

  it('refuses an act on a version that somebody has changed since it was shown', async () => {
    const { sanctions, eve, fay } = plane()
    const shown = await sanctions.impose(eve, decided())
    await sanctions.extend(fay, which, { dueOn: '2024-01-05' })
    const late = await refusal(sanctions.withdraw(eve, which, {}, { seen: shown.revision }))
    expect(late).to.include({ kind: 'conflict' })
  })

  describe('a case-management system that repeats itself', () => {
    it('agrees, and tells of an event, any number of times', async () => {
      const { sanctions } = plane()
      await sanctions.impose(
        key,
        decided({
          agreementOf: ['party-1'],
          training: { dueOn: undefined, dueAfter: { event: 'e', months: 1 } },
        }),
      )
      for (let n = 0; n < 3; n += 1) {
        await sanctions.agree(key, which, { party: 'party-1', on: '2023-09-04' })
        await sanctions.event(key, which, { event: 'e', on: '2023-09-04' })
      }
      expect((await sanctions.find(key, which)).steps).to.have.length(3)
    })

    it('gets the same answer to the same request, byte for byte, and takes one step', async () => {
      const { sanctions } = plane()
      let taken = 0
      const asked = { key: 'k-1', path: '/outcomes', content: decided() }
      const send = (content = asked.content) =>
        sanctions.once(key, { ...asked, content }, async (request) => {
          taken += 1
          const { json, id } = await sanctions.impose(key, content, { request })
          return {
            reply: { status: 201, body: JSON.stringify({ ...json, at: taken }) },
            outcome: id,
          }
        })
      const first = await send()
      expect(await send()).to.deep.equal(first)
      expect(taken).to.equal(1)
      const altered = await refusal(send(decided({ reference: 'another' })))
      expect(altered).to.include({ kind: 'conflict', key: 'altered' })
      expect((await refusal(sanctions.find(key, { reference: 'another' }))).kind).to.equal(
        'not-found',
      )
    })

    it('takes the step once where the answer was lost', async () => {
      const { sanctions } = plane()
      await sanctions.impose(key, decided(), { request: 'r-1' })
      const { steps } = await sanctions.impose(key, decided(), { request: 'r-1' })
      expect(steps).to.have.length(1)
      await sanctions.stay(key, which, {}, { request: 'r-2' })
      await sanctions.stay(key, which, {}, { request: 'r-2' })
      expect((await sanctions.find(key, which)).steps).to.have.length(2)
    })
  })

  it('hears what the respondent asks, and answers', async () => {
    const { sanctions, eve, ann, mails } = plane()
    const { id } = await sanctions.impose(eve, decided())
    await sanctions.deliver()
    mails.length = 0
    await sanctions.writeTo(ann, id, 'ann@home.example')
    await sanctions.ask(ann, id, { about: 'extension', text: 'I am in hospital until November.' })
    const { outcomes } = await sanctions.list(eve)
    expect(outcomes[0]?.next).to.deep.equal({ what: 'answer' })
    const { state } = await sanctions.find(eve, which)
    await sanctions.answer(eve, which, { question: state.questions[0]!.id, text: 'Granted.' })
    await sanctions.deliver()
    expect(mails.map(({ to }) => to)).to.have.members([
      `${panel}@parliament.example`,
      'ann@home.example',
    ])
    expect((await sanctions.ownOutcomes(ann))[0]?.questions[0]).to.include({ answer: 'Granted.' })
    expect(await refusal(sanctions.writeTo(ann, id, 'nonsense'))).to.include({ key: 'address' })
    expect(
      (await refusal(sanctions.ask(personActor('mp-ben'), id, { about: 'fact', text: 'x' }))).kind,
    ).to.equal('not-found')
  })

  it('orders the quiet list by what is next', async () => {
    const { sanctions, clock } = plane()
    await sanctions.impose(key, decided({ reference: 'A', training: { dueOn: '2023-12-20' } }))
    await sanctions.impose(key, decided({ reference: 'B', training: { dueOn: '2023-10-20' } }))
    await sanctions.impose(
      key,
      decided({ reference: 'C', respondent: 'mp-ben', training: { confirmationRequired: true } }),
    )
    clock.set('2023-10-21T10:00:00Z')
    await sanctions.consider([done('2023-10-20', { person: 'mp-ben' })])
    const { outcomes } = await sanctions.list(key)
    expect(outcomes.map(({ reference, next }) => [reference, next.what])).to.deep.equal([
      ['B', 'overdue'],
      ['C', 'confirm'],
      ['A', 'due'],
    ])
  })
})

describe('a stolen database', () => {
  const plane = eachWithPlane()

  it('shows no name, reference or text of a case, no kind of thing, no body and no date', async () => {
    const { sanctions, eve, ann } = plane()
    const { id } = await sanctions.impose(
      eve,
      decided({ agreementOf: ['party-1'], noticeTo: commissioner }),
    )
    await sanctions.agree(eve, which, { party: 'party-1', on: '2023-09-04', reason: 'by letter' })
    await sanctions.ask(ann, id, { about: 'fact', text: 'I was in Leeds.' })
    await sanctions.registerWebhook(eve, { url: 'http://127.0.0.1:9/' })
    await sanctions.once(key, { key: 'k', path: '/p', content: {} }, () =>
      Promise.resolve({ reply: { status: 200, body: 'reply text' }, outcome: id }),
    )
    plane().clock.set('2023-12-05T10:00:00Z')
    await sanctions.scanDueDates()
    await sanctions.deliver()
    const stolen = await plane.dump()
    expect(stolen.length).to.be.greaterThan(10)
    const text = stolen
      .map((document) =>
        Object.values(document)
          .map((value) =>
            typeof value === 'object' && value !== null && 'buffer' in value
              ? Buffer.from(value.buffer as Uint8Array).toString('latin1')
              : JSON.stringify(value),
          )
          .join(' '),
      )
      .join('\n')
    const secrets = [
      'mp-ann',
      'ashworth',
      'iep/2023',
      'party',
      'letter',
      'leeds',
      'behaviour',
      'commissioner',
      'panel',
      '2023-',
      'reply',
      'imposed',
      'outcome',
      'entry',
      'whsec',
    ]
    for (const secret of secrets) expect(text.toLowerCase(), secret).to.not.contain(secret)
    const shapes = new Set(
      stolen.map((document) =>
        Object.keys(document)
          .filter((k) => k !== 'w')
          .sort()
          .join(),
      ),
    )
    expect([...shapes]).to.deep.equal(['_id,d,k,t,u,v'])
    for (const { t, d } of stolen) {
      expect((t as unknown[]).length % 2).to.equal(0)
      const { length } = Buffer.from((d as { buffer: Uint8Array }).buffer)
      expect(Math.log2(length - 29) % 1, `${length}`).to.equal(0)
    }
  })
})
