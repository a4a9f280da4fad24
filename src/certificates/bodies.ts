import type { Clock, Day } from '../clock.js'
import type { Bilingual, Language } from '../language.js'
import type { Random } from '../random.js'
import type { Certificate, Delivery, Institution } from './certificate.js'
import type { Checker } from './checker.js'
import { signCredential } from './credential.js'
import { openIssuerKeys, publishedKeysOf, signersOf, type IssuerKeys } from './keys.js'
import type { Library } from './library.js'
import type { Press } from './press.js'
import type { PublishedKeys } from './published-keys.js'
import { newSerial, type Serial } from './serial.js'
import { emptyList, listCredential, purposes, withBit, type Place } from './status-list.js'
import type { Verification } from './verification.js'

/** What a certificate of training made for one person says. Every field is frozen when it is drawn. */
interface BespokeFields {
  body: { id: string; name: Bilingual }
  holder: string
  delivery: Delivery
  completedOn: Day
  issuedOn: Day
  language: Language
  /** Its place in the body's own, unpublished status list. */
  statusPlace: number
}

/** Such a certificate as whoever keeps it, sealed, gives it back. */
interface KeptBespoke {
  fields: BespokeFields
  serial: string
  pdf: Uint8Array
  /** The day alone: what its body wrote about it is kept with the case. */
  revokedOn?: Day
}

/**
 * Certificates of the sealed plane (domain, section 4): drawn and signed here with their body's own keys,
 * kept elsewhere, sealed. Nothing of them is stored, counted or logged by this.
 */
export interface BodyCertificates {
  /** Draws and signs one. Chance comes from the sealed plane. Throws `unavailable` where it cannot be now. */
  draw(
    fields: BespokeFields,
    random: Random,
  ): Promise<{ serial: string; pdf: Buffer; credential: string }>
  /** Every key a body ever signed with: given to holders with their certificate, published nowhere. */
  keys(body: BespokeFields['body']): PublishedKeys
  /** The body's status lists, signed, with these places revoked; given like its keys. */
  lists(body: BespokeFields['body'], revoked: readonly number[]): Promise<string[]>
  /**
   * Checks a file for somebody who may know of these certificates, all of one body: against the one
   * whose serial is in the file, or the last. Throws where there is none.
   */
  verify(bytes: Uint8Array, kept: readonly KeptBespoke[]): Promise<Verification>
}

export function createBodyCertificates(parts: {
  keysDir: string
  /** Whether absent rings are begun with new keys. */
  make: boolean
  institution: Institution
  /** Where people are told how such a certificate is checked: the public register does not know it. */
  address: string
  /** What stands in a course's place. */
  titleOf: (body: Bilingual) => Bilingual
  library: Pick<Library, 'current'>
  press: Press
  checker: Pick<Checker, 'verify' | 'serialIn'>
  clock: Clock
}): BodyCertificates {
  const { keysDir, make, institution, address, titleOf, library, press, checker, clock } = parts
  const opened = new Map<string, IssuerKeys>()

  // Opened when first needed: a body that never orders such training never waits for its keys.
  const keysOf = (body: string): IssuerKeys => {
    const keys = opened.get(body) ?? openIssuerKeys({ keysDir, issuer: { body }, make, clock })
    opened.set(body, keys)
    return keys
  }

  const issuerOf = ({ id, name }: BespokeFields['body']): Institution => ({
    name,
    did: `${institution.did}:bodies:${id}`,
  })

  /** No web address: whoever checks such a certificate asks nobody. */
  const placeOf = ({ body, statusPlace }: BespokeFields): Place => ({
    list: `${issuerOf(body).did}/status`,
    index: statusPlace,
  })

  function certificateOf(fields: BespokeFields, serial: Serial): Certificate {
    const { holder, body, delivery, completedOn, issuedOn, language } = fields
    const { id, hash } = library.current()
    return {
      serial,
      holder,
      course: { id: 'bespoke', title: titleOf(body.name), version: { label: '', hash: '' } },
      delivery,
      completedOn,
      issuedOn,
      language,
      institution: issuerOf(body),
      design: { id, hash },
      address,
    }
  }

  return {
    async draw(fields, random) {
      const serial = newSerial(random)
      const { pdf, credential } = await press.print({
        certificate: certificateOf(fields, serial),
        place: placeOf(fields),
        signers: signersOf(keysOf(fields.body.id), issuerOf(fields.body)),
        signedOn: clock.today(),
      })
      return { serial, pdf: Buffer.from(pdf), credential }
    },
    keys: (body) => publishedKeysOf(keysOf(body.id), issuerOf(body)),
    async lists(body, revoked) {
      const issuer = issuerOf(body)
      const { credential: signer } = signersOf(keysOf(body.id), issuer)
      const place = `${issuer.did}/status`
      const validFrom = `${clock.today()}T00:00:00Z`
      return Promise.all(
        purposes.map((purpose) => {
          const marked = purpose === 'revocation' ? revoked : []
          const list = withBit(emptyList(), ...marked)
          const credential = { place, purpose, list, issuer: issuer.did, validFrom }
          return signCredential(listCredential(credential), signer, validFrom)
        }),
      )
    },
    async verify(bytes, kept) {
      const within = await checker.serialIn(bytes)
      const meant = kept.find(({ serial }) => serial === within) ?? kept.at(-1)
      if (!meant) throw new RangeError('there is no certificate to compare with')
      const { fields, serial, pdf, revokedOn } = meant
      return checker.verify(bytes, {
        keys: publishedKeysOf(keysOf(fields.body.id), issuerOf(fields.body)),
        today: clock.today(),
        record: {
          certificate: certificateOf(fields, serial as Serial),
          afterlife: revokedOn ? { revoked: { on: revokedOn, reason: 'withdrawn' } } : {},
          pdf,
        },
      })
    },
  }
}
