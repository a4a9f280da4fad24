import { tmpdir } from 'node:os'
import { systemActor, type PersonActor } from '../../src/actor.js'
import { auditCollections, createAudit, type Audit } from '../../src/audit/audit.js'
import {
  certificateCollections,
  createCertificates,
  openIssuerKeys,
  rootKeysOf,
  type BoundCertificate,
  type Certificates,
  type CertifiedCompletion,
} from '../../src/certificates/certificates.js'
import type { Day } from '../../src/clock.js'
import {
  completionCollections,
  createCompletions,
  type Completed,
  type Completions,
} from '../../src/completions/completions.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import { createLog } from '../../src/log.js'
import {
  createPeople,
  directoryCollections,
  peopleCollections,
  type People,
} from '../../src/people/people.js'
import { systemRandom } from '../../src/random.js'
import { avalon, designsDir, parliament } from './certificates.js'
import { testDatabase } from './database.js'
import { peopleCsv } from './parliament.js'
import { frozenClock, type FrozenClock } from './world.js'

export const system = systemActor('test')
const publicUrl = 'https://standing.avalon.example'

/** Certificates with everything below them and the completions above them, on a database of its own. */
export interface PressRoom {
  database: Database
  audit: Audit
  people: People
  certificates: Certificates
  completions: Completions
  clock: FrozenClock
  /** Whoever must know of certificates, as they were told. */
  issued: BoundCertificate[]
  revoked: BoundCertificate[]
  /** Until when what is completed now counts; absent where it does for good. */
  lasts: { until?: Day }
  /** Brings the directory to these people; whoever is there by id takes the new name. */
  directory(people: Readonly<Record<string, string>>, language?: string): Promise<void>
  /** Completes a course for somebody and gives back the completion's id. */
  complete(person: string, over?: Partial<Completed>): Promise<string>
  /** The serial of the certificate that somebody shows for a completion today. */
  serialOf(completion: string): Promise<string>
  /** Draws and issues until nothing waits. */
  work(): Promise<void>
  close(): Promise<void>
}

/** Somebody signed in, with nothing but their own training. */
export const holder = (person: string): PersonActor => ({
  kind: 'person',
  account: `account-of-${person}`,
  person,
  roles: [],
})

let attempts = 0

export async function createPressRoom(
  options: {
    keysDir?: string
    designs?: string
    server?: { uri: string; name: string }
    at?: string
    withoutCertificates?: boolean
  } = {},
): Promise<PressRoom> {
  const own = options.server ? undefined : await testDatabase()
  const { uri, name } = options.server ?? own ?? { uri: '', name: '' }
  const clock = frozenClock(options.at ?? '2026-03-02T10:00:00Z')
  const random = systemRandom
  const log = createLog('silent')
  const database = await openDatabase({ uri, name, dataDir: tmpdir(), clock, random, log })
  await database.migrate([
    ...auditCollections,
    ...peopleCollections,
    ...directoryCollections,
    ...completionCollections,
    ...certificateCollections,
  ])
  const keysDir = options.keysDir ?? parliament().keysDir
  const rings = openIssuerKeys({ keysDir, issuer: 'institution', make: true, clock })
  const keys = rootKeysOf(rings)
  const audit = createAudit({ database, clock, random, log, origin: 'avalon.example', keys })
  const changing = <Result>(_people: readonly string[], write: () => Promise<Result>) => write()
  const people = createPeople({ database, audit, clock, random, endingLimit: 1, changing })
  const issued: BoundCertificate[] = []
  const revoked: BoundCertificate[] = []
  const lasts: { until?: Day } = {}
  const title = { en: 'The Behaviour Code', cy: 'Y Cod Ymddygiad' }
  const certificates = createCertificates({
    database,
    audit,
    people,
    rings,
    institution: avalon,
    keysDir,
    makeKeys: true,
    designsDir: options.designs ?? designsDir,
    publicUrl,
    courseTitles: () => [{ id: 'behaviour-code', title }],
    bespokeTitle: (body) => body,
    lastDays: (completions: readonly CertifiedCompletion[]) =>
      Promise.resolve(
        new Map(completions.flatMap(({ id }) => (lasts.until ? [[id, lasts.until]] : []))),
      ),
    told: {
      issued: (some) => Promise.resolve(void issued.push(...some)),
      revoked: (some) => Promise.resolve(void revoked.push(...some)),
    },
    clock,
    random,
    log,
  })
  const nothing = () => Promise.resolve()
  const dies = () => Promise.reject(new Error('the process died here'))
  const completions = createCompletions({
    database,
    audit,
    clock,
    random,
    changing,
    certificates: options.withoutCertificates
      ? { issueMany: dies, revokeMany: dies }
      : certificates,
    sanctions: { consider: nothing, bindCertificates: nothing, annulled: nothing },
  })
  const room: PressRoom = {
    database,
    audit,
    people,
    certificates,
    completions,
    clock,
    issued,
    revoked,
    lasts,
    async directory(some, language = 'en') {
      const rows = Object.entries(some).map(
        ([id, written]) => `${id},"${written}",${id}@parliament.example,${language}`,
      )
      const file = Buffer.from(peopleCsv(...rows))
      const { id, faults } = await people.directory.rehearse(system, { people: file })
      if (faults.length > 0) throw new Error(JSON.stringify(faults))
      await people.directory.confirm(system, id)
    },
    async complete(person, over = {}) {
      const [completion] = await completions.recordMany(system, [
        {
          person,
          course: 'behaviour-code',
          version: { hash: 'b'.repeat(64), label: '2026.1' },
          delivery: 'online',
          on: clock.today(),
          evidence: { kind: 'attempt', id: `attempt-${++attempts}` },
          ...over,
        },
      ])
      if (!completion) throw new Error('nothing was recorded')
      return completion.id
    },
    async serialOf(completion) {
      const [found] = await certificates.ofCompletions([completion])
      if (!found) throw new Error(`${completion} has no certificate`)
      return found.serial
    },
    async work() {
      while ((await certificates.press()) > 0);
      while ((await audit.seal()) > 0);
    },
    async close() {
      await certificates.close()
      await database.close()
      await own?.drop()
    },
  }
  return room
}

export const mair = { mair: 'Mair Larkspur' }
