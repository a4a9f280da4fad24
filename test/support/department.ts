import fc from 'fast-check'
import { systemActor, type PersonActor } from '../../src/actor.js'
import { addDays, day, type Day } from '../../src/clock.js'
import { fillIn } from './course-taker.js'
import { absencesCsv, managersCsv, officesCsv, peopleCsv, termsCsv } from './parliament.js'
import type { Visitor } from './visitor.js'
import { createWorld, type World } from './world.js'

const system = systemActor('test')
// From this day on the department has been in Boss’s care, and not before.
const careBegan = day('2024-03-01')

/** Something that lies outside what a manager may know of. */
export type Secret =
  | { secret: 'elsewhere'; completes: boolean; excused: boolean; id: number }
  | { secret: 'second-employer'; who: string; from: number; days: number }
  | { secret: 'away-before'; who: string; from: number; days: number }
  | { secret: 'began-earlier'; years: number }
  | { secret: 'other-course'; who: string; remote: boolean; on: number }
  | { secret: 'refused'; who: string; reason: string }
  | { secret: 'claim'; who: string; says: string }
  | { secret: 'marks'; wrong: boolean }

const who = fc.constantFrom('ina', 'ivo')
export const secretWords = fc
  .string({ minLength: 3, maxLength: 60 })
  .filter((text) => text.trim() !== '')
