import { gunzipSync, gzipSync } from 'node:zlib'
import type { Random } from '../random.js'

/**
 * Bitstring Status List (W3C): one bit per certificate says whether it was revoked, one in a second list
 * whether a newer one took its place. Everybody fetches the whole list, so nobody learns which
 * certificate somebody asked about.
 */
export const purposes = ['revocation', 'refresh'] as const
export type Purpose = (typeof purposes)[number]

/** Where a certificate stands in its list. The place is drawn by chance and tells nothing of order. */
export interface Place {
  /** Address of the list without the purpose, such as `https://…/status/<list>`. */
  list: string
  index: number
}

/** 131,072 bits, the least that the standard allows, so that a list hides whom it is about. */
export const listSize = 131_072

/** A free place, drawn by chance. Nothing when draw after draw is taken: the list is nearly full, begin another. */
export function drawPlace(random: Random, isTaken: (index: number) => boolean): number | undefined {
  for (let tries = 0; tries < 64; tries += 1) {
    const index = random.below(listSize)
    if (!isTaken(index)) return index
  }
  return undefined
}

export const emptyList = (): Buffer => Buffer.alloc(listSize / 8)

/** The list with one bit set; bits are never taken back. Index 0 is the leftmost bit. */
export function withBit(list: Uint8Array, index: number): Buffer {
  checkIndex(list, index)
  const changed = Buffer.from(list)
  changed.writeUInt8(changed.readUInt8(index >> 3) | (0x80 >> (index & 7)), index >> 3)
  return changed
}

export function hasBit(list: Uint8Array, index: number): boolean {
  checkIndex(list, index)
  return ((list[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0
}

function checkIndex(list: Uint8Array, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= list.length * 8) {
    throw new RangeError(`no place ${index} in a list of ${list.length * 8}`)
  }
}

/** The list as it is published: gzip, then base64url with multibase's `u`. */
export const encodeList = (list: Uint8Array): string =>
  `u${gzipSync(list, { level: 9 }).toString('base64url')}`

/** Reads a published list; nothing when it is not one or unpacks to more than any list may be. */
export function decodeList(text: string): Buffer | undefined {
  if (!/^u[A-Za-z0-9_-]+$/.test(text)) return undefined
  try {
    const list = gunzipSync(Buffer.from(text.slice(1), 'base64url'), {
      maxOutputLength: 16 * 1024 * 1024,
    })
    return list.length * 8 >= listSize ? list : undefined
  } catch {
    return undefined
  }
}

/** The body of the credential that publishes a list, to be signed like any other. */
export const listCredential = (options: {
  place: string
  purpose: Purpose
  list: Uint8Array
  issuer: string
  validFrom: string
}): object => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: `${options.place}/${options.purpose}`,
  type: ['VerifiableCredential', 'BitstringStatusListCredential'],
  issuer: options.issuer,
  validFrom: options.validFrom,
  credentialSubject: {
    id: `${options.place}/${options.purpose}#list`,
    type: 'BitstringStatusList',
    statusPurpose: options.purpose,
    encodedList: encodeList(options.list),
  },
})
