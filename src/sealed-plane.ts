import { createHash } from 'node:crypto'
import { uniq } from 'es-toolkit'
import type { Certificates } from './certificates/certificates.js'
import { dayOf, type Clock, type Day } from './clock.js'
import type { Completions } from './completions/completions.js'
import type { Config } from './config.js'
import type { Database } from './database/database.js'
import type { Identity } from './identity/identity.js'
import type { Institution } from './institution.js'
import type { Words } from './language.js'
import type { Shelf } from './learning/learning.js'
import type { Log } from './log.js'
import type { Mailer } from './notifications/notifications.js'
import type { People } from './people/people.js'
import type { Random } from './random.js'
import type { Programme } from './requirements/requirements.js'
import type { Step } from './reconciler/reconciler.js'
import {
  createApart,
  createSanctions,
  createSealedStore,
  openBodyRings,
  safeguarding,
  type Apart,
  type GenericMail,
  type Officer,
  type Sanctions,
} from './sanctions/sanctions.js'

export interface SealedPlaneParts {
  config: Config
  institution: Institution
  database: Database
  people: People
  identity: Pick<Identity, 'holders'>
  completions: () => Pick<Completions, 'of'>
  certificates: () => Pick<Certificates, 'ofCompletions' | 'bodies'>
  shelf: Pick<Shelf, 'current'>
  /** The programmes in force until today, oldest first: which courses count as equal. */
  programmes: () => Promise<readonly Programme[]>
  /** Whether a conduct body's absent keys are begun: only where one process has them to itself. */
  makeKeys: boolean
  /** Whether webhooks may go to this machine itself: for tests. */
  nearWebhooks: boolean
  mailer: Mailer
  words: Words
  clock: Clock
  random: Random
  log: Log
}

/** Where two people were both marked as present. */
type Meetings = (one: string, other: string) => Promise<readonly { session: string; on: Day }[]>

/** Puts the sealed plane (domain, section 4) beside the ordinary one: what it may ask of it, and no more. */
export function createSealedPlane(parts: SealedPlaneParts): {
  sanctions: Sanctions
  apart: Apart
  watchPairs: (meetings: Meetings) => Promise<void>
} {
  const { config, institution, database, people, identity, shelf, words, clock } = parts
  const bodies = institution.conductBodies
  const ringsOf = (body: string) =>
    openBodyRings({ body, keysDir: config.keysDir, make: parts.makeKeys, clock })
  const rings = new Map(bodies.map(({ id }) => [id, ringsOf(id)]))
  const store = createSealedStore(database.connection)

  async function officersOf(body: string): Promise<Officer[]> {
    const today = clock.today()
    const holders = (await identity.holders('conduct-officer')).filter(({ grants }) =>
      grants.some(
        ({ role, from, to }) =>
          role.name === 'conduct-officer' &&
          role.body === body &&
          from <= today &&
          (to === undefined || today <= to),
      ),
    )
    const known = await people.byId(holders.flatMap(({ person }) => person ?? []))
    return holders
      .map(({ id, email, person }): Officer => {
        const found = person === undefined ? undefined : known.get(person)
        return {
          account: id,
          email,
          name: found?.name ?? email,
          ...(found ? { person: found.id, language: found.language } : {}),
        }
      })
      .sort((one, other) => (one.account < other.account ? -1 : 1))
  }

  const post = ({ id, to, language, subject, text }: GenericMail) =>
    parts.mailer({
      id,
      to,
      language,
      subject: words.say(language, subject),
      text: `${words.say(language, text)}\n`,
    })

  const sanctions = createSanctions({
    store,
    leases: database.leases,
    bodies,
    rings,
    people,
    officersOf,
    async courseFacts(course) {
      const version = shelf.current(course)
      if (!version) return undefined
      const rules = (await parts.programmes()).at(-1)?.duties.flatMap(({ rules }) => rules) ?? []
      const equal = rules.filter(({ courses }) => courses.includes(course))
      return {
        deliveries: version.deliveries.map(({ delivery }) => delivery),
        equivalents: uniq(equal.flatMap(({ equivalents }) => equivalents)),
      }
    },
    ordinary: {
      async completionsOf(some, since) {
        const standing = [...(await parts.completions().of(some)).values()].flat()
        return standing.filter(({ on }) => on >= since)
      },
      certificatesOf: (completions) => parts.certificates().ofCompletions(completions),
    },
    drawBespoke: (fields, random) => parts.certificates().bodies.draw(fields, random),
    post,
    origin: new URL(config.publicUrl).hostname,
    webhookPolicy: { allowLoopback: parts.nearWebhooks },
    clock,
    random: parts.random,
    log: parts.log,
  })
  const apart = createApart({ store, rings: ringsOf(safeguarding), clock, random: parts.random })

  /** Tells safeguarding officers, in the words of every sealed mail, that two people met who were not to. */
  const watchPairs = (meetings: Meetings) =>
    apart.watch(
      async (pair) =>
        (await meetings(pair.protected, pair.other))
          .filter(({ on }) => on >= dayOf(pair.at))
          .map(({ session }) => session),
      async (pair, news) => {
        const officers = await identity.holders('safeguarding-officer')
        const known = await people.byId(officers.flatMap(({ person }) => person ?? []))
        for (const { id, email, person = '' } of officers) {
          if (person === pair.protected || person === pair.other) continue
          const language = known.get(person)?.language ?? 'en'
          await post({
            id: createHash('sha256')
              .update([pair.id, ...news, id].join('/'))
              .digest('hex'),
            to: email,
            language,
            subject: { key: 'outcomes.mail.subject' },
            text: { key: 'outcomes.mail.text' },
          })
        }
      },
    )
  return { sanctions, apart, watchPairs }
}

/** What the sealed plane does by itself; how much of it there was is told to nobody. */
export function sealedSteps({
  sanctions,
  watchPairs,
}: {
  sanctions: Sanctions
  watchPairs: () => Promise<void>
}): Step[] {
  const silently = (work: () => Promise<void>) => async () => {
    await work()
    return 0
  }
  return [
    { name: 'sealed deliveries', everySeconds: 1, run: silently(() => sanctions.deliver()) },
    { name: 'sealed consequences', everySeconds: 60, run: silently(() => sanctions.reconcile()) },
    { name: 'sealed pairs', everySeconds: 600, run: silently(watchPairs) },
    { name: 'sealed dates', everySeconds: 3600, run: silently(() => sanctions.scanDueDates()) },
  ]
}
