import type { Readable } from 'node:stream'
import { chunk, uniq } from 'es-toolkit'
import type { Actor, PersonActor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { Files, Leases } from '../database/database.js'
import { conflict, invalid, notFound, refused } from '../errors.js'
import type { Language } from '../language.js'
import type { Log } from '../log.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import type { BundleForm, BundlesStore, StoredBundle } from './bundles-store.js'
import type { CertificatesStore } from './certificates-store.js'
import { asWritten } from './characters.js'
import { isWaitingForPress, type Drawing } from './drawing.js'
import { isCurrent, type Issued } from './issued.js'
import type { Press } from './press.js'
import type { Serial } from './serial.js'
import { fileName, zipOf } from './zipping.js'

/** What of many certificates is wanted together. */
export interface BundleRequest {
  /** What whoever fetches it calls it: an office's name, a training session's. */
  title: string
  form: BundleForm
  language: Language
  /** Of whom: the latest certificate of each of these for a course, or those of these completions. */
  of:
    { holders: readonly { person: string; course: string }[] } | { completions: readonly string[] }
}

/** How far a bundle is. */
interface Bundle {
  id: string
  title: string
  form: BundleForm
  at: Date
  expiresAt: Date
  /** Certificates in it, and how many of them have been drawn. */
  total: number
  drawn: number
  ready: boolean
  /** It could not be made; a zip still can. */
  failed: boolean
}

/** Certificates of many, as one zip or one document, made beside the requests and taken up after a crash. */
export interface Bundles {
  /**
   * Begins a bundle for a signed-in person, of the current certificates that stand. Whoever calls has made
   * sure that the actor may have them. Throws `invalid` where there are none, or too many.
   */
  begin(actor: Actor, request: BundleRequest): Promise<Bundle>
  /** Throws not-found for everybody but who began it. */
  get(actor: Actor, id: string): Promise<Bundle>
  /** What one began last, twenty at most, the newest first. */
  of(actor: Actor): Promise<Pick<Bundle, 'id' | 'title' | 'form' | 'at' | 'expiresAt'>[]>
  /** The finished file. Throws `conflict` while it is not. */
  fetch(actor: Actor, id: string): Promise<{ name: string; type: string; body: Buffer | Readable }>
  /** Makes one document that waits, and lets go of old ones; answers how many. */
  work(): Promise<number>
}

const most: Record<BundleForm, number> = { zip: 20_000, pdf: 500 }
const keptDays = 7
const day = 86_400_000

const accountOf = (actor: Actor): PersonActor => {
  if (actor.kind !== 'person') throw refused('problem.refused')
  return actor
}

export function createBundles(parts: {
  store: BundlesStore
  certificates: CertificatesStore
  drawing: Drawing
  press: Press
  files: Files
  leases: Leases
  audit: Pick<Audit, 'record'>
  people: Pick<People, 'byId'>
  clock: Clock
  random: Random
  log: Pick<Log, 'error'>
}): Bundles {
  const { store, certificates, drawing, press, files, leases, audit, people } = parts
  const { clock, random, log } = parts

  async function wanted(of: BundleRequest['of']): Promise<Issued[]> {
    const ids = 'holders' in of ? uniq(of.holders.map(({ person }) => person)) : of.completions
    const found: Issued[] = []
    for (const batch of chunk([...ids], 1000)) {
      found.push(
        ...('holders' in of
          ? await certificates.ofPeople(batch)
          : await certificates.ofCompletions(batch)),
      )
    }
    const standing = found.filter((one) => isCurrent(one) && !one.afterlife.revoked)
    const shown = 'holders' in of ? latestOf(standing, of.holders) : standing
    const known = await people.byId(shown.map(({ person }) => person))
    // A former name is nobody else's to read: whoever bears another now has to have theirs issued in it.
    const present = shown.filter(({ person, certificate: { holder } }) => {
      const name = known.get(person)?.name
      return name !== undefined && asWritten(name) === holder
    })
    return present.sort((a, b) => orderOf(a).localeCompare(orderOf(b)))
  }

  async function held(actor: Actor, id: string): Promise<StoredBundle> {
    const bundle = await store.find(id)
    if (bundle?.account !== accountOf(actor).account) throw notFound()
    return bundle
  }

  async function progress({ _id: id, serials, ...bundle }: StoredBundle): Promise<Bundle> {
    const total = serials.length
    const drawn = bundle.form === 'zip' ? await certificates.countDrawn(serials) : 0
    const { title, form, at, expiresAt, file } = bundle
    const ready = form === 'zip' ? drawn === total : file !== undefined
    const far = { total, drawn: ready ? total : drawn, ready, failed: bundle.failed ?? false }
    return { id, title, form, at, expiresAt, ...far }
  }

  /** In the order in which they were put, a few at a time: a bundle may hold thousands. */
  async function issuedOf(serials: readonly Serial[]): Promise<Issued[]> {
    const found = new Map(
      (await certificates.bySerials(serials)).map((one) => [one.certificate.serial, one]),
    )
    return serials.flatMap((serial) => found.get(serial) ?? [])
  }

  async function make({ _id: id, serials, title, language }: StoredBundle): Promise<number> {
    const inside = await issuedOf(serials)
    try {
      const packed = await drawing.packedFor(inside)
      const shown = inside.map(({ certificate }) => certificate)
      const book = await press.book({ certificates: shown, packed, title, language })
      const file = await files.put(book)
      if (!(await store.made(id, file))) await files.remove(file.id)
    } catch (error) {
      if (isWaitingForPress(error)) return 0
      log.error({ err: error, bundle: id }, 'certificates could not be drawn into one document')
      await store.failed(id)
    }
    return 1
  }

  return {
    async begin(actor, { title, form, language, of }) {
      const { account } = accountOf(actor)
      const serials = (await wanted(of)).map(({ certificate }) => certificate.serial)
      if (serials.length === 0) throw invalid('certificate-bundles.none')
      if (serials.length > most[form]) {
        throw invalid(`certificate-bundles.too-many-${form}`, {
          number: serials.length,
          most: most[form],
        })
      }
      const at = clock.now()
      const bundle: StoredBundle = {
        _id: random.id(),
        account,
        title,
        form,
        language,
        serials,
        at,
        expiresAt: new Date(at.getTime() + keptDays * day),
        ...(form === 'pdf' ? { waiting: true as const } : {}),
      }
      await store.add(bundle)
      const act = { act: 'certificates.gathered', bundle: bundle._id } as const
      await audit.record(actor, { ...act, certificates: serials.length })
      return progress(bundle)
    },
    get: async (actor, id) => progress(await held(actor, id)),
    async of(actor) {
      const found = await store.of(accountOf(actor).account, 20)
      return found.map(({ _id: id, title, form, at, expiresAt }) => ({
        id,
        title,
        form,
        at,
        expiresAt,
      }))
    },
    async fetch(actor, id) {
      const bundle = await held(actor, id)
      if (!(await progress(bundle)).ready) throw conflict('certificate-bundles.not-ready')
      const name = fileName([bundle.title], bundle.form)
      const type = `application/${bundle.form}`
      if (bundle.form === 'pdf') {
        const body = bundle.file && (await files.find(bundle.file.id))
        if (!body) throw notFound()
        return { name, type, body }
      }
      const inside = await issuedOf(bundle.serials)
      const entries = inside.map((issued) => ({
        name: fileName([...namesOf(issued), issued.certificate.serial], 'pdf'),
        bytes: async () => (await drawing.bytesOf(issued)).pdf,
      }))
      return { name, type, body: zipOf(entries, bundle.at) }
    },
    async work() {
      const done = await leases.hold('bundles', 300, async () => {
        const old = await store.expired(clock.now(), 10)
        for (const { _id, file } of old) {
          if (file) await files.remove(file.id)
          await store.remove(_id)
        }
        const next = await store.toMake()
        return old.length + (next ? await make(next) : 0)
      })
      return done ?? 0
    },
  }
}

/** The youngest certificate of each of these people for the course named with them. */
function latestOf(
  many: readonly Issued[],
  holders: readonly { person: string; course: string }[],
): Issued[] {
  const wanted = new Set(holders.map(({ person, course }) => `${person}/${course}`))
  const latest = new Map<string, Issued>()
  for (const one of many) {
    const key = `${one.person}/${one.certificate.course.id}`
    const known = latest.get(key)?.certificate.completedOn
    const younger = known === undefined || known < one.certificate.completedOn
    if (wanted.has(key) && younger) latest.set(key, one)
  }
  return [...latest.values()]
}

const namesOf = ({ certificate: { holder, course, language } }: Issued): string[] => [
  holder,
  course.title[language],
]
const orderOf = (issued: Issued): string =>
  [...namesOf(issued), issued.certificate.completedOn, issued.certificate.serial].join('/')
