import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { invalid } from '../../../errors.js'
import { go, page, type Answer, type Page } from '../../page.js'
import { id, registerAddress, type TrainingSessionPagesParts } from './around.js'

const permission = 'run-training-sessions'
/** The log of a call goes with the form in which people are named, as long as it is no larger. */
const mostCarried = 60_000

type Show = (actor: Actor, session: string, q?: string, more?: object) => Promise<Answer>

/** What else is known of who was there: the log of a video call, and the list on paper at the door. */
export function sourcePages(
  { training, people }: TrainingSessionPagesParts,
  show: Show,
  refused: Pick<Page, 'again' | 'faultsAt'>,
): Page[] {
  const { registers, comparing } = training

  /** Whom an address, an id or a name means that only one person bears. Throws for anybody else. */
  async function personIn(field: string, written: string): Promise<string> {
    const found = (await people.byEmail(written)) ?? (await people.byId([written])).get(written)
    if (found) return found.id
    const [likely] = await people.likely([written], 2)
    const [only, another] = likely?.likeness === 'same' ? likely.people : []
    if (only !== undefined && another === undefined) return only
    const say = { key: 'sessions.nobody-so', with: { written: written.slice(0, 60) } }
    throw invalid(say.key, say.with, [{ field, say }])
  }

  async function compared(
    actor: Actor,
    session: string,
    sent: { name: string; bytes: Uint8Array },
    said?: ReadonlyMap<number, string>,
  ): Promise<Answer> {
    const log = await comparing.callLog(actor, session, sent, said)
    const carried =
      sent.bytes.length <= mostCarried
        ? { name: sent.name, bytes: Buffer.from(sent.bytes).toString('base64') }
        : undefined
    const unknown = log.unknown.map((one) => ({ ...one, key: one.lines.join('-') }))
    return show(actor, session, '', { log: { ...log, unknown, carried } })
  }

  return [
    page({
      method: 'post',
      path: '/training-sessions/:id/register/log',
      permission,
      input: z.object({ id }),
      audit: 'act',
      upload: 'file',
      async handle({ actor, input, files }) {
        const [sent] = files.filter(({ bytes }) => bytes.length > 0)
        if (!sent) throw invalid('registers.no-file')
        return compared(actor, input.id, sent)
      },
      ...refused,
    }),
    page({
      method: 'post',
      path: '/training-sessions/:id/register/log/named',
      permission,
      input: z.looseObject({
        id,
        name: z.string().max(200),
        log: z.string().max(mostCarried * 2),
      }),
      audit: 'act',
      async handle({ actor, input }) {
        const said = new Map<number, string>()
        for (const [field, written] of Object.entries(input)) {
          const lines = /^who-([\d-]+)$/.exec(field)?.[1]
          if (lines === undefined || typeof written !== 'string' || !written.trim()) continue
          const person = await personIn(field, written.trim())
          for (const line of lines.split('-')) said.set(Number(line), person)
        }
        const sent = { name: input.name, bytes: Buffer.from(input.log, 'base64') }
        return compared(actor, input.id, sent, said)
      },
      ...refused,
    }),
    page({
      method: 'post',
      path: '/training-sessions/:id/register/paper',
      permission,
      input: z.object({
        id,
        present: z.unknown().optional(),
        others: z.string().max(5000).default(''),
      }),
      audit: 'act',
      async handle({ actor, input }) {
        const present = new Set([input.present ?? []].flat().map(String))
        for (const written of input.others.split(/[\n;,]/).map((one) => one.trim())) {
          if (written !== '') present.add(await personIn('others', written))
        }
        const { lines } = await registers.sheet(actor, input.id)
        const everybody = new Set([...lines.map(({ person }) => person), ...present])
        const claims = [...everybody].map((person) => ({ person, present: present.has(person) }))
        await registers.claim(actor, input.id, 'paper', claims)
        return go(`${registerAddress(input.id)}#compared`)
      },
      ...refused,
    }),
  ]
}
