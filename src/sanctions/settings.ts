import { conflict } from '../errors.js'
import type { WebhookEvent } from './consequences.js'
import type { Shelf } from './sealed-store.js'
import { openAll, shapes, type Opened, type Vault } from './vault.js'

/** An address to which a body has its events sent. */
export interface Endpoint {
  id: string
  url: string
  events: readonly WebhookEvent[]
  /** `whsec_…`: shown once, when it was made. */
  secret: string
  at: Date
}

/** What a conduct body keeps beside its outcomes. */
export interface BodySettings {
  endpoints: readonly Endpoint[]
  /** Officers, by account, and the people in whom each has declared an interest. */
  interests: readonly { account: string; person: string }[]
  /** Places in the body's status list that its certificates have, and those that were revoked. */
  statusPlaces?: readonly number[]
  revokedPlaces?: readonly number[]
  /** When a change of keys began, until nothing is sealed with the former key any more. */
  rotation?: { beganAt: Date }
}

const empty: BodySettings = { endpoints: [], interests: [] }
const kind = 'settings'

export type Settings = ReturnType<typeof createSettings>

export function createSettings(parts: { shelf: Shelf; vault: Vault }) {
  const { shelf, vault } = parts
  const find = async (body: string): Promise<Opened<BodySettings> | undefined> =>
    openAll<BodySettings>(vault, await shelf.unique(vault.tags(body, [kind])), [body])[0]

  return {
    get: async (body: string): Promise<BodySettings> => (await find(body))?.value ?? empty,
    /** Changes them in one atomic write. Throws conflict where others keep being faster. */
    async change(body: string, next: (now: BodySettings) => BodySettings): Promise<void> {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const held = await find(body)
        const value = next(held?.value ?? empty)
        const draft = { kind, unique: [kind], value }
        const written = held
          ? await shelf.replace(
              vault.draft(shapes.parts, body, { ...draft, id: held.id, dataKey: held.dataKey }),
              held.revision,
            )
          : await shelf.insert(vault.draft(shapes.parts, body, draft))
        if (written) return
      }
      throw conflict('outcomes.refused.busy')
    },
  }
}
