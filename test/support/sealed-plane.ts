import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyActor, PersonActor } from '../../src/actor.js'
import { day, dayOf, type Clock } from '../../src/clock.js'
import { DomainError } from '../../src/errors.js'
import type { Leases } from '../../src/database/database.js'
import type { Delivery } from '../../src/courses/courses.js'
import { createLog, type Log } from '../../src/log.js'
import type { Term } from '../../src/people/people.js'
import { base32, systemRandom, type Random } from '../../src/random.js'
import {
  createSanctions,
  openBodyRings,
  type ConductBody,
  type GenericMail,
  type Officer,
  type OrdinaryCompletion,
  type SanctionsParts,
  type SealedStore,
} from '../../src/sanctions/sanctions.js'

/** A clock that stands still until it is moved. */
export interface SetClock extends Clock {
  set(instant: string | Date): void
  pass(milliseconds: number): void
}

export function setClock(start: string): SetClock {
  let now = new Date(start)
  return {
    now: () => new Date(now),
    today: () => dayOf(now),
    set: (instant) => void (now = new Date(instant)),
    pass: (milliseconds) => void (now = new Date(now.getTime() + milliseconds)),
  }
}

const body = (id: string, given: Partial<ConductBody> = {}): ConductBody => ({
  id,
  name: { en: id, cy: id },
  powers: [{ kind: 'mp' }, { kind: 'peer' }, { kind: 'staff' }],
  notices: { address: `${id}@parliament.example`, language: 'en' },
  twoOfficers: [],
  confirmWithin: 28,
  keepMonths: 12,
  remindBefore: [],
  ...given,
})

export const commissioner = 'commissioner-for-standards'
export const panel = 'independent-expert-panel'

/** The people of these tests: who they are and who manages whom. */
export interface Folk {
  names: Record<string, string>
  managers: Record<string, string[]>
  terms: Record<string, Term[]>
}

const folk = (): Folk => ({
  names: {
    'mp-ann': 'Ann Ashworth',
    'mp-ben': 'Ben Brook',
    'staff-eve': 'Eve Emsworth',
    'staff-fay': 'Fay Fernley',
    'staff-gil': 'Gil Grange',
    'trainer-tom': 'Tom Thirsk',
  },
  managers: { 'staff-fay': ['mp-ben'] },
  terms: Object.fromEntries(
    ['mp-ann', 'mp-ben'].map((person) => [
      person,
      [{ id: `t-${person}`, person, kind: 'mp', house: 'commons', from: day('2015-05-08') }],
    ]),
  ),
})

export const officerActor = (
  account: string,
  person: string | undefined,
  ...bodies: string[]
): PersonActor => ({
  kind: 'person',
  account,
  ...(person ? { person } : {}),
  roles: bodies.map((id) => ({ name: 'conduct-officer', body: id })),
})

export const personActor = (person: string): PersonActor => ({
  kind: 'person',
  account: `account-${person}`,
  person,
  roles: [],
})

export const keyActor = (of: string, key = 'key-1'): KeyActor => ({
  kind: 'key',
  key,
  scopes: ['outcomes'],
  body: of,
})

/** Leases for a test that has one process. */
const ownLeases: Leases = {
  hold: (_name, _seconds, work) => work({ token: 1, renew: () => Promise.resolve(true) }),
}

export interface PlaneOptions extends Partial<SanctionsParts> {
  store: SealedStore
  start?: string
  bodySettings?: Record<string, Partial<ConductBody>>
  keysDir?: string
  clock?: SetClock
  log?: Log
  random?: Random
  /** Ordinary completions that the ordinary plane knows of already. */
  completions?: OrdinaryCompletion[]
}

/** Keys of both bodies, begun long ago, so that a test may play at any later time. */
export function makeKeys(keysDir: string): void {
  const clock = setClock('2020-01-01T00:00:00Z')
  for (const id of [commissioner, panel]) openBodyRings({ body: id, keysDir, make: true, clock })
}

export type SealedPlane = ReturnType<typeof sealedPlane>

