import type { Clock, Day } from '../clock.js'
import type { Bilingual, Language } from '../language.js'
import type { Log } from '../log.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import type { Case } from './cases.js'
import type { ConductBody } from './conduct-body.js'
import type { Dispatch } from './dispatch.js'
import type { Ordinary } from './ordinary.js'
import { bespokeSubject } from './outcome.js'
import type { Shelf } from './sealed-store.js'
import type { Settings } from './settings.js'
import type { BespokeSession } from './steps.js'
import { openAll, shapes, type Vault } from './vault.js'

/** What a certificate of bespoke training says. Every field is frozen when it is drawn. */
export interface BespokeFields {
  body: { id: string; name: Bilingual }
  /** The holder's name on the day it was issued. */
  holder: string
  delivery: BespokeSession['delivery']
  completedOn: Day
  issuedOn: Day
  issuedAt: Date
  language: Language
  /** Its place in the body's own, unpublished status list; random. */
  statusPlace: number
}

/** What was drawn: its serial, which the public register does not know, and its bytes. */
export interface DrawnCertificate {
  serial: string
  pdf: Buffer
  credential?: string
}

/**
 * Draws and signs a certificate with a body's own keys. Chance comes from the sealed plane. Throws
 * `unavailable` where a key cannot be had: the certificate then waits, and nothing else does.
 */
export type DrawBespoke = (fields: BespokeFields, random: Random) => Promise<DrawnCertificate>

interface SealedCertificate {
  fields: BespokeFields
  serial: string
  pdf: string
  credential?: string
}

const kind = 'certificate'

const shownOf = ({ fields, serial, pdf, credential }: SealedCertificate) => ({
  fields,
  drawn: { serial, pdf: Buffer.from(pdf, 'base64'), ...(credential ? { credential } : {}) },
})

/** How long a body's status list is: the least that a Bitstring Status List may have. */
const statusListSize = 131_072

export type BespokeCertificates = ReturnType<typeof createBespokeCertificates>

export function createBespokeCertificates(parts: {
  shelf: Shelf
  vault: Vault
  settings: Settings
  ordinary: Ordinary
  dispatch: Dispatch
  people: Pick<People, 'find'>
  bodies: ReadonlyMap<string, ConductBody>
  draw: DrawBespoke
  clock: Clock
  random: Random
  log: Log
}) {
  const { shelf, vault, settings, ordinary, dispatch, people, bodies, draw, clock, random, log } =
    parts

  const find = async (held: Case, completion: string): Promise<SealedCertificate | undefined> => {
    const hashes = vault.tags(held.body, [`certificate:${completion}`])
    return openAll<SealedCertificate>(vault, await shelf.unique(hashes), [held.body])[0]?.value
  }

  /** A place in the status list that no other certificate of the body has. */
  async function newPlace(body: string): Promise<number> {
    let place = random.below(statusListSize)
    await settings.change(body, (now) => {
      const taken = now.statusPlaces ?? []
      while (taken.includes(place)) place = random.below(statusListSize)
      return { ...now, statusPlaces: [...taken, place] }
    })
    return place
  }

  async function make(held: Case, body: ConductBody): Promise<void> {
    const { completion, terms } = held.state
    const person = await people.find(terms.respondent)
    if (!completion || !person) return
    const fields: BespokeFields = {
      body: { id: body.id, name: body.name },
      holder: person.name,
      delivery: completion.delivery,
      completedOn: completion.on,
      issuedOn: clock.today(),
      issuedAt: clock.now(),
      language: person.language,
      statusPlace: await newPlace(body.id),
    }
    const { serial, pdf, credential } = await draw(fields, random)
    const value: SealedCertificate = {
      fields,
      serial,
      pdf: pdf.toString('base64'),
      ...(credential ? { credential } : {}),
    }
    // Drawn twice at once, the first to lie there is the certificate.
    await shelf.insertMissing([
      vault.draft(shapes.parts, held.body, {
        kind,
        value,
        tags: [`outcome:${held.id}`],
        unique: [`certificate:${completion.id}`],
        dataKey: held.sealed.dataKey,
      }),
    ])
  }

  return {
    /** Whether an outcome waits for a certificate that only the sealed plane can issue. */
    isWanted: ({ state: { completion } }: Case): boolean =>
      completion?.subject === bespokeSubject && !completion.certificate,

    /** Issues the certificate once. Where it cannot be drawn now, it is left for the reconciler. */
    async issue(held: Case): Promise<void> {
      const { completion } = held.state
      const body = bodies.get(held.body)
      if (!completion || !body) return
      try {
        if (!(await find(held, completion.id))) await make(held, body)
        const drawn = await find(held, completion.id)
        if (!drawn) return
        const { serial } = drawn
        const after = await ordinary.settle(held, { as: 'system', id: 'certificates' }, (now) =>
          now.state.completion?.id === completion.id && !now.state.completion.certificate
            ? [{ step: 'certified', completion: completion.id, serial }]
            : [],
        )
        await dispatch.carryOut(after)
      } catch {
        log.debug('a certificate of the sealed plane will be drawn later')
      }
    },

    /** Marks the certificate of an outcome's completion as revoked in the body's status list. */
    async revoke(held: Case): Promise<void> {
      const { completion } = held.state
      const found = completion && (await find(held, completion.id))
      if (!found) return
      const { statusPlace } = found.fields
      await settings.change(held.body, (now) => ({
        ...now,
        revokedPlaces: [...new Set([...(now.revokedPlaces ?? []), statusPlace])],
      }))
    },

    /** The certificate of an outcome's completion, as it was drawn. */
    async of(held: Case): Promise<{ fields: BespokeFields; drawn: DrawnCertificate } | undefined> {
      const { completion } = held.state
      const found = completion && (await find(held, completion.id))
      return found && shownOf(found)
    },

    /** Every certificate that an outcome ever had, those revoked among them. */
    async allOf(held: Case): Promise<{ fields: BespokeFields; drawn: DrawnCertificate }[]> {
      const tagged = await shelf.tagged(vault.tags(held.body, [`outcome:${held.id}`]))
      return openAll<SealedCertificate>(vault, tagged, [held.body])
        .filter((one) => one.kind === kind)
        .map(({ value }) => shownOf(value))
    },

    /** Places in the body's status list that are revoked. */
    revokedPlaces: async (body: string): Promise<readonly number[]> =>
      (await settings.get(body)).revokedPlaces ?? [],
  }
}
