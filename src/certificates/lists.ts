import type { Clock } from '../clock.js'
import { notFound } from '../errors.js'
import type { Random } from '../random.js'
import { signCredential, type CredentialSigner } from './credential.js'
import type { CertificatesStore } from './certificates-store.js'
import type { ListsStore } from './lists-store.js'
import {
  drawPlace,
  emptyList,
  listCredential,
  listSize,
  withBit,
  type Place,
  type Purpose,
} from './status-list.js'

/** The institution's status lists: where each certificate stands in them, and what they say, signed. */
export interface StatusLists {
  /** Places for new certificates, drawn by chance. Two processes may draw one: the store refuses it. */
  places(count: number): Promise<Place[]>
  /** A list as it is published, JSON text. Throws not-found, or `unavailable` while the key is. */
  published(id: string, purpose: Purpose): Promise<string>
  /** The addresses of all lists there are, without their purpose. */
  addresses(): Promise<string[]>
}

/** A list is used up to half, so that drawing a place soon finds a free one. */
const room = listSize / 2

export function createStatusLists(parts: {
  certificates: Pick<CertificatesStore, 'taken' | 'listed'>
  lists: ListsStore
  /** `<public url>/status`. */
  address: string
  issuer: string
  signer: () => CredentialSigner
  clock: Clock
  random: Random
}): StatusLists {
  const { certificates, lists, address, issuer, signer, clock, random } = parts
  const placeOf = (id: string): string => `${address}/${id}`
  const signed = new Map<string, { state: string; text: string }>()

  async function listWithRoom(): Promise<string> {
    const found = await lists.withRoom(room)
    if (found !== undefined) return found
    const id = random.id()
    await lists.begin(id, clock.now())
    return id
  }

  return {
    async places(count) {
      const id = await listWithRoom()
      const list = placeOf(id)
      const found = new Set<number>()
      while (found.size < count) {
        const drawn = Array.from({ length: count - found.size }, () =>
          drawPlace(random, (index) => found.has(index)),
        ).filter((index) => index !== undefined)
        const taken = await certificates.taken(list, drawn)
        for (const index of drawn) if (!taken.has(index)) found.add(index)
      }
      await lists.take(id, count)
      return [...found].map((index) => ({ list, index }))
    },
    async published(id, purpose) {
      if (!(await lists.exists(id))) throw notFound()
      const place = placeOf(id)
      const marked = (await certificates.listed(place, purpose)).sort((a, b) => a - b)
      const by = signer()
      const validFrom = `${clock.today()}T00:00:00Z`
      const name = `${place}/${purpose}`
      // The same marks on the same day, signed by the same key, give the same text.
      const state = [validFrom, by.verificationMethod, ...marked].join(' ')
      const known = signed.get(name)
      if (known?.state === state) return known.text
      const list = withBit(emptyList(), ...marked)
      const body = listCredential({ place, purpose, list, issuer, validFrom })
      const text = await signCredential(body, by, validFrom)
      signed.set(name, { state, text })
      return text
    },
    addresses: async () => (await lists.all()).map(placeOf),
  }
}
