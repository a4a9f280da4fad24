import { groupBy } from 'es-toolkit'
import { systemActor, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import { addDays, type Clock, type Day } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Bilingual, Language } from '../language.js'
import type { Message } from '../notifications/notifications.js'
import type { People } from '../people/people.js'
import type { Programme, Rule } from '../requirements/requirements.js'
import { createEscalationsStore, type Escalated } from './escalations-store.js'
import type { Line } from './line.js'
import type { ListQuery } from './reading.js'

/** Telling whoever a rule names that a date has passed (domain, section 3, *Rules as data*). */
export interface Escalations {
  /**
   * Tells of everybody who became overdue in the last days, once for each time: their manager, the
   * Member or sponsor whom they work for, or the Commissioner, as the rule says; where nobody is
   * there to hear it, the compliance team. Answers of how many people it told.
   */
  run(): Promise<number>
  /** Whether any of those of whom one was told on a day is still overdue; asked when the mail is sent. */
  isWanted(about: string): Promise<boolean>
}

/** Somebody who hears of missed dates. */
interface Hearer {
  /** A person's id, or an address. */
  id: string
  address: string
  language: Language
  person?: string
}

export interface EscalationsParts {
  database: Database
  audit: Audit
  people: Pick<People, 'byId' | 'managersOf'>
  compliance: {
    listAll(actor: Actor, query: ListQuery): Promise<{ lines: AsyncIterable<Line> }>
    ofPerson(actor: Actor, person: string): Promise<Line[]>
  }
  programmes: () => Promise<readonly Programme[]>
  tell: (messages: readonly Message[]) => Promise<void>
  clock: Clock
  publicUrl: string
  /** Who hears of it where nobody else is there to. */
  team: string
  /** Where each House's Commissioner is told, in which language. */
  commissionerOf: (house: string) => { address: string; language: Language } | undefined
}

const system = systemActor('escalation')
// What a server that stood still for some days has missed is told of; what is years old is known.
const daysBack = 7

const spellOf = ({ person, duty, answer }: Line): string =>
  `${person}/${duty}/${answer.since ?? ''}`

export function createEscalations(parts: EscalationsParts): Escalations {
  const { database, audit, people, compliance, programmes, tell, clock } = parts
  const { publicUrl, team, commissionerOf } = parts
  const store = createEscalationsStore(database.connection)
  const nobody: Hearer = { id: team, address: team, language: 'en' }
  let done: Day | undefined

  async function hearersOf({ part, person }: Line, rule: Rule): Promise<Hearer[]> {
    if (rule.escalate === 'commissioner') {
      const body = commissionerOf(part.house)
      return [body ? { id: body.address, ...body } : nobody]
    }
    const above = await people.managersOf(person, clock.today())
    above.delete(person)
    const hearers = [...(await people.byId([...above])).values()].flatMap(
      ({ id, email, language }): Hearer[] =>
        email ? [{ id, address: email, language, person: id }] : [],
    )
    return hearers.length > 0 ? hearers : [nobody]
  }

  /** Those who became overdue lately, under a rule that names somebody to hear of it. */
  async function missed(today: Day): Promise<{ line: Line; rule: Rule }[]> {
    const rules = new Map(
      (await programmes()).flatMap(({ duties }) =>
        duties.flatMap((duty) => duty.rules.map((rule) => [rule.id, rule] as const)),
      ),
    )
    const { lines } = await compliance.listAll(system, { standing: 'overdue', asAt: today })
    const found: { line: Line; rule: Rule }[] = []
    for await (const line of lines) {
      const rule = rules.get(line.answer.rule ?? '')
      if (!rule || rule.escalate === 'nobody') continue
      if ((line.answer.since ?? today) > addDays(today, -daysBack)) found.push({ line, rule })
    }
    return found
  }

  function messageTo(hearer: Hearer, told: readonly { rule: Rule }[], on: Day): Message {
    const { id, address, language, person } = hearer
    const byRule = groupBy(told, ({ rule }) => rule.id)
    const title = (rule: Rule | undefined): Bilingual => rule?.title ?? { en: '', cy: '' }
    return {
      key: `escalation:${id}:${on}`,
      to: address,
      language,
      ...(person ? { person } : {}),
      calm: true,
      subject: { key: 'escalation.subject' },
      // Names stay behind the sign-in: a Member's mail is read by those who work for them.
      paragraphs: [
        ...Object.values(byRule).map((some) => ({
          key: 'escalation.passed',
          with: { count: some.length, rule: title(some[0]?.rule) },
        })),
        person || address === team
          ? { key: 'escalation.where', with: { url: `${publicUrl}/compliance?standing=overdue` } }
          : { key: 'escalation.ask', with: { team } },
      ],
      while: { kind: 'escalation', about: `${on}/${id}` },
    }
  }

  return {
    async run() {
      const today = clock.today()
      if (done === today) return 0
      const all = await missed(today)
      const known = await store.known(all.map(({ line }) => spellOf(line)))
      const fresh = all.filter(({ line }) => !known.has(spellOf(line)))
      const heard: { hearer: Hearer; line: Line; rule: Rule }[] = []
      for (const { line, rule } of fresh) {
        for (const hearer of await hearersOf(line, rule)) heard.push({ hearer, line, rule })
      }
      const byHearer = Object.values(groupBy(heard, ({ hearer }) => hearer.id))
      const told = heard.map(({ hearer, line }): Escalated => ({
        _id: `${spellOf(line)}/${hearer.id}`,
        spell: spellOf(line),
        person: line.person,
        duty: line.duty,
        to: hearer.id,
        on: today,
      }))
      // The message first: a crash after it tells nobody twice, for its key is the hearer's of today.
      await tell(
        byHearer.flatMap((some) => (some[0] ? messageTo(some[0].hearer, some, today) : [])),
      )
      await store.add(told)
      await audit.recordMany(
        fresh.map(({ line }) => ({
          actor: system,
          act: { act: 'escalation.told', duty: line.duty, on: today, people: [line.person] },
          key: `escalation.told:${spellOf(line)}`,
        })),
      )
      done = today
      return fresh.length
    },
    async isWanted(about) {
      const [on = '', ...id] = about.split('/')
      for (const { person, duty } of await store.toldOf(id.join('/'), on as Day)) {
        const lines = await compliance.ofPerson(system, person).catch(() => [])
        if (lines.some((line) => line.duty === duty && line.answer.state === 'overdue')) return true
      }
      return false
    },
  }
}
