import { sign, type KeyObject } from 'node:crypto'
import { systemActor, type Actor } from '../actor.js'
import { canonical, type Audit } from '../audit/audit.js'
import { addDays, dayOf, type Clock, type Day } from '../clock.js'
import type { Compliance, Line, ListQuery } from '../compliance/compliance.js'
import type { Database } from '../database/database.js'
import { conflict, invalid, notFound } from '../errors.js'
import type { Bilingual } from '../language.js'
import type { Message } from '../notifications/notifications.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import {
  publicHouses,
  sectionOf,
  staffOf,
  standingsOf,
  type Edition,
  type PublicationRules,
} from './edition.js'
import { createEditionsStore, type EditionDocument } from './editions-store.js'

export type { PublicationRules } from './edition.js'
export { editionCollections } from './editions-store.js'

/** An edition as it was published, with its signed text. */
export interface PublishedEdition extends Edition {
  id: string
  publishedOn: Day
  definitions: { en: readonly string[]; cy: readonly string[] }
  /** The JSON with its signature, byte for byte as it was first published. */
  json: string
}

/** The transparency register: what the Houses have decided to publish, edition by edition. */
export interface Publication {
  rules: PublicationRules
  /**
   * Prepares an edition as at a day that is over and tells everybody whom it would name. Throws
   * conflict where nothing is to be published.
   */
  prepare(actor: Actor, asAt: Day): Promise<{ id: string; publishOn: Day; named: number }>
  /** Editions that wait for their day. */
  prepared(): Promise<readonly Pick<EditionDocument, '_id' | 'asAt' | 'publishOn' | 'named'>[]>
  /** Takes one back before it is published. */
  withdraw(actor: Actor, id: string): Promise<void>
  /** Publishes what has come to its day; answers how many. */
  publishDue(): Promise<number>
  /** Every edition there was, the latest first. */
  editions(): Promise<{ id: string; asAt: Day; publishedOn: Day }[]>
  /** The edition that was published last; nothing before the first. */
  latest(): Promise<PublishedEdition | undefined>
  /** Throws not-found. */
  get(id: string): Promise<PublishedEdition>
}

export interface PublicationParts {
  database: Database
  audit: Audit
  people: Pick<People, 'byId'>
  compliance: Pick<Compliance, 'listAll'>
  /** People who contest an entry: nothing is published of them until they are answered. */
  contesting: () => Promise<ReadonlySet<string>>
  tell: (messages: readonly Message[]) => Promise<void>
  clock: Clock
  random: Random
  rules: PublicationRules
  institution: Bilingual
  keys: () => { secret: KeyObject; open: KeyObject }
  publicUrl: string
  definitions: (rules: PublicationRules) => { en: readonly string[]; cy: readonly string[] }
}

const system = systemActor('publication')

