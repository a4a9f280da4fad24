import { z } from 'zod'
import { dayOf, parseDay, type Day } from '../clock.js'
import type { Language } from '../language.js'
import { deliveries, type Certificate, type Delivery } from './certificate.js'
import { asWritten } from './characters.js'
import { purposes, type Place, type Purpose } from './status-list.js'

/** The fields that a certificate shows, as one of its forms (page, credential, record) tells them. */
export interface ShownFields {
  serial: string
  holder: string
  course: string
  courseId: string
  version: string
  versionHash: string
  delivery: Delivery
  completedOn: Day
  issuedOn: Day
  validUntil?: Day
  language: Language
  institution: string
  issuer: string
  address: string
}
export type FieldName = keyof ShownFields

/** The fields as the institution's own record has them, in the certificate's language. */
export const shownFieldsOf = (certificate: Certificate): ShownFields => ({
  serial: certificate.serial,
  holder: asWritten(certificate.holder),
  course: asWritten(certificate.course.title[certificate.language]),
  courseId: certificate.course.id,
  version: asWritten(certificate.course.version.label),
  versionHash: certificate.course.version.hash,
  delivery: certificate.delivery,
  completedOn: certificate.completedOn,
  issuedOn: certificate.issuedOn,
  ...(certificate.validUntil ? { validUntil: certificate.validUntil } : {}),
  language: certificate.language,
  institution: asWritten(certificate.institution.name[certificate.language]),
  issuer: certificate.institution.did,
  address: certificate.address,
})

/** Stands for a field that one of two forms has not. */
export const absent = '–'

/** Which fields two forms of one certificate tell differently, and how. */
export const differences = (
  expected: ShownFields,
  found: ShownFields,
): { field: FieldName; expected: string; found: string }[] => {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)] as FieldName[])
  return [...names]
    .map((field) => ({ field, expected: expected[field] ?? absent, found: found[field] ?? absent }))
    .filter((one) => one.expected !== one.found)
}

const day = z.string().transform((text, context): Day => {
  const parsed = parseDay(text.slice(0, 10))
  if (!parsed || !/^\d{4}-\d\d-\d\dT00:00:00Z$/.test(text)) {
    context.addIssue({ code: 'custom', message: 'not a day' })
  }
  return parsed ?? (text as Day)
})

const lastDay = z.iso.datetime().transform((text): Day => dayOf(new Date(text)))

const schema = z.object({
  id: z.string(),
  issuer: z.object({ id: z.string(), name: z.string() }),
  validFrom: day,
  validUntil: lastDay.optional(),
  credentialSubject: z.object({
    identifier: z.tuple([z.object({ identityHash: z.string(), identityType: z.literal('name') })]),
    activityEndDate: day,
    licenseNumber: z.string(),
    achievement: z.object({
      id: z.string(),
      name: z.string(),
      humanCode: z.string(),
      version: z.string(),
      inLanguage: z.enum(['en', 'cy']),
    }),
  }),
  evidence: z.tuple([z.object({ genre: z.enum(deliveries) })]),
  credentialStatus: z
    .array(
      z.object({
        statusPurpose: z.enum(purposes),
        statusListIndex: z.string().regex(/^\d{1,9}$/),
        statusListCredential: z.string(),
      }),
    )
    .optional(),
})

/** Reads a credential's fields; nothing where it is not one of a certificate. Says nothing of its proof. */
export function fieldsOf(
  credential: unknown,
): { fields: ShownFields; places: readonly (Place & { purpose: Purpose })[] } | undefined {
  const parsed = schema.safeParse(credential)
  if (!parsed.success) return undefined
  const { data } = parsed
  const { achievement } = data.credentialSubject
  const fields: ShownFields = {
    serial: data.credentialSubject.licenseNumber,
    holder: data.credentialSubject.identifier[0].identityHash,
    course: achievement.name,
    courseId: achievement.humanCode,
    version: achievement.version,
    versionHash: achievement.id.split('/').at(-1) ?? '',
    delivery: data.evidence[0].genre,
    completedOn: data.credentialSubject.activityEndDate,
    issuedOn: data.validFrom,
    ...(data.validUntil ? { validUntil: data.validUntil } : {}),
    language: achievement.inLanguage,
    institution: data.issuer.name,
    issuer: data.issuer.id,
    address: data.id,
  }
  const places = (data.credentialStatus ?? []).map((entry) => ({
    purpose: entry.statusPurpose,
    list: entry.statusListCredential,
    index: Number(entry.statusListIndex),
  }))
  return { fields, places }
}
