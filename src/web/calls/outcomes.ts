import { z } from 'zod'
import {
  actSchema,
  outcomeSchema,
  type ActName,
  type OutcomeView,
  type Sanctions,
} from '../../sanctions/sanctions.js'
import { answered, call, type Answered, type Asked, type Call } from '../call.js'

/** The acts of the API, each by the name it has in an address (interface, *API*). */
const acts: readonly (readonly [address: string, name: ActName, summary: string])[] = [
  ['agree', 'agree', 'Records that a party agreed, with the date of the evidence.'],
  ['stay', 'stay', 'Stays the duty while an appeal is open.'],
  ['resume', 'resume', 'Resumes it; without a date the days that remained run again.'],
  ['extend', 'extend', 'Sets a later due date.'],
  ['event', 'event', 'Records the event from which the due date is counted.'],
  ['activate-restriction', 'activateRestriction', 'Puts a restriction in force from a date.'],
  ['lift-restriction', 'liftRestriction', 'Lifts a restriction.'],
  ['confirm', 'confirm', 'Confirms, or does not, that the training was understood.'],
  ['withdraw', 'withdraw', 'Withdraws the outcome.'],
  ['unenforceable', 'unenforceable', 'Records that it cannot be enforced.'],
]

const reference = z.object({ reference: z.string().max(200) })
const id = z.object({ id: z.string().max(64) })
const nothing = z.object({})

/** Outcomes and webhooks for the case-management system of one conduct body. */
export function outcomeCalls({ sanctions }: { sanctions: Sanctions }): Call[] {
  const sealed = { scope: 'outcomes', sealed: true } as const
  const jsonOf = ({ json }: OutcomeView, status = 200): Answered => answered(json, status)

  /** Does it once for each `Idempotency-Key`, and answers a repetition as the first one. */
  function once(
    asked: Asked<unknown>,
    perform: (manner: { request?: string }) => Promise<{ reply: Answered; outcome?: string }>,
  ): Promise<Answered> {
    const { actor, body, address, idempotencyKey } = asked
    if (idempotencyKey === undefined) return perform({}).then(({ reply }) => reply)
    const told = { key: idempotencyKey, path: address, content: JSON.stringify(body ?? null) }
    return sanctions.once(actor, told, (request) => perform({ request }))
  }

  return [
    call({
      method: 'post',
      path: '/outcomes',
      ...sealed,
      summary: 'Records an outcome.',
      input: nothing,
      body: outcomeSchema,
      handle: (asked) =>
        once(asked, async (manner) => {
          const made = await sanctions.impose(asked.actor, asked.body, manner)
          return { reply: jsonOf(made, 201), outcome: made.id }
        }),
    }),
    call({
      method: 'get',
      path: '/outcomes/:reference',
      ...sealed,
      summary: 'An outcome as it stands.',
      input: reference,
      handle: async ({ actor, input }) => jsonOf(await sanctions.find(actor, input)),
    }),
    ...acts.map(([address, name, summary]) =>
      call({
        method: 'post',
        path: `/outcomes/:reference/${address}`,
        ...sealed,
        summary,
        input: reference,
        body: actSchema(name),
        handle: (asked) =>
          once(asked, async (manner) => {
            const after = await sanctions[name](asked.actor, asked.input, asked.body, manner)
            return { reply: jsonOf(after), outcome: after.id }
          }),
      }),
    ),
    call({
      method: 'post',
      path: '/webhooks',
      ...sealed,
      summary:
        'Registers an address for events. Its secret is in the answer and never shown again.',
      input: nothing,
      body: z.object({ url: z.url(), events: z.array(z.string()).optional() }),
      handle: (asked) =>
        once(asked, async () => ({
          reply: answered(await sanctions.registerWebhook(asked.actor, asked.body), 201),
        })),
    }),
    call({
      method: 'get',
      path: '/webhooks',
      ...sealed,
      summary: 'The addresses there are.',
      input: nothing,
      handle: async ({ actor }) => answered({ webhooks: await sanctions.webhooks(actor) }),
    }),
    call({
      method: 'get',
      path: '/webhooks/deliveries',
      ...sealed,
      summary: 'What was sent and what was not, newest first.',
      input: nothing,
      handle: async ({ actor }) => answered({ deliveries: await sanctions.deliveries(actor) }),
    }),
    call({
      method: 'post',
      path: '/webhooks/deliveries/:id/redeliver',
      ...sealed,
      summary: 'Sends a message again, and every later one about the same restriction.',
      input: id,
      handle: (asked) =>
        once(asked, async () => ({
          reply: answered({ sent: await sanctions.redeliver(asked.actor, asked.input.id) }, 202),
        })),
    }),
    call({
      method: 'delete',
      path: '/webhooks/:id',
      ...sealed,
      summary: 'Forgets an address, and what was on its way to it.',
      input: id,
      async handle({ actor, input }) {
        await sanctions.removeWebhook(actor, input.id)
        return { status: 204, body: '' }
      },
    }),
  ]
}
