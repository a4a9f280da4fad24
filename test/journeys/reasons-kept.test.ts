import { expect } from 'chai'
import { unzipSync } from 'fflate'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import type { Completed } from '../../src/completions/completions.js'
import { smallParliament } from '../support/parliament.js'
import { createProgram, type Program } from '../support/program.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

/** What officers wrote, as it could stand somewhere: no part of it may reach anybody it is not for. */
const canary = 'canary-5f1c'
const notes = {
  correction: `${canary} after the complaint about Wrenford`,
  register: `${canary} the trainer says somebody else signed`,
  earlier: `${canary} written when there was one reason for everybody`,
}

const long = process.env['LONG'] === '1'

const completed = (person: string): Completed => ({
  person,
  course: 'behaviour-code-staff',
  version: { hash: 'a'.repeat(64), label: '2026.1' },
  delivery: 'online',
  on: day('2026-02-20'),
  evidence: { kind: 'attempt', id: `attempt-of-${person}` },
})

const register = [
  'course,date,start,end,venue,delivery,name,email,attendance,minutes',
  'behaviour-code,2026-02-24,10:00,11:30,Room 1,face-to-face,Mair Larkspur,,attended,',
  '',
].join('\n')

/** A file's bytes as text, and where it is a workbook or bundle, those of all it holds. */
function textOf(bytes: Uint8Array): string {
  const own = Buffer.from(bytes).toString('latin1')
  if (!own.startsWith('PK')) return own
  return own + Object.values(unzipSync(bytes)).map(textOf).join('\n')
}

