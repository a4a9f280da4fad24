import { expect } from 'chai'
import { zipSync } from 'fflate'
import { smallParliament } from '../support/parliament.js'
import { createProgram, programWith, type Program } from '../support/program.js'
import { createWorld, type World } from '../support/world.js'

const files = Object.fromEntries(
  Object.entries(smallParliament).map(([file, text]) => [`${file}.csv`, Buffer.from(text)]),
)

function directory(bytes: Uint8Array<ArrayBuffer> = new Uint8Array(zipSync(files))): FormData {
  const form = new FormData()
  form.append('file', new Blob([bytes]), 'directory.zip')
  return form
}

describe('the API', () => {
  let world: World
  let importer: Program
  let reader: Program

  before(async () => {
    world = await createWorld()
    importer = await createProgram(world, ['directory'])
    reader = await createProgram(world, ['completions'])
  })
  after(() => world.close())

  it('describes itself to anybody', async () => {
    const response = await fetch(`${world.address}/api/v1/openapi.json`)
    const description = (await response.json()) as { openapi: string; paths: object }
    expect(description.openapi).to.equal('3.1.0')
    const described = Object.keys(description.paths)
    const declared = new Set(
      world.app.web.calls.map(({ path }) => path.replaceAll(/:(\w+)/g, '{$1}')),
    )
    expect(described).to.have.members([...declared])
  })

  for (const [who, token] of [
    ['nobody', ''],
    ['a wrong key', 'gs_wrong'],
    ['a key with an operator in it', '{"$ne":null}'],
  ] as const) {
    it(`refuses ${who} with a problem document`, async () => {
      const answer = await programWith(world, token).get('/completions')
      expect(answer.status).to.equal(401)
      expect(answer.headers.get('content-type')).to.match(/^application\/problem\+json/)
      expect(answer.problem.detail).to.include('Authorization')
    })
  }

  it('refuses a key of another scope, naming the one that is needed', async () => {
    const answer = await importer.get('/completions')
    expect(answer.status).to.equal(403)
    expect(answer.problem.detail).to.include('completions')
  })

  it('speaks Welsh to whoever asks for it', async () => {
    const answer = await importer.get('/completions', { 'accept-language': 'cy' })
    expect(answer.headers.get('content-language')).to.equal('cy')
    expect(answer.problem.detail).to.include('cwmpas')
  })

  it('rehearses a directory, then imports it, and a third time changes nothing', async () => {
    const rehearsed = await importer.post('/directory', directory())
    expect(rehearsed.body).to.deep.include({ confirmed: false, faults: [] })
    expect(await world.app.people.everybody()).to.have.length(0)
    const done = await importer.post('/directory?dryRun=false', directory())
    expect(done.body).to.deep.include({ confirmed: true })
    expect(await world.app.people.everybody()).to.not.have.length(0)
    const again = await importer.post('/directory?dryRun=false', directory())
    expect(again.body).to.deep.include({
      counts: { added: 0, changed: 0, ended: 0, retracted: 0 },
    })
  })

  it('answers a repeated request as it did first, and refuses another under its name', async () => {
    const headers = { 'idempotency-key': 'the nightly import' }
    // An archive says when it was packed: packed again a moment later it is another.
    const archive = new Uint8Array(zipSync(files))
    const first = await importer.post('/directory', directory(archive), headers)
    const second = await importer.post('/directory', directory(archive), headers)
    expect(second.text).to.equal(first.text)
    const other = directory(
      new Uint8Array(zipSync({ ...files, 'absences.csv': Buffer.from('person,kind,from,to\n') })),
    )
    const altered = await importer.post('/directory', other, headers)
    expect(altered.status).to.equal(409)
    expect(altered.problem.detail).to.include('Nothing has been changed')
  })

  it('names the file that it cannot use', async () => {
    const form = new FormData()
    form.append('file', new Blob(['x']), 'notes.txt')
    const answer = await importer.post('/directory', form)
    expect(answer.status).to.equal(400)
    expect(answer.problem.detail).to.include('notes.txt')
  })

  it('answers fifty megabytes with 413', async () => {
    const answer = await importer.post('/directory', directory(new Uint8Array(50_000_000)))
    expect(answer.status).to.equal(413)
    expect(answer.headers.get('content-type')).to.match(/^application\/problem\+json/)
  })

  it('takes no operator in a query for more than a word', async () => {
    const answer = await reader.get('/completions?since[$gt]=2020-01-01')
    expect(answer.status).to.equal(200)
    const other = await reader.get('/completions?since=%7B%22$gt%22:1%7D')
    expect(other.status).to.equal(400)
    expect(other.problem.detail).to.include('since')
  })

  it('answers an unknown address with a problem document', async () => {
    const answer = await reader.get('/nothing')
    expect(answer.status).to.equal(404)
    expect(answer.problem.type).to.equal('urn:good-standing:problem:not-found')
  })

  it('gives completions in the order of recording, from where a reader stopped', async () => {
    const [person] = await world.app.people.everybody()
    const days = ['2026-01-05', '2026-01-06', '2026-01-07']
    for (const [at, on] of days.entries()) {
      await world.app.completions.recordMany({ kind: 'system', part: 'test' }, [
        {
          person: person?.id ?? '',
          course: 'behaviour-code',
          version: { hash: 'h', label: '2026.1' },
          delivery: 'face-to-face',
          on: on as never,
          evidence: { kind: 'prior-learning', id: `evidence ${at}` },
        },
      ])
    }
    const first = await reader.get('/completions?since=2026-03-01')
    const { completions, next } = first.body as { completions: { on: string }[]; next: string }
    expect(completions.map(({ on }) => on)).to.have.members(days)
    const rest = await reader.get(`/completions?since=${next}`)
    expect(rest.body).to.deep.include({ completions: [], next, more: false })
  })
})
