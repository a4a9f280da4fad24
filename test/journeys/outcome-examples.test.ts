import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import type { Delivery } from '../../src/courses/courses.js'
import { managersCsv, officesCsv, peopleCsv, termsCsv } from '../support/parliament.js'
import { programWith, type Program } from '../support/program.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const system = systemActor('test')

const parliament = {
  people: peopleCsv(
    'ann,Ann Ashworth,ann@parliament.example,en',
    'ben,Lord Brook,ben@parliament.example,en',
    'cyn,Lady Cairn,cyn@parliament.example,en',
    'dai,Dai Dwyer,dai@parliament.example,en',
    'tom,Tom Thirsk,tom@parliament.example,en',
    'head,Nia Kestrelow,nia@parliament.example,en',
    'clerk,Omar Teasel,omar@parliament.example,en',
    'zed,Zed Yarrow,zed@parliament.example,en',
    'fay,Fay Fernley,fay@parliament.example,en',
  ),
  offices: officesCsv(
    'dept,Department of Records,both,department,,',
    'far,Estates,both,department,,',
  ),
  terms: termsCsv(
    'ann,mp,commons,Lantern Party,,Wrenford,2015-05-08,',
    'dai,mp,commons,Lantern Party,,Fernham,2015-05-08,',
    'ben,peer,lords,Crossbench,,,2015-01-20,',
    'cyn,peer,lords,Crossbench,,,2015-01-20,',
    'tom,staff,both,,far,Trainer,2015-01-07,',
    'head,staff,both,,dept,Head,2015-01-07,',
    'clerk,staff,both,,dept,Clerk,2015-11-03,',
    'zed,staff,both,,far,Adviser,2015-01-07,',
    'fay,staff,both,,far,Adviser,2015-01-07,',
  ),
  managers: managersCsv('dept,head,2015-01-06,'),
}

