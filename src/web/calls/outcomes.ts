import { mapValues, omit } from 'es-toolkit'
import { z } from 'zod'
import {
  actSchema,
  outcomeSchema,
  type ActName,
  type OutcomeView,
  type Sanctions,
} from '../../sanctions/sanctions.js'
import { call, reply, type Asked, type Call, type Reply } from '../call.js'

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

const id = z.string().max(64)
const reference = z.string().max(200)

/**
 * Described for programs and taken as it comes: the door reads it, so that each fault names its field
 * in the same words for programs and for officers.
 */
const unread = ({ shape }: z.ZodObject): Record<string, z.ZodOptional<z.ZodUnknown>> =>
  mapValues(shape, (field) => {
    const described = z.toJSONSchema(field as z.ZodType, { io: 'input', unrepresentable: 'any' })
    return z
      .unknown()
      .meta(Object.fromEntries(Object.entries(described)))
      .optional()
  })

const endpoint = z.object({ url: z.url(), events: z.array(z.string()).optional() })

const plain = (given: Reply): { status: number; body: string } => ({
  status: given.status,
  body: JSON.stringify(given.body),
})

/** Outcomes and webhooks for the case-management system of one conduct body. */
export function outcomeCalls({ sanctions }: { sanctions: Sanctions }): Call[] {
  const sealed = { scope: 'outcomes', sealed: true, audit: 'act' } as const
  const replyOf = ({ json }: OutcomeView, status = 200): Reply => reply(json, status)

  /** Does it once for each `Idempotency-Key`, and answers a repetition as the first one. */
  async function once(
    asked: Asked<unknown>,
    perform: (manner: { request?: string }) => Promise<{ given: Reply; outcome?: string }>,
  ): Promise<Reply> {
    const { actor, input, path, idempotencyKey } = asked
    if (idempotencyKey === undefined) return (await perform({})).given
    const told = { key: idempotencyKey, path, content: JSON.stringify(input) }
    const { status, body } = await sanctions.once(actor, told, async (request) => {
      const { given, outcome } = await perform({ request })
      return { reply: plain(given), ...(outcome === undefined ? {} : { outcome }) }
    })
    return { status, body: undefined, written: body }
  }

  return [
    call({
      method: 'post',
      path: '/outcomes',
      ...sealed,
      says: 'Records an outcome.',
      input: z.looseObject(unread(outcomeSchema)),
      handle: (asked) =>
        once(asked, async (manner) => {
          const made = await sanctions.impose(asked.actor, asked.input, manner)
          return { given: replyOf(made, 201), outcome: made.id }
        }),
    }),
    call({
      method: 'get',
      path: '/outcomes/:reference',
      ...sealed,
      says: 'An outcome as it stands.',
      input: z.object({ reference }),
      handle: async ({ actor, input }) => replyOf(await sanctions.find(actor, input)),
    }),
    ...acts.map(([address, name, says]) =>
      call({
        method: 'post',
        path: `/outcomes/:reference/${address}`,
        ...sealed,
        says,
        input: z.looseObject({ ...unread(actSchema(name)), reference }),
        handle: (asked) =>
          once(asked, async (manner) => {
            const which = { reference: asked.input.reference }
            const given = omit(asked.input, ['reference'])
            const after = await sanctions[name](asked.actor, which, given, manner)
            return { given: replyOf(after), outcome: after.id }
          }),
      }),
    ),
    call({
      method: 'post',
      path: '/webhooks',
      ...sealed,
      says: 'Registers an address for events. Its secret is in the answer and never shown again.',
      input: z.looseObject(unread(endpoint)),
      handle: (asked) =>
        once(asked, async () => ({
          given: reply(await sanctions.registerWebhook(asked.actor, asked.input), 201),
        })),
    }),
    call({
      method: 'get',
      path: '/webhooks',
      ...sealed,
      says: 'The addresses there are.',
      input: z.object({}),
      handle: async ({ actor }) => reply({ webhooks: await sanctions.webhooks(actor) }),
    }),
    call({
      method: 'post',
      path: '/webhooks/:id/remove',
      ...sealed,
      says: 'Forgets an address, and what was on its way to it.',
      input: z.object({ id }),
      async handle({ actor, input }) {
        await sanctions.removeWebhook(actor, input.id)
        return reply({})
      },
    }),
    call({
      method: 'get',
      path: '/webhooks/deliveries',
      ...sealed,
      says: 'What was sent and what was not, newest first.',
      input: z.object({}),
      handle: async ({ actor }) => reply({ deliveries: await sanctions.deliveries(actor) }),
    }),
    call({
      method: 'post',
      path: '/webhooks/deliveries/:id/redeliver',
      ...sealed,
      says: 'Sends a message again, and every later one about the same restriction.',
      input: z.object({ id }),
      handle: (asked) =>
        once(asked, async () => ({
          given: reply({ sent: await sanctions.redeliver(asked.actor, asked.input.id) }, 202),
        })),
    }),
  ]
}
