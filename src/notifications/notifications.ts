import { createHash } from 'node:crypto'
import { groupBy } from 'es-toolkit'
import { addDays, endOfDay, type Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Sentence, Words } from '../language.js'
import type { Log } from '../log.js'
import type { Random } from '../random.js'
import { openingAfter, quietUntil, type CalmRules } from './calm.js'
import type { Mailer } from './mailer.js'
import type { Message } from './message.js'
import { createOutboxStore, type OutboxDocument } from './outbox-store.js'

export { fileMailer, mailerFor, smtpMailer, type Mail, type Mailer } from './mailer.js'
export { outboxCollections } from './outbox-store.js'
export type { CalmRules } from './calm.js'
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
  calm: CalmRules
  /** Whether a message is still wanted at the moment of sending (interaction, detail 5). */
  stillWanted: (wanted: NonNullable<Message['while']>) => Promise<boolean>
}

const batch = 100
// Minutes until the next try; after the last one a person has to look.
const delays = [1, 5, 30, 120, 480, 1440]

export function createNotifications(parts: NotificationsParts): Notifications {
  const { database, mailer, words, clock, log, calm, stillWanted } = parts
  const store = createOutboxStore(database.connection)

  /** One mail of one message, or of several that could wait. */
  async function send(messages: readonly [Message, ...Message[]], id: string): Promise<void> {
    const [{ to, language, subject, calendar }] = messages
    const say = (sentence: Sentence) => words.say(language, sentence)
    const alone = messages.length === 1
    const text = messages.flatMap((one) => [
      ...(alone ? [] : [say(one.subject)]),
      ...one.paragraphs.map(say),
    ])
    const mail = {
      id,
      to,
      language,
      subject: say(alone ? subject : { key: 'mail.several' }),
      text: `${text.join('\n\n')}\n`,
    }
    await mailer(calendar ? { ...mail, calendar } : mail)
  }

  /** Sends some messages to one address as one mail, and notes what came of it. */
  async function dispatch(documents: readonly OutboxDocument[]): Promise<void> {
    const ids = documents.map(({ _id }) => _id)
    // The keys are ours; what the world sees of them only tells one mail from another.
    const mail = createHash('sha256').update(ids.join(' ')).digest('hex').slice(0, 32)
    const [first, ...others] = documents.map(({ message }) => message)
    if (!first) return
    try {
      await send([first, ...others], mail)
      await store.settle(ids, 'sent', { sentAt: clock.now(), mail })
    } catch (error) {
      for (const { _id, attempts } of documents) {
        const delay = delays[attempts]
        if (delay === undefined) {
          log.error({ err: error, message: _id }, 'a mail could not be sent and is given up')
          await store.settle([_id], 'given-up')
        } else {
          log.warn({ message: _id, attempts }, 'a mail could not be sent; it is tried again')
          await store.retry(_id, new Date(clock.now().getTime() + delay * 60_000))
        }
      }
    }
  }

  /** Those that are still wanted; the others are done with. */
  async function wanted(documents: readonly OutboxDocument[]): Promise<OutboxDocument[]> {
    const still: OutboxDocument[] = []
    for (const document of documents) {
      const { _id, message } = document
      if (!message.while || (await stillWanted(message.while))) still.push(document)
      else await store.settle([_id], 'not-wanted')
    }
    return still
  }

  /** Whether what can wait must: it is night, or the address has had enough for today. */
  async function waiting(documents: readonly OutboxDocument[]): Promise<Date | undefined> {
    const [first] = documents
    if (!first?.message.calm) return undefined
    const now = clock.now()
    const quiet = quietUntil(now, calm)
    if (quiet) return quiet
    const today = clock.today()
    const had = await store.calmMails(first.message.to, endOfDay(addDays(today, -1)))
    return had < calm.mostADay ? undefined : openingAfter(today, calm)
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
        const mails = groupBy(due, ({ _id, message: { calm: waits, to, language } }) =>
          waits ? `calm ${language} ${to}` : _id,
        )
        for (const documents of Object.values(mails)) {
          if (!(await lease.renew())) return due.length
          const until = await waiting(documents)
          const ids = documents.map(({ _id }) => _id)
          if (until) await store.wait(ids, until)
          else await dispatch(await wanted(documents))
        }
        return due.length
      })
      return dealt ?? 0
    },
  }
}
