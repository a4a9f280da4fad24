import { expect } from 'chai'
import { smallParliament } from '../support/parliament.js'
import { createProgram, type Program } from '../support/program.js'
import { createWorld, type World } from '../support/world.js'

describe('standing for programs', () => {
  let world: World
  let program: Program

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    program = await createProgram(world, ['compliance'])
  })
  after(() => world.close())

  it('answers a person, their standing on a date and the sentence that people see', async () => {
    const person = (await program.get('/people/tomos')).body as { terms: object[] }
    expect(person).to.include({ id: 'tomos', name: 'Tomos Wren', language: 'cy' })
    expect(person.terms[0]).to.include({ kind: 'staff', office: 'o-mair', from: '2026-01-05' })
    expect((await program.get('/people/tomos/standing')).body).to.deep.equal([
      {
        person: 'tomos',
        course: 'behaviour-code-staff',
        rule: 'C2',
        standing: 'due',
        due: '2026-03-05',
        progress: 'not-started',
        reason:
          'Under the rule for the staff of Members of the House of Commons, “The Behaviour Code: why it matters (staff)” is due by the end of Thursday 5 March 2026.',
      },
    ])
    expect((await program.get('/people/tomos/standing?asAt=2026-01-04')).status).to.equal(404)
    expect((await program.get('/people/nobody/standing')).status).to.equal(404)
  })

  it('pages through a list with its counts and their denominator', async () => {
    const { body } = await program.get('/compliance?size=2&page=2&sort=name')
    const list = body as { total: number; people: number; lines: { name: string }[] }
    expect(list).to.include({ asAt: '2026-03-02', total: 6, people: 6, page: 2, size: 2 })
    expect(list.lines.map(({ name }) => name)).to.deep.equal(['Mair Larkspur', 'Nia Kestrelow'])
    expect(body).to.have.property('counted').that.includes('6 people are counted here')
  })

  for (const wrong of [
    'size=1000000',
    'page=-1',
    'asAt=2099-01-01',
    'asAt=20225-01-01',
    'q[$ne]=x',
  ]) {
    it(`says what is wrong with ${wrong}`, async () => {
      const answer = await program.get(`/compliance?${wrong}`)
      expect(answer.status).to.equal(400)
      expect(answer.problem.detail).to.have.length.above(10)
    })
  }
})
