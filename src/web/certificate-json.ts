import type { Finding, PublicCertificate } from '../certificates/certificates.js'
import { languages, type Words } from '../language.js'

const saidOf =
  (words: Words) =>
  ({ finding, weight, field, say }: Finding): object => ({
    finding,
    weight,
    ...(field ? { field } : {}),
    says: Object.fromEntries(languages.map((language) => [language, words.say(language, say)])),
  })

/** What programs are told of a certificate: the same to whoever asks, with every sentence in both languages. */
export const certificateJson = (
  words: Words,
  { verdict, status, findings, ...certificate }: PublicCertificate,
): object => ({
  verdict,
  ...status,
  ...certificate,
  findings: findings.map(saidOf(words)),
})
