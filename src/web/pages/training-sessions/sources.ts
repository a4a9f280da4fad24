import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { invalid, type Fault } from '../../../errors.js'
import { go, page, type Answer, type Page, type Typed } from '../../page.js'
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

  /** Whom an address, an id or a name means that only one person bears. */
  async function personCalled(written: string): Promise<string | undefined> {
    const found = (await people.byEmail(written)) ?? (await people.byId([written])).get(written)
    if (found) return found.id
    const [likely] = await people.likely([written], 2)
    const [only, another] = likely?.likeness === 'same' ? likely.people : []
    return another === undefined ? only : undefined
  }
  const nobodySo = (field: string, written: string): Fault => ({
    field,
    say: { key: 'sessions.nobody-so', with: { written: written.slice(0, 60) } },
  })

  async function compared(
    actor: Actor,
    session: string,
    sent: { name: string; bytes: Uint8Array },
    said?: ReadonlyMap<number, string>,
    { typed, faults }: { typed: Typed; faults: readonly Fault[] } = { typed: {}, faults: [] },
  ): Promise<Answer> {
    const log = await comparing.callLog(actor, session, sent, said)
    const carried =
      sent.bytes.length <= mostCarried
        ? { name: sent.name, bytes: Buffer.from(sent.bytes).toString('base64') }
        : undefined
    const unknown = log.unknown.map((one) => {
      const field = `who-${one.lines.join('-')}`
      return { ...one, field, typed: typed[field] }
    })
    const more = { log: { ...log, unknown, carried }, ...(faults.length > 0 ? { faults } : {}) }
    const shown = await show(actor, session, '', more)
    return shown.kind === 'view' && faults.length > 0 ? { ...shown, status: 400 } : shown
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
        const faults: Fault[] = []
        for (const [field, written] of Object.entries(input)) {
          const lines = /^who-([\d-]+)$/.exec(field)?.[1]
          if (lines === undefined || typeof written !== 'string' || !written.trim()) continue
          const person = await personCalled(written.trim())
          if (person === undefined) faults.push(nobodySo(field, written.trim()))
          else for (const line of lines.split('-')) said.set(Number(line), person)
        }
        const sent = { name: input.name, bytes: Buffer.from(input.log, 'base64') }
        return compared(actor, input.id, sent, said, { typed: input, faults })
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
        const faults: Fault[] = []
        for (const written of input.others.split(/[\n;,]/).map((one) => one.trim())) {
          if (written === '') continue
          const person = await personCalled(written)
          if (person === undefined) faults.push(nobodySo('others', written))
          else present.add(person)
        }
        if (faults.length > 0) throw invalid('problem.input', undefined, faults)
        const { lines } = await registers.sheet(actor, input.id)
        const everybody = new Set([...lines.map(({ person }) => person), ...present])
        const claims = [...everybody].map((person) => ({ person, present: present.has(person) }))
        await registers.claim(actor, input.id, 'paper', claims)
        return go(`${registerAddress(input.id)}#compared`)
      },
      again({ actor, input }) {
        const paper = { others: input['others'], present: [input['present'] ?? []].flat() }
        return show(actor, String(input['id']), '', { paper })
      },
    }),
  ]
}