export const secret: fc.Arbitrary<Secret> = fc.oneof(
  fc.record({
    secret: fc.constant('elsewhere' as const),
    completes: fc.boolean(),
    excused: fc.boolean(),
    id: fc.nat(99),
  }),
  fc.record({
    secret: fc.constant('second-employer' as const),
    who,
    from: fc.nat(700),
    days: fc.nat(400),
  }),
  fc.record({
    secret: fc.constant('away-before' as const),
    who,
    from: fc.nat(20),
    days: fc.nat(15),
  }),
  fc.record({
    secret: fc.constant('began-earlier' as const),
    years: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({
    secret: fc.constant('other-course' as const),
    who,
    remote: fc.boolean(),
    on: fc.nat(700),
  }),
  fc.record({ secret: fc.constant('refused' as const), who, reason: secretWords }),
  fc.record({ secret: fc.constant('claim' as const), who, says: secretWords }),
  fc.record({ secret: fc.constant('marks' as const), wrong: fc.boolean() }),
)

const iso = (from: string, days: number): Day => addDays(day(from), days)

/** The directory of the department, and whatever the secrets add to it. */
function directoryWith(secrets: readonly Secret[]) {
  const others = secrets.flatMap((one) => (one.secret === 'elsewhere' ? [one.id] : []))
  const ids = [...new Set(others)]
  const earlier = secrets.find((one) => one.secret === 'began-earlier')?.years ?? 0
  return {
    people: peopleCsv(
      'boss,Nia Kestrelow,boss@parliament.example,en',
      'dee,Dee Legate,dee@parliament.example,en',
      'ina,Ina Team,ina@parliament.example,en',
      'ivo,Ivo Desk,ivo@parliament.example,en',
      'mair,Mair Larkspur,mair@parliament.example,en',
      ...ids.map((id) => `other${id},Ina Elsewhere ${id},other${id}@parliament.example,en`),
    ),
    offices: officesCsv(
      'dept,Department of Records,both,department,,',
      'team,Search Team,both,team,dept,',
      'o-mair,Office of Mair Larkspur,commons,member,,mair',
    ),
    terms: termsCsv(
      'boss,staff,both,,dept,Head,2019-01-07,',
      'dee,staff,both,,dept,Deputy,2023-01-09,',
      `ina,staff,both,,team,Searcher,${2023 - earlier}-01-09,`,
      'ivo,staff,both,,dept,Clerk,2025-01-06,',
      'mair,mp,commons,Lantern Party,o-mair,Wrenford,2019-12-12,',
      ...ids.map((id) => `other${id},staff,commons,,o-mair,Researcher ${id},2024-09-02,`),
      ...secrets.flatMap((one, at) =>
        one.secret === 'second-employer'
          ? [
              `${one.who},staff,commons,,o-mair,Aide ${at},${iso('2023-06-05', one.from)},${iso('2023-06-05', one.from + one.days)}`,
            ]
          : [],
      ),
    ),
    absences: absencesCsv(
      ...secrets.flatMap((one) =>
        one.secret === 'away-before' && one.who === 'ina'
          ? [`ina,away,${iso('2024-01-10', one.from)},${iso('2024-01-10', one.from + one.days)}`]
          : [],
      ),
    ),
    managers: managersCsv(`dept,boss,${careBegan},`),
  }
}

const complete = (world: World, person: string, course: string, on: Day, remote: boolean) =>
  world.app.completions.recordMany(system, [
    {
      person,
      course,
      delivery: remote ? 'remote' : 'face-to-face',
      on,
      version: { hash: 'v', label: '1' },
      evidence: { kind: 'register', id: `${person}/${course}/${on}` },
    },
  ])
const excuse = async (world: World, person: string, duty: string, reason: string) => {
  const relief = { kind: 'excusal', from: day('2026-03-02'), to: day('2026-09-30') } as const
  return world.app.decisions.propose(system, { person, duty, relief, reason })
}

/** One of two worlds, and those who look at it. */
interface Side {
  world: World
  manager: Visitor
  delegate: Visitor
}

/** A department that is the same to its manager in every world, and a world around it. */
export async function begin(secrets: readonly Secret[], reason: string): Promise<Side> {
  const world = await createWorld('2026-03-02T10:00:00Z')
  await world.directory(directoryWith(secrets))
  for (const id of ['boss', 'dee', 'ina', 'ivo'])
    await world.account(`${id}@parliament.example`, id)
  await complete(world, 'ina', 'behaviour-code-staff', day('2025-05-20'), true)
  // Excused in every world; why, is for whoever decides and for Ivo himself.
  const { id } = await excuse(world, 'ivo', 'house-staff', reason)
  await world.app.decisions.decide(system, id, true)
  const boss: PersonActor = { kind: 'person', account: 'x', person: 'boss', roles: [] }
  await world.app.people.delegates.name(boss, {
    delegate: await world.app.people.get('dee'),
    from: day('2026-03-02'),
    to: day('2026-08-01'),
  })
  return {
    world,
    manager: await world.signedIn('boss@parliament.example'),
    delegate: await world.signedIn('dee@parliament.example'),
  }
}

/** Ivo begins his course in every world, and answers one check; how, is his own. */
export async function study({ world }: Side, wrongly: boolean): Promise<void> {
  const ivo = await world.signedIn('ivo@parliament.example')
  const course = world.app.shelf.catalogue().courses.get('behaviour-code-staff')
  if (!course) throw new Error('no course')
  let page = await ivo.get('/training/behaviour-code-staff')
  for (let sent = 0; sent < 6; sent++) {
    const filled = fillIn(page, wrongly, course)
    const onward = page.$('main a.govuk-button:not(.govuk-button--secondary)').attr('href')
    if (filled) page = await ivo.post(filled.path, filled.fields)
    else if (onward) page = await ivo.get(onward)
    else return
  }
}

/** Lets happen, outside the manager's sight, what the secrets say. */
export async function keepSecrets({ world }: Side, secrets: readonly Secret[]): Promise<void> {
  const { app } = world
  for (const one of secrets) {
    switch (one.secret) {
      case 'elsewhere':
        if (one.completes) {
          await complete(world, `other${one.id}`, 'behaviour-code-staff', day('2025-02-03'), true)
        }
        if (one.excused) await excuse(world, `other${one.id}`, 'members-staff', 'elsewhere')
        break
      case 'other-course':
        await complete(world, one.who, 'lords-seminar', iso('2024-03-04', one.on), one.remote)
        break
      case 'refused': {
        const { id } = await excuse(world, one.who, 'house-staff', one.reason)
        await app.decisions.decide(system, id, false)
        break
      }
      case 'claim': {
        const roles: PersonActor['roles'] = []
        await app.claims.claim(
          { kind: 'person', account: 'x', person: one.who, roles },
          {
            course: 'behaviour-code-staff',
            delivery: 'remote',
            on: day('2025-12-01'),
            says: one.says,
          },
        )
      }
    }
  }
}
