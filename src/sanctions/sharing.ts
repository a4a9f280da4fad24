import type { Actor } from '../actor.js'
import { dayOf, type Day } from '../clock.js'
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

/** A certificate as a file is compared with it, and whether it was taken back. */
export interface KeptCertificate {
  fields: BespokeFields
  serial: string
  pdf: Buffer
  /** When it was taken back. Why, the case alone knows. */
  revokedOn?: Day
}

/** What somebody needs to check a certificate without this system: whose it is, and what is revoked. */
export interface CheckingPapers {
  body: BespokeFields['body']
  revoked: readonly number[]
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

  function keptOf(
    held: Case,
    { fields, drawn: { serial, pdf } }: ShownCertificate,
  ): KeptCertificate {
    const taken = held.steps.find((step) => step.step === 'revoked' && step.serial === serial)
    return { fields, serial, pdf, ...(taken ? { revokedOn: dayOf(taken.at) } : {}) }
  }

  async function papers({ fields: { body } }: ShownCertificate): Promise<CheckingPapers> {
    return { body, revoked: await certificates.revokedPlaces(body.id) }
  }

  async function shared(token: string): Promise<ShownCertificate> {
    const [held] = await cases.shared(token)
    if (held?.state.shareToken !== token) throw notFound()
    return shown(held)
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
    sharedCertificate: shared,
    sharedPapers: async (token: string): Promise<CheckingPapers> => papers(await shared(token)),

    /**
     * Every certificate of an outcome, for its holder or its body to compare a file with. Throws
     * not-found where there never was one.
     */
    async keptCertificates(actor: Actor, id: string): Promise<KeptCertificate[]> {
      const { held } = await take(actor, id, 'certificate')
      const all = await certificates.allOf(held)
      if (all.length === 0) throw notFound()
      return all.map((one) => keptOf(held, one))
    },
    async checkingPapers(actor: Actor, id: string): Promise<CheckingPapers> {
      const { held } = await take(actor, id, 'certificate')
      const [first] = await certificates.allOf(held)
      if (!first) throw notFound()
      return papers(first)
    },
  }
}
