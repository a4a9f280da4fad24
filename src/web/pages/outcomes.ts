import { z } from 'zod'
import type { Actor } from '../../actor.js'
import type { Certificates } from '../../certificates/certificates.js'
import { notFound } from '../../errors.js'
import type { ActName, OutcomeView } from '../../sanctions/sanctions.js'
import { actNames } from '../../sanctions/sanctions.js'
import { optional } from '../fields.js'
import { file, go, page, view, type Answer, type Page, type PageSpec } from '../page.js'
import { actGiven } from './outcomes/acts.js'
import {
  bodyName,
  namesOf,
  officerModel,
  withFormOpen,
  type OutcomesPagesParts,
} from './outcomes/officer-view.js'
import { bodyField, bodyOf, ownBodies } from './outcomes/own-bodies.js'
import { keyPages } from './outcomes/keys.js'
import { recordPages } from './outcomes/record.js'
import { webhookPages } from './outcomes/webhooks.js'

export type { OutcomesPagesParts } from './outcomes/officer-view.js'

const id = z.string().max(64)
const officer = { permission: 'conduct-body', sealed: true, audit: 'act' } as const

const accountOf = (actor: Actor): string => (actor.kind === 'person' ? actor.account : '')

/** What conduct officers read and do. To everybody else these addresses do not exist. */
export function outcomesPages(
  parts: OutcomesPagesParts & { certificates: Pick<Certificates, 'bodies'> },
): Page[] {
  const { sanctions, people } = parts
  const title = { key: 'conduct.title' }

  const show = async (actor: Actor, found: OutcomeView) =>
    view('outcomes/outcome', { key: 'conduct.one' }, await shown(actor, found))

  const shown = async (actor: Actor, found: OutcomeView) => ({
    ...(await officerModel(parts, found, accountOf(actor))),
    back: '/outcomes',
    backText: { key: 'conduct.title' },
  })

  /** A form of an outcome's page: shown again on that page where it is refused. */
  const form = <Schema extends z.ZodType>(
    spec: Pick<PageSpec<Schema>, 'path' | 'input' | 'handle'>,
  ): Page =>
    page({
      method: 'post',
      ...officer,
      ...spec,
      async again({ actor, input }, problem) {
        const found = await sanctions.find(actor, { id: String(input['id']) })
        const model = withFormOpen(await shown(actor, found), problem, input)
        return view('outcomes/outcome', { key: 'conduct.one' }, model)
      },
    })

  const sent = z.looseObject({
    id,
    seen: id.optional(),
    reason: optional(z.string().max(2000)),
  })
  const back = (outcome: string): Answer => go(`/outcomes/${outcome}`)

  async function act(actor: Actor, name: string, given: z.output<typeof sent>): Promise<Answer> {
    const which = { id: given.id }
    const { reason, seen } = given
    const manner = { ...(reason ? { reason } : {}), ...(seen ? { seen } : {}) }
    const known = actNames.find((one) => one === name)
    if (known) {
      const reasoned = { ...actGiven(known, given), ...(reason ? { reason } : {}) }
      await sanctions[known satisfies ActName](actor, which, reasoned, seen ? { seen } : {})
      return back(given.id)
    }
    switch (name) {
      case 'second':
        await sanctions.second(actor, which, String(given['of']), manner)
        return back(given.id)
      case 'plan':
        await sanctions.planTraining(actor, which, actGiven('plan', given), manner)
        return back(given.id)
      case 'annul':
        await sanctions.annulTraining(actor, which, manner)
        return back(given.id)
      case 'expunge':
        return (await sanctions.expunge(actor, which, manner)) === 'done'
          ? go('/outcomes')
          : back(given.id)
      default:
        throw notFound()
    }
  }

  return [
    page({
      method: 'get',
      path: '/outcomes',
      ...officer,
      input: z.object({
        body: bodyField,
        page: z.coerce.number().int().min(1).max(100_000).default(1),
      }),
      async handle({ actor, input }) {
        const body = bodyOf(actor, input.body)
        const list = await sanctions.list(actor, { body, page: input.page })
        const name = await namesOf(
          people,
          list.outcomes.map(({ respondent }) => respondent),
        )
        const address = (number: number) =>
          `/outcomes?${new URLSearchParams({ body, page: String(number) }).toString()}`
        return view('outcomes/list', title, {
          body: { id: body, name: bodyName(parts, body) },
          others: ownBodies(actor)
            .filter((one) => one !== body)
            .map((one) => ({ id: one, name: bodyName(parts, one) })),
          outcomes: list.outcomes.map((row) => ({ ...row, name: name(row.respondent) })),
          previous: input.page > 1 ? address(input.page - 1) : undefined,
          next: list.more ? address(input.page + 1) : undefined,
        })
      },
    }),
    ...recordPages(parts),
    ...webhookPages(parts),
    ...keyPages(parts),
    page({
      method: 'get',
      path: '/outcomes/notices',
      ...officer,
      input: z.object({ body: bodyField }),
      async handle({ actor, input }) {
        const found = await sanctions.notices(actor, bodyOf(actor, input.body))
        const name = await namesOf(
          people,
          found.map(({ respondent }) => respondent),
        )
        return view(
          'outcomes/notices',
          { key: 'conduct.notices' },
          {
            back: '/outcomes',
            notices: found.map((notice) => ({
              ...notice,
              name: name(notice.respondent),
              from: bodyName(parts, notice.body),
            })),
          },
        )
      },
    }),
    page({
      method: 'get',
      path: '/outcomes/:id',
      ...officer,
      input: z.object({ id }),
      handle: async ({ actor, input }) =>
        show(actor, await sanctions.find(actor, { id: input.id })),
    }),
    page({
      method: 'get',
      path: '/outcomes/:id/certificate',
      ...officer,
      input: z.object({ id }),
      async handle({ actor, input }) {
        const { drawn } = await sanctions.certificate(actor, input.id)
        return file(drawn.pdf, 'application/pdf', { name: 'certificate.pdf' })
      },
    }),
    form({
      path: '/outcomes/:id/sessions/:session/cancel',
      input: sent.extend({ session: id }),
      async handle({ actor, input }) {
        await sanctions.cancelTraining(actor, { id: input.id }, input.session)
        return back(input.id)
      },
    }),
    form({
      path: '/outcomes/:id/interest',
      input: z.object({ id }),
      async handle({ actor, input }) {
        const { json } = await sanctions.find(actor, input)
        await sanctions.declareInterest(actor, json.respondent, json.body)
        return go('/outcomes')
      },
    }),
    form({
      path: '/outcomes/:id/:act',
      input: sent.extend({ act: z.string().max(40) }),
      handle: ({ actor, input }) => act(actor, input.act, input),
    }),
  ]
}
