import { personOf, type Actor } from '../actor.js'
import type { Audit, Proof } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import { notFound } from '../errors.js'
import type { Sentence } from '../language.js'
import type { People } from '../people/people.js'
import { bakePng, bakeSvg } from './badge.js'
import { statusOn, type Certificate, type Status } from './certificate.js'
import type { CertificatesStore } from './certificates-store.js'
import { asWritten } from './characters.js'
import type { Drawing } from './drawing.js'
import { issueRecord } from './following.js'
import { isCurrent, type Issued } from './issued.js'
import type { Library } from './library.js'
import type { Replacing } from './replacing.js'
import { parseSerial } from './serial.js'
import type { WaitingStore } from './waiting-store.js'

/** One's own certificate: everything that stands on it, and what became of it. */
export interface OwnCertificate {
  certificate: Certificate
  status: Status
  afterlife: Issued['afterlife']
  issuedAt: Date
  /** Whether the public page leaves the name out: by one's own choice, or because it is a former one. */
  masked: boolean
  nameless: boolean
  drawn: boolean
  /** One bears another name now, and may have a certificate in that. */
  renamable: boolean
}

/** A completion of one's own whose certificate waits, and why. */
interface OwnWaiting {
  course: string
  completedOn: Certificate['completedOn']
  why: Sentence
}

type CertificateForm = 'pdf' | 'credential' | 'png' | 'svg'

/** What holders do with their certificates. Somebody else's is not found. */
export interface Holding {
  /**
   * Every certificate that one ever had, and completions whose certificate waits, with the reason.
   */
  all(actor: Actor): Promise<{ certificates: OwnCertificate[]; waiting: OwnWaiting[] }>
  /** Throws not-found, for somebody else’s as for one that was never issued. */
  get(actor: Actor, serial: string): Promise<OwnCertificate>
  /** The same bytes for ever. What waits is drawn at once; throws `unavailable` where it cannot be. */
  download(actor: Actor, serial: string, form: CertificateForm): Promise<Buffer>
  /** The proof from the log; nothing while the issue waits for its place there. */
  proof(actor: Actor, serial: string): Promise<Proof | undefined>
  /** Chooses whether the public page shows one's name. */
  mask(actor: Actor, serial: string, masked: boolean): Promise<void>
  /** A certificate in one's present name; the old one's public page then shows no name. */
  rename(actor: Actor, serial: string): Promise<OwnCertificate>
}

export function createHolding(parts: {
  store: CertificatesStore
  waiting: WaitingStore
  drawing: Drawing
  replacing: Replacing
  library: Library
  people: Pick<People, 'find'>
  audit: Pick<Audit, 'proof' | 'record'>
  clock: Clock
}): Holding {
  const { store, waiting, drawing, replacing, library, people, audit, clock } = parts

  const holderOf = (actor: Actor): string => {
    const person = personOf(actor)
    if (person === undefined) throw notFound()
    return person
  }

  async function own(actor: Actor, text: string): Promise<Issued> {
    const serial = parseSerial(text)
    const issued = serial && (await store.find(serial))
    if (issued?.person !== holderOf(actor)) throw notFound()
    return issued
  }

  async function shown(many: readonly Issued[], person: string): Promise<OwnCertificate[]> {
    const name = (await people.find(person))?.name
    return many.map((issued) => {
      const { certificate, afterlife, issuedAt, masked, nameless, drawn } = issued
      const other = name !== undefined && asWritten(name) !== certificate.holder
      const renamable = other && isCurrent(issued) && !afterlife.revoked
      const status = statusOn(certificate, afterlife, clock.today())
      return { certificate, status, afterlife, issuedAt, masked, nameless, drawn, renamable }
    })
  }

  async function one(issued: Issued): Promise<OwnCertificate> {
    const [found] = await shown([issued], issued.person)
    if (!found) throw notFound()
    return found
  }

  return {
    async all(actor) {
      const person = holderOf(actor)
      const [issued, held] = await Promise.all([store.ofPeople([person]), waiting.of(person)])
      return {
        certificates: (await shown(issued, person)).sort(youngestFirst),
        waiting: held.map(({ completion, why }) => ({
          course: completion.course,
          completedOn: completion.on,
          why,
        })),
      }
    },
    get: async (actor, serial) => one(await own(actor, serial)),
    async download(actor, serial, form) {
      const issued = await own(actor, serial)
      const { pdf, credential } = await drawing.bytesOf(issued)
      if (form === 'pdf') return pdf
      if (form === 'credential') return Buffer.from(credential)
      const { badge } = await library.frozen(issued.certificate.design)
      return form === 'png'
        ? bakePng(badge.png, credential)
        : Buffer.from(bakeSvg(badge.svg, credential))
    },
    async proof(actor, serial) {
      const { certificate } = await own(actor, serial)
      return audit.proof(issueRecord(certificate.serial))
    },
    async mask(actor, serial, masked) {
      const { certificate, person } = await own(actor, serial)
      await store.mask(certificate.serial, masked)
      const act = { act: 'certificate.masked', people: [person] } as const
      await audit.record(actor, { ...act, serial: certificate.serial, masked })
    },
    async rename(actor, serial) {
      return one(await replacing.replace(actor, await own(actor, serial), 'change-of-name'))
    },
  }
}

function youngestFirst({ certificate: a }: OwnCertificate, { certificate: b }: OwnCertificate) {
  const [one, other] = [a.completedOn + a.issuedOn, b.completedOn + b.issuedOn]
  return one === other ? (a.serial < b.serial ? -1 : 1) : one > other ? -1 : 1
}
