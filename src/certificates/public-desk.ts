import type { Audit, Proof } from '../audit/audit.js'
import { parseDay, type Clock } from '../clock.js'
import type { Files } from '../database/database.js'
import { keyTroubleOf } from '../keys/keys.js'
import type { Institution } from './certificate.js'
import type { CertificatesStore } from './certificates-store.js'
import type { Checker } from './checker.js'
import { issueRecord, revocationRecord } from './following.js'
import { withoutName } from './hiding.js'
import { showsName, type Issued } from './issued.js'
import { publishedKeysOf, type IssuerKeys } from './keys.js'
import type { StatusLists } from './lists.js'
import { publicAfterlife, publicCertificate, type PublicCertificate } from './lookup.js'
import { didDocument, type PublishedKeys } from './published-keys.js'
import { revocationReasonOf } from './revocation.js'
import { parseSerial } from './serial.js'
import type { Purpose } from './status-list.js'
import type { Verification } from './verification.js'

/** What everybody may ask, whoever they are. */
export interface PublicDesk {
  /** The certificate of a serial as somebody typed it; nothing for one that was never issued here. */
  find(serial: string): Promise<PublicCertificate | undefined>
  /** Checks a PDF, credential or badge: signatures, bytes, every field, the log, and what became of it. */
  check(file: Uint8Array): Promise<Verification>
  /** The proof from the log; nothing where the name on the certificate is not told in public. */
  proof(serial: string): Promise<Proof | undefined>
  /** Every key that the institution ever signed with. Throws `unavailable` while they cannot be read. */
  keys(): PublishedKeys
  /** The institution’s DID document (`did:web`), by which credentials find its keys. */
  did(): object
  /** A status list, signed. Throws not-found, or `unavailable` while the key cannot be had. */
  list(id: string, purpose: Purpose): Promise<string>
  /** The addresses of all status lists, without their purpose. */
  lists(): Promise<string[]>
}

export function createPublicDesk(parts: {
  store: CertificatesStore
  files: Files
  checker: Checker
  lists: StatusLists
  audit: Pick<Audit, 'proof'>
  rings: IssuerKeys
  institution: Institution
  clock: Clock
}): PublicDesk {
  const { store, files, checker, lists, audit, rings, institution, clock } = parts
  const keys = (): PublishedKeys => publishedKeysOf(rings, institution)

  /** What the log tells of an act; nothing while that has no place in it, or the key cannot be had. */
  async function told(record: string): Promise<Proof | undefined> {
    try {
      return await audit.proof(record)
    } catch (error) {
      if (keyTroubleOf(error) === undefined) throw error
      return undefined
    }
  }

  /**
   * A certificate, and what shows that its issue stands in the log, where that can be had. A revocation that
   * somebody took out of the record alone stands in the log, and counts.
   */
  async function find(text: string) {
    const serial = parseSerial(text)
    if (!serial) return undefined
    // All at once: whoever holds the paper waits for the slowest of them, not for each.
    const [issued, proof, taken] = await Promise.all([
      store.find(serial),
      told(issueRecord(serial)),
      told(revocationRecord(serial)),
    ])
    if (!issued) return undefined
    const log = proof && { proof, keys: keys() }
    const on = taken && parseDay(String(taken.entry['on']))
    if (!on || issued.afterlife.revoked) return { issued, log }
    const revoked = { on, reason: revocationReasonOf(taken.entry['reason']) }
    return { issued: { ...issued, afterlife: { ...issued.afterlife, revoked } }, log }
  }

  async function recordOf(issued: Issued) {
    const kept = issued.drawn ? await store.bytes(issued.certificate.serial) : undefined
    const pdf = kept && (await files.find(kept.pdf.id))
    return {
      certificate: issued.certificate,
      afterlife: publicAfterlife(issued),
      ...(pdf ? { pdf } : {}),
    }
  }

  return {
    async find(serial) {
      const found = await find(serial)
      return found && publicCertificate(found.issued, clock.today(), found.log)
    },
    async check(file) {
      const serial = await checker.serialIn(file)
      const found = serial && (await find(serial))
      const known = { keys: keys(), today: clock.today() }
      if (!found) return checker.verify(file, known)
      const { issued, log } = found
      const verification = await checker.verify(file, {
        ...known,
        record: await recordOf(issued),
        ...(log ? { proof: JSON.stringify(log.proof) } : {}),
      })
      return showsName(issued) ? verification : withoutName(verification)
    },
    async proof(serial) {
      const found = await find(serial)
      // Whoever has salt and digest can try names until one fits.
      return found && showsName(found.issued) ? found.log?.proof : undefined
    },
    keys,
    did: () => didDocument(keys()),
    list: (id, purpose) => lists.published(id, purpose),
    lists: () => lists.addresses(),
  }
}