describe('the examples that must hold (domain, section 5), over HTTP and the API', () => {
  let world: World
  const programs = new Map<string, Program>()

  before(async () => {
    world = await createWorld('2020-11-20T10:00:00Z')
    await world.directory(parliament)
    for (const body of ['lords-commissioner', 'independent-panel', 'hr-decision-maker']) {
      const request = {
        name: body,
        scopes: ['outcomes'] as const,
        body,
        expiresAt: new Date('2030-01-01'),
      }
      const { token } = await world.app.identity.createKey(system, request)
      programs.set(body, programWith(world, token))
      await world.account(`${body}@officers.example`, undefined, { name: 'conduct-officer', body })
    }
    const commissioner = { name: 'conduct-officer', body: 'commons-commissioner' } as const
    await world.account('commissioner@officers.example', undefined, commissioner)
    await world.account('cora@parliament.example', undefined, { name: 'coordinator' })
    await world.account('tom@parliament.example', 'tom')
    await world.account('ann@parliament.example', 'ann')
  })
  after(() => world.close())

  const on = (text: string) => world.clock.set(`${text}T10:00:00Z`)
  const attends = (person: string, date: string, course: string, delivery: Delivery) =>
    world.app.completions.recordMany(system, [
      {
        person,
        course,
        version: { label: '2020.1', hash: 'b'.repeat(64) },
        delivery,
        on: day(date),
        evidence: { kind: 'register', id: `${person}-${date}-${course}` },
      },
    ])
  function api(body: string) {
    const program = programs.get(body)
    if (!program) throw new RangeError(body)
    const json = async (answer: ReturnType<Program['get']>): Promise<Record<string, unknown>> => {
      const { status, text, body: given } = await answer
      expect(status, text).to.be.oneOf([200, 201])
      return given as Record<string, unknown>
    }
    return {
      record: (outcome: object) => json(program.post('/outcomes', outcome)),
      get: (reference: string) => json(program.get(`/outcomes/${reference}`)),
      act: (reference: string, act: string, given: object = {}) =>
        json(program.post(`/outcomes/${reference}/${act}`, given)),
    }
  }
  const visitors = new Map<string, Promise<Visitor>>()
  /** Somebody who signs in once and stays. */
  function signedIn(email: string): Promise<Visitor> {
    const visitor = visitors.get(email) ?? world.signedIn(email)
    visitors.set(email, visitor)
    return visitor
  }
  /** An officer's page of the outcome that concerns somebody. */
  async function officersPage(body: string, name: string) {
    const officer = await signedIn(`${body}@officers.example`)
    const list = await officer.get('/outcomes')
    const address = list.$(`tbody a:contains("${name}")`).attr('href') ?? ''
    return { officer, address, page: await officer.get(address) }
  }
  const standing = async (name: string, asAt: string) => {
    const coordinator = await signedIn('cora@parliament.example')
    const { $ } = await coordinator.get(`/compliance?q=${name}&asAt=${asAt}`)
    return $('tbody tr').first().text().replace(/\s+/g, ' ')
  }

  it('7. conditional suspension: begins', async () => {
    on('2020-12-07')
    await api('independent-panel').record({
      reference: 'IEP-7',
      respondent: 'ann',
      decidedOn: '2020-12-07',
      sanctions: [
        { kind: 'suspension', from: '2020-12-07', to: '2022-06-07', untilTrained: true },
        'training',
      ],
      training: { bespoke: true, delivery: ['face-to-face'], confirmationRequired: true },
    })
  })

  it('2. remedial: agreed by every party, counted from the next contribution, satisfied', async () => {
    on('2021-05-18')
    const lords = api('lords-commissioner')
    const recorded = await lords.record({
      reference: 'HL-2',
      respondent: 'ben',
      decidedOn: '2021-05-18',
      sanctions: ['training'],
      training: {
        course: 'lords-first-course',
        delivery: ['remote', 'face-to-face'],
        dueAfter: { event: 'next contribution', months: 1 },
      },
      agreementOf: ['party-1', 'party-2'],
    })
    expect(recorded['outstanding']).to.deep.equal(['party-1', 'party-2'])
    await lords.act('HL-2', 'agree', { party: 'party-1', on: '2021-05-18' })
    await lords.act('HL-2', 'agree', { party: 'party-2', on: '2021-05-18' })
    on('2021-06-08')
    const counted = await lords.act('HL-2', 'event', {
      event: 'next contribution',
      on: '2021-06-08',
    })
    expect(counted['training']).to.deep.include({ dueOn: '2021-07-08' })
    on('2021-07-01')
    await attends('ben', '2021-07-01', 'lords-first-course', 'remote')
    expect(await lords.get('HL-2')).to.deep.include({
      state: 'satisfied',
      satisfiedOn: '2021-07-01',
      late: false,
    })
    expect(await standing('Brook', '2021-04-01')).to.include('Due')
    expect(await standing('Brook', '2021-04-02')).to.include('Overdue')
    expect(await standing('Brook', '2021-06-30')).to.include('Overdue')
    expect(await standing('Brook', '2021-07-01')).to.include('Complete')
  })

  it('3. refuser: a restriction, active once the House agrees, lifted when the training is known', async () => {
    on('2021-07-08')
    const lords = api('lords-commissioner')
    const recorded = await lords.record({
      reference: 'HL-3',
      respondent: 'cyn',
      decidedOn: '2021-07-08',
      sanctions: ['service-withdrawal', 'training'],
      training: { course: 'lords-first-course', delivery: ['remote', 'face-to-face'] },
      restriction: { state: 'recommended' },
    })
    expect(recorded['restriction']).to.deep.equal({ state: 'recommended' })
    on('2021-07-20')
    const active = await lords.act('HL-3', 'activate-restriction', { from: '2021-07-20' })
    expect(active['restriction']).to.deep.equal({ state: 'active', from: '2021-07-20' })
    on('2021-10-13')
    expect((await lords.get('HL-3'))['restriction']).to.deep.include({ state: 'active' })
    on('2021-10-14')
    await attends('cyn', '2021-10-12', 'lords-first-course', 'face-to-face')
    expect(await lords.get('HL-3')).to.deep.include({
      state: 'satisfied',
      satisfiedOn: '2021-10-12',
      restriction: { state: 'lifted', from: '2021-07-20' },
    })
    const { page } = await officersPage('lords-commissioner', 'Lady Cairn')
    expect(page.words).to.include('lifted on Thursday 14 October 2021')
  })

  it('7. conditional suspension: no course ends it, bespoke training and confirmation do', async () => {
    on('2022-06-08')
    const panel = api('independent-panel')
    await attends('ann', '2022-06-08', 'behaviour-code', 'face-to-face')
    expect(await panel.get('IEP-7')).to.deep.include({
      state: 'imposed',
      suspension: { from: '2020-12-07' },
    })
    const { officer, address, page } = await officersPage('independent-panel', 'Ann Ashworth')
    const planned = await officer.post(`${address}/plan`, {
      seen: page.$('input[name="seen"]').attr('value') ?? '',
      trainer: 'tom',
      delivery: 'face-to-face',
      on: '2022-08-10',
      start: '10:00',
      end: '12:00',
      place: 'Room 4',
      aims: 'To understand what harassment is.',
      safetyNotes: 'Meet at the door.',
      readableUntil: '2022-08-31',
    })
    expect(planned.words).to.include('Wednesday 10 August 2022')
    on('2022-08-10')
    const trainer = await signedIn('tom@parliament.example')
    const session = (await trainer.get('/private')).$('main ul a').attr('href') ?? ''
    const briefing = await trainer.get(session)
    expect(briefing.words).to.include('Meet at the door').and.not.to.include('IEP-7')
    const signed = await trainer.post(`${session}/mark`, { attendance: 'attended' })
    expect(signed.words).to.include('Attended')
    const waiting = await panel.get('IEP-7')
    expect(waiting['state']).to.equal('awaiting-confirmation')
    expect(String(waiting['certificate'])).to.match(/^GS-/)
    const unknown = await world.visitor().get(`/verify/${String(waiting['certificate'])}`)
    const nobody = await world.visitor().get('/verify/GS-0000-0000-0000-0000-0000-0')
    expect(unknown.status).to.equal(nobody.status)
    on('2022-09-01')
    const confirmed = await panel.act('IEP-7', 'confirm', { on: '2022-09-01' })
    expect(confirmed).to.deep.include({
      state: 'satisfied',
      suspension: { from: '2020-12-07', until: '2022-09-01' },
    })
    const respondent = await signedIn('ann@parliament.example')
    const own = (await respondent.get('/private')).$('main ul a').attr('href') ?? ''
    const pdf = await respondent.fetch(`${own}/certificate`)
    expect(pdf.headers.get('content-type')).to.equal('application/pdf')
    const shared = await respondent.get(own).then(() => respondent.post(`${own}/share`, {}))
    const link = new URL(shared.$('.govuk-inset-text .gs-code').first().text())
    const given = await world.visitor().fetch(link.pathname)
    expect(Buffer.from(await given.arrayBuffer()).equals(Buffer.from(await pdf.arrayBuffer()))).to
      .be.true
    await respondent.post(`${own}/share`, { stop: 'yes' })
    expect((await world.visitor().get(link.pathname)).status).to.equal(404)
  })

  it('8. the Panel’s training: one confidential notice, then satisfied, late', async () => {
    on('2023-09-04')
    const panel = api('independent-panel')
    await panel.record({
      reference: 'IEP-8',
      respondent: 'dai',
      decidedOn: '2023-09-04',
      sanctions: ['training'],
      training: { course: 'behaviour-code', delivery: ['face-to-face'], dueOn: '2023-12-04' },
      noticeTo: 'commons-commissioner',
    })
    on('2023-12-05')
    world.mail.length = 0
    for (let n = 0; n < 2; n++) {
      await world.app.sanctions.scanDueDates()
      await world.app.sanctions.deliver()
    }
    const told = world.mail.filter(({ to }) => to === 'commissioner@example.org')
    expect(told).to.have.length(1)
    const commissioner = await signedIn('commissioner@officers.example')
    const notices = await commissioner.get('/outcomes/notices')
    expect(notices.words).to.include('Dai Dwyer').and.to.include('Monday 4 December 2023')
    on('2023-12-12')
    await attends('dai', '2023-12-12', 'behaviour-code', 'face-to-face')
    const end = await panel.get('IEP-8')
    expect(end).to.deep.include({ state: 'satisfied', satisfiedOn: '2023-12-12', late: true })
    expect(String(end['certificate'])).to.match(/^GS-/)
  })

  describe('conflict walls', () => {
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

    before(async () => {
      on('2024-01-08')
      for (const person of ['head', 'clerk', 'zed', 'fay']) {
        await world.account(`${person}@walls.example`, person, ...roles)
      }
      const hr = api('hr-decision-maker')
      for (const respondent of ['head', 'clerk']) {
        await hr.record({
          reference: `HR-${respondent}`,
          respondent,
          decidedOn: '2024-01-08',
          sanctions: ['training'],
          training: { course: 'behaviour-code', delivery: ['online'], dueOn: '2024-03-08' },
        })
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

  it('a stolen database shows no name, reference or text of any of these cases', async () => {
    const { db } = world.app.database.connection
    const names = (await db?.listCollections().toArray())?.map(({ name }) => name) ?? []
    let text = ''
    for (const name of names) {
      for (const one of (await db?.collection(name).find().toArray()) ?? []) {
        text += JSON.stringify(one, (_key, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
        )
      }
    }
    expect(text).to.include('Ann Ashworth')
    const secrets = [
      ...['IEP-7', 'IEP-8', 'HL-2', 'HL-3', 'HR-head', 'harassment is', 'Meet at the door'],
      ...['Room 4', 'next contribution', 'party-1', 'service-withdrawal'],
    ]
    for (const secret of secrets) {
      const at = text.indexOf(secret)
      expect(at, `${secret}: ${text.slice(Math.max(0, at - 60), at + 60)}`).to.equal(-1)
      // As base64 only what is long enough not to occur by chance; its end depends on what follows.
      const coded = Buffer.from(secret).toString('base64').slice(0, -4)
      if (secret.length > 9) expect(text.includes(coded), secret).to.equal(false)
    }
  })
})
