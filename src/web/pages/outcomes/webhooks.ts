import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { webhookEvents } from '../../../sanctions/sanctions.js'
import { go, page, view, type Page } from '../../page.js'
import { bodyName, type OutcomesPagesParts } from './officer-view.js'

const id = z.string().max(64)
const blank = (value: unknown): unknown => (value === '' ? undefined : value)
const body = z.preprocess(blank, id.optional())
const title = { key: 'conduct.webhooks' }
const newest = 100

/** Where a body's events are sent, what was sent, what was not, and sending it again. */
export function webhookPages(
  parts: OutcomesPagesParts,
  ownBodies: (actor: Actor) => readonly string[],
): Page[] {
  const { sanctions } = parts
  const declared = { permission: 'conduct-body', sealed: true, audit: 'act' } as const
  const named = (actor: Actor, given: string | undefined) => given ?? ownBodies(actor)[0] ?? ''
  const address = (of: string) => `/outcomes/webhooks?body=${encodeURIComponent(of)}`

  async function show(actor: Actor, of: string, more: object = {}, status = 200) {
    const [webhooks, deliveries] = await Promise.all([
      sanctions.webhooks(actor, of),
      sanctions.deliveries(actor, of),
    ])
    const urls = new Map(webhooks.map((webhook) => [webhook.id, webhook.url]))
    const parked = deliveries.filter(({ state }) => state === 'parked')
    const others = deliveries.filter(({ state }) => state !== 'parked')
    const shown = [...parked, ...others].slice(0, newest)
    return view(
      'outcomes/webhooks',
      title,
      {
        body: { id: of, name: bodyName(parts, of) },
        webhooks,
        parked: parked.length,
        deliveries: shown.map((one) => ({ ...one, url: urls.get(one.endpoint) })),
        events: webhookEvents,
        back: '/outcomes',
        backText: { key: 'conduct.title' },
        ...more,
      },
      status,
    )
  }

  return [
    page({
      method: 'get',
      path: '/outcomes/webhooks',
      ...declared,
      input: z.object({ body }),
      handle: ({ actor, input }) => show(actor, named(actor, input.body)),
    }),
    page({
      method: 'post',
      path: '/outcomes/webhooks',
      ...declared,
      input: z.object({ body, url: z.string().max(2000).default('') }),
      async handle({ actor, input }) {
        const of = named(actor, input.body)
        const { secret } = await sanctions.registerWebhook(actor, { url: input.url }, of)
        return show(actor, of, { secret })
      },
      again({ actor, input }, { faults, say, status }) {
        const given = typeof input['body'] === 'string' ? input['body'] : undefined
        const shown = faults.length > 0 ? faults : [{ field: 'url', say }]
        const more = { faults: shown, fault: shown[0]?.say, url: input['url'] }
        return show(actor, named(actor, given), more, status)
      },
    }),
    page({
      method: 'post',
      path: '/outcomes/webhooks/:webhook/remove',
      ...declared,
      input: z.object({ webhook: id, body: id }),
      async handle({ actor, input }) {
        await sanctions.removeWebhook(actor, input.webhook, input.body)
        return go(address(input.body))
      },
    }),
    page({
      method: 'post',
      path: '/outcomes/deliveries/:delivery/again',
      ...declared,
      input: z.object({ delivery: id, body: id }),
      async handle({ actor, input }) {
        await sanctions.redeliver(actor, input.delivery, input.body)
        return go(address(input.body))
      },
    }),
  ]
}
