import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

// What only some acts need, and what takes a tenth of a second to be read each: not at every start.

/** The reader of faces, read when a design first is. */
export const fontkit = (): typeof import('fontkit') => require('fontkit') as never

/** What writes X.509 certificates, and its ASN.1, read when a document key first needs one. */
export const asn1js = (): typeof import('asn1js') => require('asn1js') as never
export const pkijs = (): typeof import('pkijs') => require('pkijs') as never
