import { systemActor } from '../actor.js'
import { addDays, type Day } from '../clock.js'
import type { Completed, Completions } from '../completions/completions.js'
import type { CourseVersion } from '../courses/courses.js'
import type { Database } from '../database/database.js'
import type { Identity } from '../identity/identity.js'
import type { People } from '../people/people.js'
import { seededRandom } from '../random.js'
import { createDemoStore } from './demo-store.js'
import { beginWork, exampleRegister, type RunningParts } from './running.js'
import { makeParliament, type DemoAccount, type Parliament } from './parliament.js'

export const demoPassword = 'avalon-demo-only'

export interface DemoParts extends RunningParts {
  database: Database
  people: People
  identity: Identity
  completions: Completions
  courses: ReadonlyMap<string, CourseVersion>
  /** Keeps a file for whoever tries the demo, beside its data. */
  keep: (name: string, text: string) => Promise<void>
  /** Told in plain words what is being done. */
  say: (what: string) => void
}

const system = systemActor('demo')

/**
 * Fills an empty database with the fictional parliament, the same for the day on which it was first
 * begun. What an earlier start left unfinished is finished; a finished one is left alone. Answers
 * whom to sign in as.
 */
export async function loadDemo(parts: DemoParts): Promise<readonly DemoAccount[]> {
  const store = createDemoStore(parts.database.connection)
  const begun = await store.begin(parts.clock.today())
  if (begun.accounts) return begun.accounts
  const parliament = makeParliament(begun.day, seededRandom('demo'))
  await importDirectory(parts, parliament)
  await recordHistory(parts, parliament, begun.day)
  await openAccounts(parts, parliament)
  parts.say('Planning training sessions, recording a case')
  await beginWork(parts, parliament)
  await parts.keep('example-register.csv', exampleRegister(parliament, begun.day))
  await store.finish(parliament.accounts)
  return parliament.accounts
}

async function importDirectory({ people, say }: DemoParts, { files }: Parliament): Promise<void> {
  say('Reading the directory of the parliament')
  const { id, faults, counts } = await people.directory.rehearse(system, files)
  const [fault] = faults
  if (fault) throw new Error(`the demo directory has a fault: ${JSON.stringify(fault)}`)
  if (counts.added + counts.changed > 0) await people.directory.confirm(system, id)
}

async function recordHistory(parts: DemoParts, parliament: Parliament, day: Day): Promise<void> {
  const { completions, courses, say } = parts
  say(`Recording ${parliament.learnt.length} completions of the last years`)
  const ids = seededRandom(`demo evidence ${day}`)
  const printed = new Set(parliament.accounts.map(({ person }) => person))
  const recent = addDays(day, -30)
  // Older learning was recognised when the system came: it has no certificate of ours.
  const certified = (person: string, on: Day): boolean => printed.has(person) || on >= recent
  const completed = parliament.learnt.map(({ person, course, delivery, on }): Completed => {
    const version = courses.get(course)
    return {
      person,
      course,
      delivery,
      on,
      version: { hash: version?.hash ?? '', label: version?.label ?? '' },
      evidence: { kind: certified(person, on) ? 'register' : 'prior-learning', id: ids.id() },
    }
  })
  await completions.recordMany(system, completed)
}

async function openAccounts({ identity, say }: DemoParts, { accounts }: Parliament): Promise<void> {
  say(`Opening ${accounts.length} accounts`)
  for (const { email, person, roles } of accounts) {
    const known = await identity.findAccount(email)
    if (known) continue
    const { token } = await identity.invite(system, { email, person, roles })
    await identity.accept(token, demoPassword)
  }
}
