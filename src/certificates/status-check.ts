import { z } from 'zod'
import { parseDay, type Day } from '../clock.js'
import { checkCredential } from './credential-check.js'
import { finding, type Finding } from './finding.js'
import type { PublishedKeys } from './published-keys.js'
import { decodeList, hasBit, purposes, type Place, type Purpose } from './status-list.js'

const listSchema = z.looseObject({
  id: z.string(),
  validFrom: z.string(),
  credentialSubject: z.looseObject({ statusPurpose: z.enum(purposes), encodedList: z.string() }),
})

/** What the published lists tell of one certificate. */
export interface Listed {
  findings: Finding[]
  /** The lists tell that, not when or why. */
  revoked: boolean
  superseded: boolean
}

interface ReadList {
  id: string
  purpose: Purpose
  bits: Buffer
  on: Day | undefined
}

async function readList(text: string, keys: PublishedKeys): Promise<ReadList | undefined> {
  const json = parse(text)
  const parsed = listSchema.safeParse(json)
  if (!parsed.success || (await checkCredential(json, keys)).state !== 'sound') return undefined
  const { id, validFrom, credentialSubject: list } = parsed.data
  const bits = decodeList(list.encodedList)
  const on = parseDay(validFrom.slice(0, 10))
  return bits ? { id, purpose: list.statusPurpose, bits, on } : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Looks a certificate up in the lists that were given. Says so where a list is missing or not genuine. */
export async function checkStatusLists(
  places: readonly (Place & { purpose: Purpose })[],
  texts: readonly string[],
  keys: PublishedKeys,
): Promise<Listed> {
  const lists = (await Promise.all(texts.map((text) => readList(text, keys)))).filter(
    (list) => list !== undefined,
  )
  const looked = places.map((place) => {
    const list = lists.find((one) => one.id === place.list && one.purpose === place.purpose)
    const inside = list !== undefined && place.index < list.bits.length * 8
    return { purpose: place.purpose, list, set: inside && hasBit(list.bits, place.index) }
  })
  const isSet = (purpose: Purpose): boolean =>
    looked.some((one) => one.purpose === purpose && one.set)
  const revocation = looked.find((one) => one.purpose === 'revocation')?.list
  return {
    findings: revocation
      ? [finding('note', 'status.list', revocation.on ? { on: revocation.on } : {})]
      : [finding('note', 'status.not-checked')],
    revoked: isSet('revocation'),
    superseded: isSet('refresh'),
  }
}
