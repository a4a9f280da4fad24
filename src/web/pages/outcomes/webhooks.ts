import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import type { Sentence } from '../../../language.js'
import { webhookEvents } from '../../../sanctions/sanctions.js'
import { go, page, view, type Page } from '../../page.js'
import type { OutcomesPagesParts } from './officer-view.js'
import { bodyAddress, bodyField, bodyModel, bodyOf } from './own-bodies.js'

const id = z.string().max(64)
const title = { key: 'conduct.webhooks' }
const newest = 100

/** What came of the last attempt, such as `failed 503`, in words. */
function cameOf(last = ''): Sentence {
  const [came = '', status = ''] = last.split(' ')
  return { key: `conduct.hook.came.${came}`, with: { status } }
}

/** Where a body's events are sent, what was sent, what was not, and sending it again. */
export function webhookPages(parts: OutcomesPagesParts): Page[] {
  const { sanctions } = parts
  const declared = { permission: 'conduct-body', sealed: true, audit: 'act' } as const

  async function show(actor: Actor, named: unknown, more: object = {}) {
    const of = bodyOf(actor, named)
    const [webhooks, deliveries] = await Promise.all([
      sanctions.webhooks(actor, of),
      sanctions.deliveries(actor, of),
    ])
    const urls = new Map(webhooks.map((webhook) => [webhook.id, webhook.url]))
    const parked = deliveries.filter(({ state }) => state === 'parked')
    const others = deliveries.filter(({ state }) => state !== 'parked')
    const shown = [...parked, ...others].slice(0, newest)
    return view('outcomes/webhooks', title, {
      ...bodyModel(parts, of),
      webhooks,
      parked: parked.length,
      deliveries: shown.map((one) => ({
        ...one,
        url: urls.get(one.endpoint),
        came: cameOf(one.last),
      })),
      events: webhookEvents,
      ...more,
    })
  }

  return [
    page({
      method: 'get',
      path: '/outcomes/webhooks',
      ...declared,
      input: z.object({ body: bodyField }),
      handle: ({ actor, input }) => show(actor, input.body),
    }),
    page({
      method: 'post',
      path: '/outcomes/webhooks',
      ...declared,
      input: z.object({ body: bodyField, url: z.string().max(2000).default('') }),
      async handle({ actor, input }) {
        const of = bodyOf(actor, input.body)
        const { secret } = await sanctions.registerWebhook(actor, { url: input.url }, of)
        return show(actor, of, { secret })
      },
      again: ({ actor, input }) => show(actor, input['body'], { url: input['url'] }),
      faultsAt: 'url',
    }),
    page({
      method: 'post',
      path: '/outcomes/webhooks/:webhook/remove',
      ...declared,
      input: z.object({ webhook: id, body: id }),
      async handle({ actor, input }) {
        await sanctions.removeWebhook(actor, input.webhook, input.body)
        return go(bodyAddress('/outcomes/webhooks', input.body))
      },
    }),
    page({
      method: 'post',
      path: '/outcomes/deliveries/:delivery/again',
      ...declared,
      input: z.object({ delivery: id, body: id }),
      async handle({ actor, input }) {
        await sanctions.redeliver(actor, input.delivery, input.body)
        return go(bodyAddress('/outcomes/webhooks', input.body))
      },
    }),
  ]
}
