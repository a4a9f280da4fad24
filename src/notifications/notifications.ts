import { createHash } from 'node:crypto'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Words } from '../language.js'
import type { Log } from '../log.js'
import type { Random } from '../random.js'
import type { Mailer } from './mailer.js'
import type { Message } from './message.js'
import { createOutboxStore } from './outbox-store.js'

export { fileMailer, mailerFor, smtpMailer, type Mail, type Mailer } from './mailer.js'
export { outboxCollections } from './outbox-store.js'
export type { Message } from './message.js'

export interface Notifications {
  /** Puts messages into the outbox, durable when it resolves. */
  tell(messages: readonly Message[]): Promise<void>
  /** Sends what is due, checking each is still wanted; answers how many it dealt with. */
  deliver(): Promise<number>
}

export interface NotificationsParts {
  database: Database
  mailer: Mailer
  words: Words
  clock: Clock
  random: Random
  log: Log
  /** Whether a message is still wanted at the moment of sending (interaction, detail 5). */
  stillWanted: (wanted: NonNullable<Message['while']>) => Promise<boolean>
}

const batch = 100
// Minutes until the next try; after the last one a person has to look.
const delays = [1, 5, 30, 120, 480, 1440]

export function createNotifications(parts: NotificationsParts): Notifications {
  const { database, mailer, words, clock, log, stillWanted } = parts
  const store = createOutboxStore(database.connection)

  async function send(message: Message): Promise<void> {
    const { key, to, language, subject, paragraphs, calendar } = message
    const text = paragraphs.map((sentence) => words.say(language, sentence)).join('\n\n')
    // The key is ours; what the world sees of it only tells one mail from another.
    const id = createHash('sha256').update(key).digest('hex').slice(0, 32)
    const mail = { id, to, language, subject: words.say(language, subject), text: `${text}\n` }
    await mailer(calendar ? { ...mail, calendar } : mail)
  }

  return {
    async tell(messages) {
      const now = clock.now()
      await store.add(
        messages.map((message) => ({ _id: message.key, message, at: now, next: now, attempts: 0 })),
      )
    },
    async deliver() {
      const dealt = await database.leases.hold('outbox', 120, async (lease) => {
        const due = await store.due(clock.now(), batch)
        for (const { _id, message, attempts } of due) {
          if (!(await lease.renew())) return due.length
          if (message.while && !(await stillWanted(message.while))) {
            await store.settle(_id, 'not-wanted')
            continue
          }
          try {
            await send(message)
            await store.settle(_id, 'sent')
          } catch (error) {
            const delay = delays[attempts]
            if (delay === undefined) {
              log.error({ err: error, message: _id }, 'a mail could not be sent and is given up')
              await store.settle(_id, 'given-up')
            } else {
              log.warn({ message: _id, attempts }, 'a mail could not be sent; it is tried again')
              await store.retry(_id, new Date(clock.now().getTime() + delay * 60_000))
            }
          }
        }
        return due.length
      })
      return dealt ?? 0
    },
  }
}