export function createPublication(parts: PublicationParts): Publication {
  const { audit, people, compliance, contesting, tell, clock, random, rules, publicUrl } = parts
  const store = createEditionsStore(parts.database.connection)

  const editionOf = ({ _id, json = '{}' }: EditionDocument): PublishedEdition => ({
    ...(JSON.parse(json) as Omit<PublishedEdition, 'json'>),
    id: _id,
    json,
  })

  async function linesOf(query: ListQuery): Promise<Line[]> {
    const { lines } = await compliance.listAll(system, query)
    const found: Line[] = []
    for await (const line of lines) found.push(line)
    return found
  }
  const membersOf = async (house: (typeof publicHouses)[number], asAt: Day) =>
    standingsOf(await linesOf({ kind: house === 'commons' ? 'mp' : 'peer', house, asAt }))

  async function compose(asAt: Day, named: ReadonlySet<string>): Promise<Edition> {
    // What has been published stays public, so that a new edition must not tell by comparison.
    const earlier = (await store.published()).map(editionOf)
    const houses: Edition['houses'] = []
    for (const house of publicHouses) {
      const section = sectionOf(house, await membersOf(house, asAt), named, rules, earlier)
      if (section) houses.push(section)
    }
    if (!rules.staff) return { asAt, houses }
    const staff = await linesOf({ kind: 'staff', asAt })
    const byHouse = new Map(
      ['commons', 'lords', 'both'].map((house) => [
        house,
        standingsOf(staff.filter(({ part }) => part.house === house)),
      ]),
    )
    const counted = staffOf(byHouse, rules, earlier)
    return { asAt, houses, ...(counted ? { staff: counted } : {}) }
  }

  /** Everybody whom an edition as at a day would name. */
  async function namedOn(asAt: Day): Promise<string[]> {
    const named: string[] = []
    for (const house of publicHouses) {
      if (!rules.names[house]) continue
      for (const [person, { state }] of await membersOf(house, asAt)) {
        if (state === 'complete') named.push(person)
      }
    }
    return named
  }

  async function publish({ _id, asAt, named }: EditionDocument): Promise<boolean> {
    const waiting = await contesting()
    const edition = await compose(asAt, new Set(named.filter((person) => !waiting.has(person))))
    const body = {
      id: _id,
      institution: parts.institution,
      publishedOn: clock.today(),
      definitions: parts.definitions(rules),
      ...edition,
    }
    const { secret, open } = parts.keys()
    const publicKey = open.export({ format: 'jwk' })
    const value = sign(null, Buffer.from(canonical(body)), secret).toString('base64url')
    const signature = { algorithm: 'Ed25519', publicKey, value }
    const published = await store.publish(_id, JSON.stringify({ ...body, signature }), clock.now())
    if (published) {
      await audit.record(system, { act: 'edition.published', edition: _id, asAt }, `edition:${_id}`)
    }
    return published
  }

  return {
    rules,
    async prepare(actor, asAt) {
      const nothing = Object.keys(rules.names).length + Object.keys(rules.counts).length === 0
      if (nothing && !rules.staff) throw conflict('publication.off')
      if (asAt >= clock.today()) throw invalid('publication.not-over', { asAt })
      const named = await namedOn(asAt)
      // A House that publishes counts alone names nobody, and so owes nobody notice.
      const publishOn = named.length > 0 ? addDays(clock.today(), rules.noticeDays) : clock.today()
      const id = random.id()
      await store.add({ _id: id, asAt, preparedAt: clock.now(), publishOn, named })
      const persons = await people.byId(named)
      await tell(
        [...persons.values()].flatMap(({ id: person, email, language }): Message[] =>
          email
            ? [
                {
                  key: `register:${id}:${person}`,
                  to: email,
                  person,
                  language,
                  calm: true,
                  subject: { key: 'publication.notice-subject' },
                  paragraphs: [
                    { key: 'publication.notice', with: { publishOn, asAt } },
                    { key: 'publication.notice-correct', with: { url: `${publicUrl}/replies` } },
                  ],
                },
              ]
            : [],
        ),
      )
      await audit.record(actor, { act: 'edition.prepared', edition: id, asAt, publishOn })
      return { id, publishOn, named: named.length }
    },
    prepared: () => store.prepared(),
    async withdraw(actor, id) {
      if (!(await store.withdraw(id))) throw conflict('publication.published-already')
      await audit.record(actor, { act: 'edition.withdrawn', edition: id })
    },
    async publishDue() {
      const due = (await store.prepared()).filter(({ publishOn }) => publishOn <= clock.today())
      let published = 0
      for (const document of due) if (await publish(document)) published++
      return published
    },
    async editions() {
      return (await store.outlines()).map(({ _id: id, asAt, publishedAt = clock.now() }) => ({
        id,
        asAt,
        publishedOn: dayOf(publishedAt),
      }))
    },
    async latest() {
      const document = await store.latest()
      return document ? editionOf(document) : undefined
    },
    async get(id) {
      const document = await store.find(id)
      if (!document) throw notFound()
      return editionOf(document)
    },
  }
}
