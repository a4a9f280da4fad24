import type { Clock } from '../clock.js'
import type { Language, Sentence } from '../language.js'
import type { ConductBody } from './conduct-body.js'
import type { Recipient } from './consequences.js'
import type { SealingKey } from './envelope.js'
import { afterAttempt, fresh, type Progress } from './retrying.js'
import type { SealedDocument, Shelf } from './sealed-store.js'
import { shapes, type Opened, type Vault } from './vault.js'
import type { Waiting } from './waiting.js'

/** A mail as it leaves. Its words are the same whatever it is about and whoever gets it. */
export interface GenericMail {
  /** The same each time it is sent, so that a repeat can be told from a second one. */
  id: string
  to: string
  language: Language
  subject: Sentence
  text: Sentence
}

interface SealedMail extends Progress {
  recipient: Recipient
  at: Date
}

/** Where somebody is written to, and in which language; nothing where that is not known. */
export type AddressOf = (
  recipient: Recipient,
  body: ConductBody | undefined,
) => Promise<{ address: string; language: Language } | undefined>

const kind = 'mail'

export type Mail = ReturnType<typeof createMail>

/**
 * The sealed outbox. Delegates and shared mailboxes learn nothing from what it sends: every mail says
 * in the same words that there is something to see after signing in (domain, section 4).
 */
export function createMail(parts: {
  shelf: Shelf
  vault: Vault
  waiting: Waiting
  clock: Clock
  bodies: ReadonlyMap<string, ConductBody>
  addressOf: AddressOf
  post: (mail: GenericMail) => Promise<void>
}) {
  const { shelf, vault, waiting, clock, bodies, addressOf, post } = parts

  async function sendOne(held: Opened<SealedMail>): Promise<void> {
    const { recipient } = held.value
    const to = await addressOf(recipient, bodies.get(held.body))
    if (to) {
      try {
        await post({
          id: held.id,
          to: to.address,
          language: to.language,
          subject: { key: 'outcomes.mail.subject' },
          text: { key: 'outcomes.mail.text' },
        })
      } catch {
        const progress = afterAttempt(held.value, { came: 'unreachable' }, clock.now())
        const value = { ...held.value, ...progress }
        const still = value.state === 'pending'
        const document = vault.draft(shapes.parts, held.body, { ...held, value, waiting: still })
        await shelf.replace(document, held.revision)
        if (value.nextAt) waiting.rest(document.revision, value.nextAt)
        return
      }
    }
    await shelf.remove([held.id])
  }

  return {
    /** A mail to be sent, in a body's name, under its outcome's key where it concerns one. */
    draft(
      body: string,
      recipient: Recipient,
      more: { id?: string; once?: string; outcome?: { id: string; dataKey?: SealingKey } } = {},
    ): SealedDocument {
      const { id, once, outcome } = more
      const value: SealedMail = { ...fresh, recipient, at: clock.now() }
      return vault.draft(shapes.parts, body, {
        kind,
        value,
        waiting: true,
        ...(id ? { id } : {}),
        ...(once ? { unique: [`mail:${once}`] } : {}),
        ...(outcome ? { tags: [`outcome:${outcome.id}`] } : {}),
        ...(outcome?.dataKey ? { dataKey: outcome.dataKey } : {}),
      })
    },
    write: (mails: readonly SealedDocument[]): Promise<void> => shelf.insertMissing(mails),

    /** Sends what waits; what cannot be sent is tried again, for three days. */
    async run(stillMine: () => Promise<boolean>): Promise<void> {
      for (const held of await waiting.awake<SealedMail>(kind)) {
        await sendOne(held)
        if (!(await stillMine())) return
      }
    },
  }
}
