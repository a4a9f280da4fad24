import { expect } from 'chai'
import fc from 'fast-check'
import { property } from '../../support/property.js'
import { createHouse, trainer, type House } from '../../support/training.js'

const people = ['ann', 'ben', 'cai'] as const
const marks = ['attended', 'absent', 'apologies', 'part 30', 'part 75'] as const
type Person = (typeof people)[number]
type Mark = (typeof marks)[number]

type Act =
  | { act: 'upload'; rows: Partial<Record<Person, Mark>> }
  | { act: 'undo'; which: number }
  | { act: 'amend'; person: Person; mark: Mark }
  | { act: 'mark'; person: Person; mark: Mark }
  | { act: 'sign' }

const mark = fc.constantFrom(...marks)
const person = fc.constantFrom(...people)
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('upload' as const),
      rows: fc.record({ ann: mark, ben: mark, cai: mark }, { requiredKeys: [] }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('undo' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('amend' as const), person, mark }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('mark' as const), person, mark }) },
  { weight: 1, arbitrary: fc.constant({ act: 'sign' as const }) },
)

/** What the register ought to say: every statement that was accepted, the last that stands in force. */
interface Said {
  mark: Mark
  source: 'upload' | 'amendment' | 'screen'
  upload?: number
  file?: string
  withdrawn?: boolean
}

class Oracle {
  readonly said = new Map<Person, Said[]>(people.map((one) => [one, []]))
  readonly uploads: string[] = []
  signed = false

  private standing(one: Person): Said[] {
    return (this.said.get(one) ?? []).filter(({ withdrawn }) => !withdrawn)
  }
  private add(one: Person, said: Said): void {
    this.said.get(one)?.push(said)
  }
  inForce(one: Person): Said | undefined {
    return this.standing(one).at(-1)
  }
  completes(one: Person): boolean {
    const last = this.standing(one).findLast(({ source }) => source !== 'screen' || this.signed)
    return last?.mark === 'attended' || last?.mark === 'part 75'
  }
  upload(rows: Partial<Record<Person, Mark>>, file: string): void {
    const number = this.uploads.push(file) - 1
    for (const [one, row] of Object.entries(rows) as [Person, Mark][]) {
      const brought = this.standing(one).some((said) => said.file === file && said.mark === row)
      const last = this.inForce(one)
      const counts = last !== undefined && (last.source !== 'screen' || this.signed)
      if (brought || (counts && last.mark === row) || this.signed) continue
      this.add(one, { mark: row, source: 'upload', upload: number, file })
    }
  }
  undo(which: number): void {
    for (const said of [...this.said.values()].flat()) {
      if (said.upload === which) said.withdrawn = true
    }
  }
  amend(one: Person, given: Mark): void {
    this.add(one, { mark: given, source: 'amendment' })
  }
  mark(one: Person, given: Mark): void {
    const last = this.inForce(one)
    if (last?.source === 'screen' && last.mark === given) return
    this.add(one, { mark: given, source: 'screen' })
  }
}

const parse = (given: Mark) => {
  const [attendance = '', minutes] = given.split(' ')
  return {
    attendance: attendance as 'attended',
    ...(minutes === undefined ? {} : { minutes: Number(minutes) }),
  }
}

describe('a register after any uploads, corrections, undoings and amendments', () => {
  let house: House
  before(async () => {
    house = await createHouse({ readHere: true })
  })
  after(() => house.close())

  let round = 0

  /** A training session of its own for every sequence, a day apart, begun an hour ago. */
  async function begun(): Promise<string> {
    round += 1
    const start = new Date(Date.UTC(2026, 2, 3 + round))
    const on = start.toISOString().slice(0, 10)
    house.clock.set(`${on}T08:00:00Z`)
    const { id } = await house.planned({ on: on as never })
    house.clock.set(`${on}T11:00:00Z`)
    return id
  }

  const sheet = (session: string, rows: Partial<Record<Person, Mark>>): Buffer =>
    Buffer.from(
      [
        'session,person,attendance,minutes',
        ...Object.entries(rows).map(([one, row]) => {
          const { attendance, minutes } = parse(row)
          return `${session},${one},${attendance},${minutes ?? ''}`
        }),
      ].join('\n'),
    )

  async function completedIn(session: string): Promise<Set<string>> {
    const { session: held } = await house.training.registers.sheet(trainer, session)
    const all = await house.completions.of(people)
    return new Set(
      [...all].flatMap(([one, own]) => (own.some(({ on }) => on === held.on) ? [one] : [])),
    )
  }

  it('is in the state of the last accepted statement for everybody', async function () {
    this.timeout(900_000)
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 9 }), async (acts) => {
        const { uploads, registers } = house.training
        const session = await begun()
        const oracle = new Oracle()
        const ids: string[] = []
        for (const one of acts) {
          switch (one.act) {
            case 'upload': {
              if (Object.keys(one.rows).length === 0) break
              const bytes = sheet(session, one.rows)
              const { id, file } = await uploads.rehearse(trainer, { name: 'r.csv', bytes })
              await uploads.confirm(trainer, id, 'good')
              ids.push(id)
              oracle.upload(one.rows, file.sha256)
              break
            }
            case 'undo': {
              const id = ids[one.which]
              if (id === undefined) break
              await uploads.undo(trainer, id, 'A mistake.')
              oracle.undo(one.which)
              break
            }
            case 'amend':
              await registers.amend(trainer, session, one.person, parse(one.mark), 'Seen myself.')
              oracle.amend(one.person, one.mark)
              break
            case 'mark':
              if (oracle.signed) break
              await registers.mark(trainer, session, one.person, parse(one.mark))
              oracle.mark(one.person, one.mark)
              break
            case 'sign': {
              const { lines } = await registers.sheet(trainer, session)
              // A register on which nothing stands cannot be signed.
              if (oracle.signed || !lines.some(({ mark: said }) => said)) break
              await registers.sign(trainer, session)
              oracle.signed = true
            }
          }
        }
        const { lines } = await registers.sheet(trainer, session)
        const says = new Map(lines.map(({ person: who, mark: said }) => [who, said]))
        for (const who of people) {
          const expected = oracle.inForce(who)
          expect(says.get(who), who).to.deep.equal(expected && parse(expected.mark))
        }
        const expected = people.filter((who) => oracle.completes(who))
        expect([...(await completedIn(session))].sort()).to.deep.equal(expected)
      }),
      property(12, 400),
    )
  })
})
