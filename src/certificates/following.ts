import { systemActor } from '../actor.js'
import type { Audit, Entry } from '../audit/audit.js'
import type { Random } from '../random.js'
import type { CertificatesStore } from './certificates-store.js'
import { isCurrent, type Issued } from './issued.js'
import { issueEntry } from './log-proof.js'

/** A certificate, and the completion it is for: what others need to know of one. */
export interface BoundCertificate {
  completion: string
  serial: string
}

/** Whoever must know what became of certificates. Each may be told again. */
export interface Told {
  /** They have been issued; those that were told before may be among them. */
  issued(certificates: readonly BoundCertificate[]): Promise<void>
  /** They have been revoked or replaced. */
  revoked(certificates: readonly BoundCertificate[]): Promise<void>
}

/** What follows from a change of a certificate: the log, the one it took the place of, whoever must know. */
export interface Following {
  /**
   * Does everything that follows, in an order in which any step may be the last before a crash; then takes
   * the marks of these changes away.
   *
   * @param tell whether whoever must know of new certificates is told, because no caller will do it
   */
  follow(many: readonly Issued[], tell: boolean): Promise<void>
  /** Finishes what a crash left; answers how many. */
  finish(): Promise<number>
}

const certificates = systemActor('certificates')
const batchSize = 500

export const bound = ({ certificate, completion }: Issued): BoundCertificate => ({
  completion,
  serial: certificate.serial,
})

/** The entries of the log that tell of a certificate as it is now. */
function entriesOf({ certificate, completion, person, afterlife, replaces }: Issued): Entry[] {
  const { serial } = certificate
  const about = { people: [person], serial } as const
  const { revoked, superseded } = afterlife
  const entries: Entry[] = [
    {
      actor: replaces?.by ?? certificates,
      act: { act: 'certificate.issued', ...about, ...issueEntry(certificate), completion },
      key: issueRecord(serial),
    },
  ]
  if (revoked) {
    entries.push({
      actor: certificates,
      act: { act: 'certificate.revoked', ...about, ...revoked },
      key: revocationRecord(serial),
    })
  }
  if (superseded) {
    entries.push({
      actor: certificates,
      act: { act: 'certificate.superseded', ...about, ...superseded },
      key: `certificate.superseded:${serial}`,
    })
  }
  return entries
}

/** Under which key the issue of a certificate is recorded. */
export const issueRecord = (serial: string): string => `certificate.issued:${serial}`

/** And under which its revocation. */
export const revocationRecord = (serial: string): string => `certificate.revoked:${serial}`

export function createFollowing(parts: {
  store: CertificatesStore
  audit: Pick<Audit, 'recordMany'>
  told: Told
  random: Random
}): Following {
  const { store, audit, told, random } = parts

  /** The certificates whose places these have taken, with that noted. */
  async function outdated(many: readonly Issued[]): Promise<Issued[]> {
    const changed: Issued[] = []
    for (const { certificate, replaces, completion } of many) {
      const old = replaces && (await store.find(replaces.serial))
      if (!replaces || !old || !isCurrent(old)) continue
      const { serial: by, issuedOn: on } = certificate
      // First the names: once the old one is superseded, nobody comes back to this after a crash.
      if (replaces.why === 'change-of-name') await store.hideNames(completion, by)
      await store.supersede(old, { on, by, why: replaces.why }, random.id())
      const now = await store.find(replaces.serial)
      if (now) changed.push(now)
    }
    return changed
  }

  async function follow(many: readonly Issued[], tell: boolean): Promise<void> {
    if (many.length === 0) return
    const all = [...many, ...(await outdated(many))]
    await audit.recordMany(all.flatMap(entriesOf))
    const revoked = all.filter(({ afterlife }) => afterlife.revoked)
    if (revoked.length > 0) await told.revoked(revoked.map(bound))
    const valid = all.filter((one) => !one.afterlife.revoked && isCurrent(one))
    if (tell && valid.length > 0) await told.issued(valid.map(bound))
    await store.followed(all)
  }

  return {
    follow,
    async finish() {
      const left = await store.unfollowed(batchSize)
      await follow(left, true)
      return left.length
    },
  }
}
