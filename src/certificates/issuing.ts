import { setImmediate as breathe } from 'node:timers/promises'
import { chunk, partition } from 'es-toolkit'
import type { Clock, Day } from '../clock.js'
import { DomainError } from '../errors.js'
import { keyTroubleOf } from '../keys/keys.js'
import type { Bilingual, Sentence } from '../language.js'
import type { Log } from '../log.js'
import { nameOn, type People } from '../people/people.js'
import type { Random } from '../random.js'
import { impossibility, type Certificate, type Institution } from './certificate.js'
import type { CertificatesStore } from './certificates-store.js'
import { asWritten, nameCharacters } from './characters.js'
import { unsupportedCharacters } from './design-faces.js'
import type { Design } from './design-files.js'
import type { Following } from './following.js'
import type { CertifiedCompletion, Issued } from './issued.js'
import type { Library } from './library.js'
import type { StatusLists } from './lists.js'
import { newSerial } from './serial.js'
import type { WaitingCompletion, WaitingStore } from './waiting-store.js'

export interface IssuingParts {
  store: CertificatesStore
  waiting: WaitingStore
  following: Following
  library: Library
  lists: StatusLists
  people: Pick<People, 'byId' | 'names'>
  institution: Institution
  /** Where anybody can check certificates: `<public url>/verify`. */
  verifyAddress: string
  /** What a course was called in the version that was taught. */
  titleOf: (course: string, version: string) => Bilingual
  /** The last day on which each completion satisfies by itself; absent where it does for good. */
  lastDays: (completions: readonly CertifiedCompletion[]) => Promise<ReadonlyMap<string, Day>>
  /** Throws `unavailable` with `keys.…` while certificates could not be signed. */
  checkKeys: () => void
  clock: Clock
  random: Random
  log: Pick<Log, 'error'>
}

/** Turns completions into certificates, or into something that waits to become one. */
export interface Issuing {
  /**
   * Issues certificates for completions that have none. What cannot be issued waits, with the sentence
   * that says why. Answers the certificates there are, new or not.
   *
   * @param tell whether whoever must know is told, because no caller will do it
   */
  issue(completions: readonly CertifiedCompletion[], tell: boolean): Promise<Issued[]>
  /** Tries again what waits and is due; answers how many were issued. */
  retry(): Promise<number>
  /** Why nothing can be issued at all now; nothing where all is well. */
  trouble(): Sentence | undefined
}

const batchSize = 1000
// So many certificates are composed before others get their turn.
const handful = 100
const minute = 60_000
/** A name is corrected by people, and a clock is set right: looking every few minutes is soon enough. */
const againAfter = 5 * minute

type Composed = { certificate: Certificate } | { why: Sentence }

