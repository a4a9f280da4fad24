import { isEqual } from 'es-toolkit'
import type { Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import { conflict, invalid, unavailable } from '../errors.js'
import type { Bilingual } from '../language.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import type { Certificate, Institution } from './certificate.js'
import type { CertificatesStore } from './certificates-store.js'
import { asWritten, nameCharacters } from './characters.js'
import { unsupportedCharacters } from './design-faces.js'
import type { Following } from './following.js'
import { issueKey, type Issued, type Replacement } from './issued.js'
import type { Issuing } from './issuing.js'
import type { Library } from './library.js'
import type { StatusLists } from './lists.js'
import { newSerial } from './serial.js'

export interface Replacing {
  /**
   * Issues a certificate that takes the place of another: of the same completion, in the holder's present
   * name, with what the course is called now, dated today. Twice, or twice at once, gives one.
   * Throws `conflict` where the old one was revoked, or where nothing would be different.
   */
  replace(actor: Actor, old: Issued, why: Replacement): Promise<Issued>
}

export function createReplacing(parts: {
  store: CertificatesStore
  following: Following
  issuing: Pick<Issuing, 'trouble'>
  library: Library
  lists: StatusLists
  people: Pick<People, 'get'>
  institution: Institution
  verifyAddress: string
  titleOf: (course: string, version: string) => Bilingual
  clock: Clock
  random: Random
}): Replacing {
  const { store, following, issuing, library, lists, people, clock, random } = parts

  async function composed(old: Certificate, person: string): Promise<Certificate> {
    const { name, language } = await people.get(person)
    const design = library.current()
    const holder = asWritten(name)
    const missing = unsupportedCharacters(holder, design)
    if (missing.length > 0) {
      throw invalid('certificates.unsupported', { letters: nameCharacters(missing) })
    }
    const { course, delivery, completedOn, validUntil } = old
    const serial = newSerial(random)
    return {
      serial,
      holder,
      course: { ...course, title: parts.titleOf(course.id, course.version.hash) },
      delivery,
      completedOn,
      issuedOn: clock.today(),
      ...(validUntil ? { validUntil } : {}),
      language,
      institution: parts.institution,
      design: { id: design.id, hash: design.hash },
      address: `${parts.verifyAddress}/${serial}`,
    }
  }

  const successorOf = async ({ completion, certificate }: Issued): Promise<Issued | undefined> =>
    (await store.byKeys([issueKey(completion, certificate.serial)]))[0]

  return {
    async replace(actor, old, why) {
      if (old.afterlife.revoked) throw conflict('certificates.replace.revoked')
      const known = await successorOf(old)
      if (known) return known
      const trouble = issuing.trouble()
      if (trouble) throw unavailable(trouble.key, trouble.with)
      const certificate = await composed(old.certificate, old.person)
      if (!differs(certificate, old.certificate, why)) throw conflict('certificates.replace.same')
      await library.keep(library.current())
      while (!(await successorOf(old))) {
        const [place] = await lists.places(1)
        if (!place) continue
        const now = clock.now()
        const by: Actor = actor.kind === 'person' ? { ...actor, roles: [] } : actor
        await store.add([
          {
            certificate,
            completion: old.completion,
            person: old.person,
            issuedAt: now,
            drawAt: now,
            place,
            afterlife: {},
            replaces: { serial: old.certificate.serial, why, by },
            masked: old.masked,
            nameless: false,
            drawn: false,
            follows: random.id(),
          },
        ])
      }
      const made = await successorOf(old)
      if (!made) throw conflict('certificates.replace.revoked')
      await following.follow([made], true)
      return made
    },
  }
}

/** Whether there is anything to be put right. */
function differs(now: Certificate, was: Certificate, why: Replacement): boolean {
  if (now.holder !== was.holder) return true
  if (why === 'change-of-name') return false
  return now.language !== was.language || !isEqual(now.course.title, was.course.title)
}