describe('what an officer writes about a correction', function () {
  this.timeout(60_000)
  let world: World
  let officer: Visitor
  let stranger: Visitor
  let program: Program
  const serials: Record<'clerk' | 'ada' | 'mair', string> = { clerk: '', ada: '', mair: '' }
  const completions: Record<string, string> = {}
  let pdf: Uint8Array

  const serialOf = async (completion: string): Promise<string> =>
    (await world.app.certificates.ofCompletions([completion]))[0]?.serial ?? ''

  before(async () => {
    world = await createWorld()
    await world.directory(smallParliament)
    await world.account('desk@parliament.example', undefined, { name: 'decision-maker' })
    await world.account('rowan@parliament.example', 'rowan', { name: 'trainer' })
    await world.account('clerk@parliament.example', 'clerk')
    const looking = [{ name: 'coordinator' }, { name: 'auditor' }] as const
    await world.account('head@parliament.example', 'head', ...looking)
    officer = await world.signedIn('desk@parliament.example')
    stranger = world.visitor()
    program = await createProgram(world, ['completions', 'compliance'])
    await world.app.training.accreditations.grant(systemActor('test'), {
      person: 'rowan',
      name: 'sexual-violence',
      from: day('2026-01-01'),
    })
    for (const person of ['clerk', 'ada'] as const) {
      const [one] = await world.app.completions.recordMany(systemActor('test'), [completed(person)])
      completions[person] = one?.id ?? ''
      serials[person] = await serialOf(completions[person])
    }
    const clerk = await world.signedIn('clerk@parliament.example')
    const file = await clerk.fetch(`/certificates/${serials.clerk}.pdf`)
    pdf = new Uint8Array(await file.arrayBuffer())
  })
  after(() => world.close())

  it('is asked for beside what the public is told, and nothing typed is lost', async () => {
    const completion = completions['clerk'] ?? ''
    await officer.get('/decisions/people/clerk')
    const unsaid = await officer.send('/corrections', { completion, note: notes.correction })
    expect(unsaid.status).to.equal(400)
    expect(unsaid.$(`#why-${completion}-fault`).text()).to.include('Choose what whoever checks')
    expect(unsaid.$(`.govuk-error-summary a[href="#why-${completion}"]`)).to.have.length(1)
    expect(unsaid.$(`#why-${completion}[type="radio"]`)).to.have.length(1)
    expect(unsaid.$(`#note-${completion}`).text()).to.equal(notes.correction)
    const bare = await officer.send('/corrections', { completion, why: 'wrong-person', note: '  ' })
    expect(bare.$(`#note-${completion}-error`).text()).to.include('Write down what was wrong')
    expect(bare.$('input[value="wrong-person"]').attr('checked')).to.equal('checked')
    for (const why of ['register-corrected', notes.correction])
      expect(
        (await officer.send('/corrections', { completion, why, note: 'abc' })).status,
      ).to.equal(400)
    expect((await stranger.get(`/verify/${serials.clerk}`)).words).to.include('genuine and valid')

    const shown = await officer.post('/corrections', {
      completion,
      why: 'wrong-person',
      note: notes.correction,
    })
    expect(shown.words).to.include(notes.correction).and.include('for the wrong person')
    const page = await stranger.get(`/verify/${serials.clerk}`)
    expect(page.words).to.include('The completion was recorded for the wrong person.')
    stranger.cookies.set('language', 'cy')
    expect((await stranger.get(`/verify/${serials.clerk}`)).words).to.include(
      'Cofnodwyd y cwblhad ar gyfer y person anghywir.',
    )
    stranger.cookies.delete('language')
  })

  it('stays with a register that is undone; outside it is said only that it was corrected', async () => {
    const trainer = await world.signedIn('rowan@parliament.example')
    await trainer.get('/registers')
    let shown = await trainer.upload('/registers', 'file', { 'register.csv': register })
    const press = async (end: string, form: Record<string, string>) => {
      shown = await trainer.post(String(shown.$(`form[action$="/${end}"]`).attr('action')), form)
      for (;;) {
        const next = shown.$('[data-follow] a').attr('href')
        if (next === undefined) return
        shown = await trainer.get(next)
      }
    }
    await press('confirm', { which: 'all' })
    const [own] = (await world.app.completions.of(['mair'])).get('mair') ?? []
    serials.mair = await serialOf(own?.id ?? '')
    await press('undo', { reason: notes.register })
    expect(shown.words).to.include(notes.register)
    expect((await stranger.get(`/verify/${serials.mair}`)).words).to.include(
      'The register of attendance was corrected.',
    )
  })

  it('and what was written for everybody earlier is told as the general sentence', async () => {
    const { connection } = world.app.database
    const completion = completions['ada'] ?? ''
    await world.app.completions.annul(systemActor('test'), [completion], { why: 'withdrawn' })
    await connection
      .collection('certificates')
      .updateOne({ _id: serials.ada as never }, { $set: { 'revoked.reason': notes.earlier } })
    await connection
      .collection('completions')
      .updateOne(
        { _id: completion as never },
        { $set: { 'annulled.reason': notes.earlier }, $unset: { 'annulled.why': 1 } },
      )
    expect((await stranger.get(`/verify/${serials.ada}`)).words).to.include(
      'The completion that it stood for was withdrawn.',
    )
    expect((await officer.get('/decisions/people/ada')).words).to.include(notes.earlier)
  })

  it('reaches no page, file, call or mail of the public, the holder, a manager or a program', async () => {
    await world.app.audit.seal()
    const seen: string[] = []
    const leaks: string[] = []
    const look = (where: string, text: string) => {
      seen.push(where)
      if (text.includes(canary)) leaks.push(where)
    }
    const plain = world.app.web.pages.filter(
      ({ method, path }) => method === 'get' && !path.includes(':') && path !== '/sign-out',
    )
    // Under LONG every page there is; else, of those who have signed in, the ones that tell of records.
    const few = ['/certificates', '/compliance', '/compliance.csv', '/replies', '/training']
    const wanted = (path: string) => long || few.includes(path)
    const revoked = Object.values(serials)
    const certificate = (serial: string, base: string, ...endings: string[]) =>
      endings.map((ending) => `${base}/${serial}${ending}`)
    const ofTheirs = [
      ...certificate(serials.clerk, '/certificates', '', '.pdf', '.json', '.png', '/proof.json'),
      ...['clerk', 'ada', 'mair'].map((person) => `/compliance/people/${person}`),
    ]
    const ofAnybody = [
      ...revoked.flatMap((one) => certificate(one, '/verify', '', '.json', '/proof.json')),
      '/log/consistency.json?older=1&newer=2',
    ]
    for (const reader of ['', 'clerk', 'head']) {
      const visitor = reader
        ? await world.signedIn(`${reader}@parliament.example`)
        : world.visitor()
      const more = reader ? ofTheirs : ofAnybody
      const everywhere = plain.map((page) => page.path).filter((path) => !reader || wanted(path))
      for (const path of [...more, ...everywhere]) {
        const answer = await visitor.fetch(path)
        expect(answer.status, path).to.be.below(500)
        look(`${reader} ${path}`, textOf(new Uint8Array(await answer.arrayBuffer())))
      }
    }
    await stranger.get('/verify')
    const told = await stranger.upload('/verify', 'file', { 'certificate.pdf': pdf })
    expect(told.words).to.include('for the wrong person')
    look('upload', told.text)
    const calls = [
      '/completions',
      '/compliance',
      ...['clerk', 'ada', 'mair'].map((person) => `/people/${person}/standing`),
      ...revoked.map((serial) => `/certificates/${serial}`),
    ]
    for (const path of calls) {
      const answer = await program.get(path)
      expect(answer.status, path).to.equal(200)
      look(path, answer.text)
    }
    await world.app.notifications.deliver()
    look('mail', JSON.stringify(world.mail))
    expect(leaks, leaks.join('\n')).to.deep.equal([])
    expect(seen.length).to.be.above(60)
    const kept = await world.app.database.connection
      .collection('audit')
      .countDocuments({ 'particulars.note': notes.correction })
    expect(kept, 'the record has it').to.equal(1)
  })

  it('is told to a program as a name it can rely on, with the sentence in both languages', async () => {
    const { body } = await program.get(`/certificates/${serials.clerk}`)
    expect(body).to.deep.include({
      verdict: 'revoked',
      revoked: { on: '2026-03-02', reason: 'wrong-person' },
    })
    expect(JSON.stringify(body)).to.include('Cofnodwyd y cwblhad ar gyfer y person anghywir.')
    const page = await stranger.fetch(`/verify/${serials.clerk}.json`)
    expect(await page.json()).to.deep.equal(body)
    expect((await program.get('/certificates/GS-7K3M9QX-A2B4C6D-8EFGHJK')).status).to.equal(404)
  })
})
