import type { Clock } from '../clock.js'
import type { Leases } from '../database/database.js'
import type { Log } from '../log.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import { createAddressJudge, type AddressPolicy, type Resolve } from './addresses.js'
import { createBespoke } from './bespoke.js'
import { createBespokeCertificates, type DrawBespoke } from './bespoke-certificates.js'
import { bodyKeysOf } from './body-keys.js'
import type { BodyRings } from './body-rings.js'
import { createCases, type Case } from './cases.js'
import type { ConductBody } from './conduct-body.js'
import { createCourier } from './courier.js'
import { createDesk } from './desk.js'
import { createDispatch } from './dispatch.js'
import { createEndOfLife } from './end-of-life.js'
import { createKeyChange } from './key-change.js'
import { createLogProofs } from './log-proofs.js'
import { createImposing, type CourseFacts } from './imposing.js'
import { createMail, type AddressOf, type GenericMail } from './mail.js'
import type { Officer } from './officers.js'
import { createOrdinary, type OrdinaryFacts } from './ordinary.js'
import { createReading } from './reading.js'
import { createReplies } from './replies.js'
import { createRespondent } from './respondent.js'
import { createSealedLog } from './sealed-log.js'
import type { SealedStore } from './sealed-store.js'
import { sendByHttp, type Send } from './sending.js'
import { createSettings } from './settings.js'
import { createSharing } from './sharing.js'
import { createUpkeep } from './upkeep.js'
import { createVault } from './vault.js'
import { createWaiting } from './waiting.js'
import { createWalls } from './walls.js'
import { createWebhooks } from './webhooks.js'

/** What the sealed plane is given. Everything from other folders comes as a function or a narrow door. */
export interface SanctionsParts {
  store: SealedStore
  leases: Leases
  bodies: readonly ConductBody[]
  /** The keys of each body, by id. */
  rings: ReadonlyMap<string, BodyRings>
  people: Pick<People, 'find' | 'managersOf' | 'tenures'>
  /** Everybody who may act for a body today, always in the same order. */
  officersOf: (body: string) => Promise<readonly Officer[]>
  /** A course as it can be given today; nothing where there is none. */
  courseFacts: (course: string) => Promise<CourseFacts | undefined>
  ordinary: OrdinaryFacts
  drawBespoke: DrawBespoke
  /** Sends one mail. Rejects where it could not be handed over; it is then tried again. */
  post: (mail: GenericMail) => Promise<void>
  /** What these logs are called in their signed roots: a host's name, without spaces. */
  origin: string
  webhookPolicy: AddressPolicy
  resolve?: Resolve
  send?: Send
  clock: Clock
  random: Random
  log: Log
}

/** Puts the sealed plane together, from the store upwards. */
export function createPlane(parts: SanctionsParts) {
  const { store, leases, people, officersOf, courseFacts, clock, log, rings } = parts
  // One stream for everything sealed: ordinary values are the same with and without an outcome.
  const random = parts.random.stream('sealed')
  const bodies = new Map(parts.bodies.map((body) => [body.id, body]))
  const own = <Value>(pick: (found: BodyRings, body: string) => Value): Map<string, Value> =>
    new Map(
      [...bodies.keys()].flatMap((body) => {
        const found = rings.get(body)
        return found ? [[body, pick(found, body)] as const] : []
      }),
    )
  const keys = own(({ sealing }) => bodyKeysOf(sealing, clock))
  const vault = createVault(keys, random)
  const shelf = store.parts
  const waiting = createWaiting({ shelf, vault, clock })
  const judge = createAddressJudge(parts.webhookPolicy, parts.resolve)
  const send = parts.send ?? sendByHttp

  const sealedLog = createSealedLog({
    shelf,
    vault,
    clock,
    random,
    waiting,
  })
  const proofs = createLogProofs({
    shelf,
    vault,
    log: sealedLog,
    clock,
    origin: parts.origin,
    signing: own(({ signing }) => signing),
  })
  const settings = createSettings({ shelf, vault })
  const addressOf: AddressOf = async (recipient, body) => {
    if (recipient.to === 'body') {
      const to = bodies.get(recipient.body)?.notices
      return to && { ...to }
    }
    if (recipient.to === 'officer') {
      const officers = body ? await officersOf(body.id) : []
      const officer = officers.find(({ account }) => account === recipient.account)
      return officer?.email === undefined
        ? undefined
        : { address: officer.email, language: officer.language ?? 'en' }
    }
    const person = await people.find(recipient.person)
    const address = (recipient.to === 'respondent' ? recipient.address : undefined) ?? person?.email
    return person && address !== undefined ? { address, language: person.language } : undefined
  }
  const mail = createMail({ shelf, vault, waiting, clock, bodies, addressOf, post: parts.post })
  const cases = createCases({ shelf: store.outcomes, vault, clock, random })
  const dispatch = createDispatch({ cases, shelf, vault, settings, log: sealedLog, mail })
  const walls = createWalls({ people, officersOf, settings, log: sealedLog, clock })
  const desk = createDesk({ cases, bodies, dispatch, walls, log: sealedLog, clock })
  const impose = createImposing({ cases, bodies, people, courseFacts, walls, dispatch, clock })
  const ordinary = createOrdinary({ cases, facts: parts.ordinary, log })
  const certificates = createBespokeCertificates({
    shelf,
    vault,
    settings,
    ordinary,
    dispatch,
    people,
    bodies,
    draw: parts.drawBespoke,
    clock,
    random,
    log,
  })
  const revoke = (held: Case) => certificates.revoke(held)
  const bespoke = createBespoke({ cases, desk, people, log: sealedLog, clock, random, revoke })
  const respondent = createRespondent({ cases, desk, clock })
  const sharing = createSharing({ cases, desk, respondent, certificates, random })
  const reading = createReading({
    cases,
    shelf,
    vault,
    desk,
    walls,
    log: sealedLog,
    proofs,
    bodies,
  })
  const webhooks = createWebhooks({
    shelf,
    vault,
    settings,
    log: sealedLog,
    clock,
    random,
    judge,
    send,
  })
  const replies = createReplies({ shelf, vault, cases })
  const endOfLife = createEndOfLife({
    cases,
    shelf,
    vault,
    desk,
    log: sealedLog,
    bodies,
    clock,
  })
  const keyChange = createKeyChange({ keys, rings, settings, log: sealedLog, clock })
  const parked = (body: string, endpoint: string) =>
    mail.write([
      mail.draft(body, { to: 'body', body }, { once: `parked:${endpoint}:${clock.today()}` }),
    ])
  const courier = createCourier({ shelf, vault, settings, waiting, clock, judge, send, parked })
  const upkeep = createUpkeep({
    store,
    cases,
    bodies,
    keys,
    vault,
    settings,
    dispatch,
    ordinary,
    certificates,
    endOfLife,
    sealedLog,
    proofs,
    leases,
    clock,
    log,
  })
  return {
    bodies,
    settings,
    waiting,
    sealedLog,
    mail,
    dispatch,
    desk,
    impose,
    ordinary,
    certificates,
    bespoke,
    respondent,
    sharing,
    keyChange,
    reading,
    webhooks,
    replies,
    endOfLife,
    courier,
    upkeep,
  }
}
