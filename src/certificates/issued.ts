import type { Actor } from '../actor.js'
import type { Day } from '../clock.js'
import type { Afterlife, Certificate, Delivery } from './certificate.js'
import type { Serial } from './serial.js'
import type { Place } from './status-list.js'

/** What a certificate is issued for: the few fields of a completion that matter here. */
export interface CertifiedCompletion {
  id: string
  person: string
  course: string
  version: { hash: string; label: string }
  delivery: Delivery
  on: Day
}

/** Why a certificate takes the place of another. */
export type Replacement = 'correction' | 'change-of-name'

/**
 * A certificate as it is kept: what was frozen at issue, and beside it what happened since. It is unique by
 * its completion, or, where it took another's place, by that one.
 */
export interface Issued {
  certificate: Certificate
  completion: string
  person: string
  issuedAt: Date
  place: Place
  afterlife: Afterlife
  replaces?: { serial: Serial; why: Replacement; by: Actor }
  /** The holder chose that the public page not show their name. */
  masked: boolean
  /** The holder bears another name now; nobody is told this one any more. */
  nameless: boolean
  /** Whether its bytes are there. Until then it is drawn by whoever asks first. */
  drawn: boolean
  /** When it is drawn next, if it is not; later each time that it failed. */
  drawAt?: Date
  /** Present until the log and whoever else must know have been told of the last change. */
  follows?: string
}

/** Whether the public learns the name that stands on a certificate. */
export const showsName = ({ masked, nameless }: Pick<Issued, 'masked' | 'nameless'>): boolean =>
  !masked && !nameless

/** Under which key it can be issued only once: two requests at the same time give one certificate. */
export const issueKey = (completion: string, replaced?: Serial): string =>
  replaced === undefined ? completion : `${completion} after ${replaced}`

/** What somebody shows of a completion today: the one that no other has taken the place of. */
export const isCurrent = ({ afterlife }: Pick<Issued, 'afterlife'>): boolean =>
  afterlife.superseded === undefined
