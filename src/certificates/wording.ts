import { writeShortDay } from '../language.js'
import type { Certificate } from './certificate.js'
import { asWritten } from './characters.js'
import { fill, type DesignFile, type Placeholder } from './design.js'

/** What a certificate says, placeholder by placeholder, in its own language. */
export function valuesOf(
  certificate: Certificate,
  design: DesignFile,
  masked = false,
): Partial<Record<Placeholder, string>> {
  const { language } = certificate
  return {
    holder: masked ? design.masked[language] : asWritten(certificate.holder),
    course: asWritten(certificate.course.title[language]),
    delivery: design.deliveries[certificate.delivery][language],
    'completed-on': writeShortDay(language, certificate.completedOn),
    'issued-on': writeShortDay(language, certificate.issuedOn),
    serial: certificate.serial,
    institution: asWritten(certificate.institution.name[language]),
    address: certificate.address,
    // Training made for one person has no version; the design then leaves that out.
    ...(certificate.course.version.label === ''
      ? {}
      : { version: asWritten(certificate.course.version.label) }),
    ...(certificate.validUntil
      ? { 'valid-until': writeShortDay(language, certificate.validUntil) }
      : {}),
  }
}

/** The design's texts filled in for one certificate; nothing for one that needs an absent value. */
export function wordsOf(
  certificate: Certificate,
  design: DesignFile,
  masked = false,
): (text: string) => string | undefined {
  const values = valuesOf(certificate, design, masked)
  const texts = design.texts[certificate.language]
  return (text) => fill(texts[text] ?? '', values)
}
