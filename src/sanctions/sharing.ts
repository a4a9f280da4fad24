import type { Actor } from '../actor.js'
import { notFound } from '../errors.js'
import type { Random } from '../random.js'
import type {
  BespokeCertificates,
  BespokeFields,
  DrawnCertificate,
} from './bespoke-certificates.js'
import type { Case, Cases } from './cases.js'
import type { Desk } from './desk.js'
import { doerOf } from './officers.js'
import type { Respondent } from './respondent.js'
import type { Doer } from './steps.js'

/** A certificate of bespoke training as its holder, its body, or whoever was given the link sees it. */
export interface ShownCertificate {
  fields: BespokeFields
  drawn: DrawnCertificate
}

/**
 * Certificates that the public register does not know. Their holder and the body may pass a separate
 * link, which nobody can guess, to whom they choose, and take it back.
 */
export function createSharing(parts: {
  cases: Cases
  desk: Desk
  respondent: Respondent
  certificates: BespokeCertificates
  random: Random
}) {
  const { cases, desk, respondent, certificates, random } = parts

  /** The outcome, for the person concerned or an officer of its body, and as which of the two. */
  async function take(actor: Actor, id: string, what: string): Promise<{ held: Case; doer: Doer }> {
    const own = await respondent.find(actor, id)
    if (own) return { held: own, doer: doerOf(actor, 'respondent') }
    return { held: await desk.read(actor, { id }, what), doer: doerOf(actor) }
  }

  async function shown(held: Case): Promise<ShownCertificate> {
    const found = await certificates.of(held)
    if (!found) throw notFound()
    return found
  }

  return {
    async certificate(actor: Actor, id: string): Promise<ShownCertificate> {
      return shown((await take(actor, id, 'certificate')).held)
    },

    /** A new link; a former one ends. */
    async shareCertificate(actor: Actor, id: string): Promise<string> {
      const { held, doer } = await take(actor, id, 'share')
      await shown(held)
      const token = random.bytes(24).toString('base64url')
      await desk.write(held, [{ step: 'shared', token }], doer)
      return token
    },

    async stopSharing(actor: Actor, id: string): Promise<void> {
      const { held, doer } = await take(actor, id, 'share')
      if (held.state.shareToken) await desk.write(held, [{ step: 'shared' }], doer)
    },

    /** The certificate behind a link, for anybody who was given it. */
    async sharedCertificate(token: string): Promise<ShownCertificate> {
      const [held] = await cases.shared(token)
      if (held?.state.shareToken !== token) throw notFound()
      return shown(held)
    },
  }
}