/** A sealed plane with two conduct bodies, their officers, and a mailbox that catches what is sent. */
export function sealedPlane(options: PlaneOptions) {
  const clock = options.clock ?? setClock(options.start ?? '2023-09-04T09:00:00Z')
  const keysDir = options.keysDir ?? mkdtempSync(join(tmpdir(), 'keys-'))
  const bodies = [commissioner, panel].map((id) => body(id, options.bodySettings?.[id]))
  const people = folk()
  const mails: GenericMail[] = []
  const completions = options.completions ?? []
  const certificates = new Map<string, string>()
  const officers: Record<string, Officer[]> = {
    [commissioner]: [{ account: 'officer-gil', person: 'staff-gil', name: 'Gil Grange' }],
    [panel]: [
      {
        account: 'officer-eve',
        person: 'staff-eve',
        name: 'Eve Emsworth',
        email: 'eve@example.org',
      },
      {
        account: 'officer-fay',
        person: 'staff-fay',
        name: 'Fay Fernley',
        email: 'fay@example.org',
      },
    ],
  }
  if (options.keysDir === undefined) makeKeys(keysDir)
  const rings = new Map(
    bodies.map(({ id }) => [id, openBodyRings({ body: id, keysDir, make: false, clock })]),
  )
  let keyIsThere = true
  const sanctions = createSanctions({
    leases: ownLeases,
    bodies,
    rings,
    people: {
      find: (id) =>
        Promise.resolve(
          people.names[id] === undefined
            ? undefined
            : { id, name: people.names[id], email: `${id}@parliament.example`, language: 'en' },
        ),
      managersOf: (id) => Promise.resolve(new Set(people.managers[id] ?? [])),
      tenures: (ids = []) =>
        Promise.resolve(
          new Map(
            ids.map((id) => [id, { person: id, terms: people.terms[id] ?? [], absences: [] }]),
          ),
        ),
    },
    officersOf: (id) => Promise.resolve(officers[id] ?? []),
    courseFacts: (course) =>
      Promise.resolve(
        course === 'behaviour-code'
          ? { deliveries: ['online', 'face-to-face'], equivalents: ['lords-seminar'] }
          : undefined,
      ),
    ordinary: {
      completionsOf: (ids, since) =>
        Promise.resolve(
          completions.filter(({ person, on }) => ids.includes(person) && on >= since),
        ),
      certificatesOf: (ids) =>
        Promise.resolve(
          ids.flatMap((completion) => {
            const serial = certificates.get(completion)
            return serial ? [{ completion, serial }] : []
          }),
        ),
    },
    drawBespoke: (fields, random) =>
      keyIsThere
        ? Promise.resolve({
            serial: `GS-${base32(random.bytes(13), 21).toUpperCase()}`,
            pdf: Buffer.from(`%PDF ${fields.holder} ${fields.completedOn}`),
          })
        : Promise.reject(new Error('the key is not there')),
    post: (mail) => {
      mails.push(mail)
      return Promise.resolve()
    },
    origin: 'sealed.example',
    webhookPolicy: { allowLoopback: true },
    random: systemRandom,
    log: createLog('silent'),
    ...options,
    clock,
  })
  return {
    sanctions,
    store: options.store,
    clock,
    people,
    officers,
    mails,
    completions,
    certificates,
    keysDir,
    bodies,
    eve: officerActor('officer-eve', 'staff-eve', panel),
    fay: officerActor('officer-fay', 'staff-fay', panel),
    gil: officerActor('officer-gil', 'staff-gil', commissioner),
    ann: personActor('mp-ann'),
    tom: personActor('trainer-tom'),
    loseKey: () => void (keyIsThere = false),
    findKey: () => void (keyIsThere = true),
    /** What the ordinary plane does when a completion is recorded. */
    async complete(done: OrdinaryCompletion) {
      completions.push(done)
      await sanctions.consider([done])
    },
    close: () => {
      if (options.keysDir === undefined) rmSync(keysDir, { recursive: true, force: true })
    },
  }
}

/** An outcome as a case-management system sends it; what is given as undefined is left out. */
export const decided = (given: Record<string, unknown> = {}): unknown =>
  JSON.parse(
    JSON.stringify({
      reference: 'IEP/2023/7',
      respondent: 'mp-ann',
      decidedOn: '2023-09-04',
      sanctions: ['training'],
      ...given,
      training: {
        course: 'behaviour-code',
        delivery: ['face-to-face'],
        dueOn: '2023-12-04',
        ...(given['training'] as object | undefined),
      },
    }),
  )

export const done = (
  on: string,
  given: { id?: string; person?: string; course?: string; delivery?: Delivery } = {},
): OrdinaryCompletion => ({
  id: `completion-${on}`,
  person: 'mp-ann',
  course: 'behaviour-code',
  delivery: 'face-to-face',
  ...given,
  on: day(on),
})

/** Whatever a promise was rejected with, as it reads to a caller: its kind, its key, its fields. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<{ kind: string; key: string; fields: string[]; error: DomainError }> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const fields = error.faults.map(({ field }) => field ?? '')
    const key = (error.faults[0]?.say ?? error.say).key.replace('outcomes.refused.', '')
    return { kind: error.kind, key, fields, error }
  }
  throw new Error('it was not refused')
}
