import { chunk, groupBy } from 'es-toolkit'
import type { Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import { addDays, type Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Message } from '../notifications/notifications.js'
import type { People } from '../people/people.js'
import type { Line } from './line.js'
import type { ListQuery } from './reading.js'
import { createRemindersStore } from './reminders-store.js'

/** What became of a wish to remind some people. */
interface Reminded {
  told: number
  /** Reminded a few days ago, and left in peace. */
  lately: number
  /** Without an address in the directory. */
  unreachable: number
}

/** Reminding one person, or everybody of a list who still has something to do. */
export interface Reminders {
  /** How many people a reminder to everybody of a list would be for. */
  count(actor: Actor, query: ListQuery): Promise<number>
  /** Reminds everybody of a list whose training is due, overdue or expected, each once in a few days. */
  remindAll(actor: Actor, query: ListQuery): Promise<Reminded>
  /** Throws not-found for somebody whom the actor may not see. */
  remind(actor: Actor, person: string): Promise<Reminded>
  /** Whether somebody still has something to do; asked at the moment of sending. */
  isWanted(person: string): Promise<boolean>
}

export interface RemindersParts {
  database: Database
  audit: Audit
  people: Pick<People, 'byId'>
  /** The lists, as the actor may see them. */
  compliance: {
    listAll(actor: Actor, query: ListQuery): Promise<{ lines: AsyncIterable<Line> }>
    ofPerson(actor: Actor, person: string): Promise<Line[]>
  }
  tell: (messages: readonly Message[]) => Promise<void>
  clock: Clock
  publicUrl: string
  /** Nobody is reminded more often than once in so many days. */
  everyDays: number
}

const open = ({ answer }: Pick<Line, 'answer'>): boolean =>
  answer.state === 'due' || answer.state === 'overdue' || answer.state === 'expected'
const batch = 500

export function createReminders(parts: RemindersParts): Reminders {
  const { audit, people, compliance, tell, clock, publicUrl, everyDays } = parts
  const store = createRemindersStore(parts.database.connection)

  async function tellSome(actor: Actor, lines: readonly Line[]): Promise<Reminded> {
    const today = clock.today()
    const byPerson = groupBy(lines, ({ person }) => person)
    const ids = Object.keys(byPerson)
    const lately = await store.since(ids, addDays(today, -everyDays))
    const named = await people.byId(ids.filter((id) => !lately.has(id)))
    const messages = [...named.values()].flatMap(({ id, email, language }): Message[] =>
      email
        ? [
            {
              key: `reminder:${id}:${today}`,
              to: email,
              person: id,
              language,
              subject: { key: 'reminder.subject' },
              paragraphs: [
                { key: 'reminder.lead' },
                ...(byPerson[id] ?? []).map(({ why }) => why),
                { key: 'reminder.where', with: { url: `${publicUrl}/training` } },
              ],
              calm: true,
              while: { kind: 'reminder', about: id },
            },
          ]
        : [],
    )
    const told = messages.flatMap(({ person }) => person ?? [])
    // The message first: a crash after it leaves nobody untold, and the same key tells once.
    await tell(messages)
    await store.add(told, today, clock.now())
    await audit.recordMany(
      told.map((person) => ({
        actor,
        act: { act: 'reminder.sent', on: today, people: [person] },
        key: `reminder.sent:${person}:${today}`,
      })),
    )
    const unreachable = named.size - told.length
    return { told: told.length, lately: lately.size, unreachable }
  }

  async function openLines(actor: Actor, query: ListQuery): Promise<Line[]> {
    const { lines } = await compliance.listAll(actor, { ...query, asAt: clock.today() })
    const found: Line[] = []
    for await (const line of lines) if (open(line)) found.push(line)
    return found
  }

  return {
    async count(actor, query) {
      return new Set((await openLines(actor, query)).map(({ person }) => person)).size
    },
    async remindAll(actor, query) {
      const lines = groupBy(await openLines(actor, query), ({ person }) => person)
      const sum: Reminded = { told: 0, lately: 0, unreachable: 0 }
      for (const some of chunk(Object.values(lines), batch)) {
        const { told, lately, unreachable } = await tellSome(actor, some.flat())
        sum.told += told
        sum.lately += lately
        sum.unreachable += unreachable
      }
      return sum
    },
    async remind(actor, person) {
      return tellSome(actor, (await compliance.ofPerson(actor, person)).filter(open))
    },
    async isWanted(person) {
      const lines = await compliance.ofPerson({ kind: 'system', part: 'reminders' }, person)
      return lines.some(open)
    },
  }
}