export function createIssuing(parts: IssuingParts): Issuing {
  const { store, waiting, following, library, lists, people, institution, clock, random } = parts
  let shouted: string | undefined

  function trouble(): Sentence | undefined {
    try {
      parts.checkKeys()
      library.current()
      shouted = undefined
      return undefined
    } catch (error) {
      const known = error instanceof DomainError ? error : undefined
      if (!known || (keyTroubleOf(known) === undefined && known.kind !== 'invalid')) throw error
      // Said once, and again when it has become another: somebody must act.
      if (shouted !== known.message) {
        parts.log.error({ reason: known.message }, 'no certificate can be issued; completions wait')
      }
      shouted = known.message
      return known.say
    }
  }

  /** The name on the day of the completion; the present one where only that can be written. */
  function holderOf(names: readonly (string | undefined)[], design: Design): Composed | string {
    const known = names.flatMap((name) => (name === undefined ? [] : [asWritten(name)]))
    const [then] = known
    if (then === undefined) return { why: { key: 'certificates.impossible.no-name' } }
    const writable = known.find((name) => unsupportedCharacters(name, design).length === 0)
    if (writable !== undefined) return writable
    const letters = nameCharacters(unsupportedCharacters(then, design))
    return { why: { key: 'certificates.unsupported', with: { letters } } }
  }

  async function compose(
    completions: readonly CertifiedCompletion[],
    design: Design,
  ): Promise<(completion: CertifiedCompletion) => Composed> {
    const ids = completions.map(({ person }) => person)
    const [persons, names, lastDays] = await Promise.all([
      people.byId(ids),
      people.names(ids),
      parts.lastDays(completions),
    ])
    return ({ id, person, course, version, delivery, on }) => {
      const then = nameOn(names.get(person) ?? [], on)
      const holder = holderOf([then, persons.get(person)?.name], design)
      if (typeof holder !== 'string') return holder
      const serial = newSerial(random)
      const validUntil = lastDays.get(id)
      const certificate: Certificate = {
        serial,
        holder,
        course: { id: course, title: parts.titleOf(course, version.hash), version },
        delivery,
        completedOn: on,
        issuedOn: clock.today(),
        ...(validUntil ? { validUntil } : {}),
        language: persons.get(person)?.language ?? 'en',
        institution,
        design: { id: design.id, hash: design.hash },
        address: `${parts.verifyAddress}/${serial}`,
      }
      const why = impossibility(certificate)
      return why ? { why: { key: `certificates.impossible.${why}` } } : { certificate }
    }
  }

  const waitingFor = (
    completion: CertifiedCompletion,
    why: Sentence,
    delay: number,
  ): WaitingCompletion => ({
    completion,
    why,
    next: new Date(clock.now().getTime() + delay),
  })

  /**
   * Writes certificates for completions, or why there is none. Places that were taken are drawn anew.
   * Answers what was written where that is for certain all there is.
   */
  async function write(
    completions: readonly CertifiedCompletion[],
  ): Promise<readonly Issued[] | undefined> {
    const inTheWay = trouble()
    if (inTheWay) {
      await waiting.put(completions.map((completion) => waitingFor(completion, inTheWay, 0)))
      return []
    }
    const design = library.current()
    const composed = await compose(completions, design)
    let missing: { completion: CertifiedCompletion; made: Composed }[] = []
    for (const some of chunk([...completions], handful)) {
      missing.push(...some.map((completion) => ({ completion, made: composed(completion) })))
      await breathe()
    }
    const [writable, refused] = partition(missing, ({ made }) => 'certificate' in made)
    await waiting.put(
      refused.flatMap(({ completion, made }) =>
        'why' in made ? [waitingFor(completion, made.why, againAfter)] : [],
      ),
    )
    missing = writable
    let first = true
    if (missing.length > 0) await library.keep(design)
    while (missing.length > 0) {
      const places = await lists.places(missing.length)
      const now = clock.now()
      const follows = random.id()
      const issued = missing.flatMap(({ completion: { id, person }, made }, index): Issued[] => {
        const place = places[index]
        if (!('certificate' in made) || !place) return []
        const { certificate } = made
        return [newIssue({ certificate, completion: id, person, place, follows }, now)]
      })
      if (await store.add(issued)) return first ? issued : undefined
      first = false
      const there = new Set(
        (await store.byKeys(missing.map(({ completion }) => completion.id))).map(
          ({ completion }) => completion,
        ),
      )
      missing = missing.filter(({ completion }) => !there.has(completion.id))
    }
    return first ? [] : undefined
  }

  const newIssue = (
    made: Pick<Issued, 'certificate' | 'completion' | 'person' | 'place'> & { follows: string },
    now: Date,
  ): Issued => ({
    ...made,
    issuedAt: now,
    drawAt: now,
    afterlife: {},
    masked: false,
    nameless: false,
    drawn: false,
  })

  /** A completion that was taken back while its certificate was being written takes that with it; answers whether any was. */
  async function revokeAnnulled(issued: readonly Issued[]): Promise<boolean> {
    const annulled = await waiting.annulled(issued.map(({ completion }) => completion))
    for (const [completion, revoked] of annulled) {
      const own = issued.filter((one) => one.completion === completion)
      await store.revoke(own, revoked, random.id())
    }
    return annulled.size > 0
  }

  async function issueBatch(
    completions: readonly CertifiedCompletion[],
    tell: boolean,
  ): Promise<readonly Issued[]> {
    const ids = completions.map(({ id }) => id)
    const there = new Set((await store.byKeys(ids)).map(({ completion }) => completion))
    const missing = completions.filter(({ id }) => !there.has(id))
    const written = missing.length > 0 ? await write(missing) : undefined
    const all = missing.length === ids.length ? written : undefined
    let issued = all ?? (await store.ofCompletions(ids))
    if (await revokeAnnulled(issued)) issued = await store.ofCompletions(ids)
    const changed = issued.filter(({ follows }) => follows !== undefined)
    await following.follow(changed, tell)
    await waiting.remove(issued.map(({ completion }) => completion))
    return issued
  }

  return {
    async issue(completions, tell) {
      const issued: Issued[] = []
      for (const batch of chunk([...completions], batchSize)) {
        issued.push(...(await issueBatch(batch, tell)))
      }
      return issued
    },
    async retry() {
      const now = clock.now()
      const [first] = await waiting.due(now, 1)
      if (!first || trouble()) return 0
      const due = await waiting.due(now, batchSize)
      return (
        await issueBatch(
          due.map(({ completion }) => completion),
          true,
        )
      ).length
    },
    trouble,
  }
}
