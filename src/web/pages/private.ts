import { z } from 'zod'
import type { Actor } from '../../actor.js'
import { notFound } from '../../errors.js'
import { attendances, type OwnOutcome } from '../../sanctions/sanctions.js'
import { file, go, page, view, type Answer, type Page, type PageSpec } from '../page.js'
import { contactsOf } from './learning/around.js'
import { bodyName, namesOf, type OutcomesPagesParts } from './outcomes/officer-view.js'

const id = z.string().max(64)
const own = { permission: 'own-training', sealed: true, audit: 'act' } as const
const title = { key: 'private.title' }

/**
 * What concerns only whoever is signed in: outcomes about them, and training that they are to give to
 * one person. Everybody has the page, and it looks the same from outside whether anything is on it.
 */
export function privatePages(parts: OutcomesPagesParts): Page[] {
  const { sanctions, people, courseTitle, clock, support, exitTo, publicUrl } = parts
  const around = {
    exitTo,
    contacts: contactsOf(support, ['wellbeing', 'helpline', 'adviser']),
    today: clock.today(),
  }

  async function ownOutcome(actor: Actor, outcome: string): Promise<OwnOutcome> {
    const found = (await sanctions.ownOutcomes(actor)).find((one) => one.id === outcome)
    if (!found) throw notFound()
    return found
  }

  async function shown(outcome: OwnOutcome): Promise<Record<string, unknown>> {
    const { subject } = outcome.training
    const name = await namesOf(
      people,
      outcome.sessions.map(({ trainer }) => trainer),
    )
    return {
      ...around,
      outcome,
      body: bodyName(parts, outcome.body),
      course: 'course' in subject ? courseTitle(subject.course) : undefined,
      courseHref: 'course' in subject ? `/training/${subject.course}` : undefined,
      online: outcome.training.delivery.includes('online'),
      bespokeSays: 'bespoke' in subject && subject.bespoke !== true ? subject.bespoke : undefined,
      open: !['satisfied', 'withdrawn', 'unenforceable'].includes(outcome.state),
      sessions: outcome.sessions.map((session) => ({
        ...session,
        trainerName: name(session.trainer),
      })),
      back: '/private',
      backText: title,
    }
  }

  const showOne = (model: object): Answer => view('private/outcome', { key: 'private.one' }, model)

  const form = <Schema extends z.ZodType>(
    spec: Pick<PageSpec<Schema>, 'path' | 'input' | 'handle'>,
  ): Page =>
    page({
      method: 'post',
      ...own,
      ...spec,
      async again({ actor, input }) {
        const model = await shown(await ownOutcome(actor, String(input['id'])))
        return showOne({ ...model, typed: input })
      },
    })
  const back = (outcome: string): Answer => go(`/private/${outcome}`)

  return [
    page({
      method: 'get',
      path: '/private',
      ...own,
      input: z.object({}),
      async handle({ actor }) {
        const [outcomes, sessions] = await Promise.all([
          sanctions.ownOutcomes(actor),
          sanctions.trainerSessions(actor),
        ])
        const name = await namesOf(
          people,
          sessions.map(({ respondent }) => respondent),
        )
        return view('private/list', title, {
          ...around,
          outcomes: outcomes.map((one) => ({ ...one, bodyName: bodyName(parts, one.body) })),
          sessions: sessions.map((one) => ({ ...one, name: name(one.respondent) })),
          nothing: outcomes.length + sessions.length === 0,
        })
      },
    }),
    page({
      method: 'get',
      path: '/private/sessions/:session',
      ...own,
      input: z.object({ session: id }),
      async handle({ actor, input }) {
        const session = (await sanctions.trainerSessions(actor)).find(
          (one) => one.id === input.session,
        )
        if (!session) throw notFound()
        const briefing = await sanctions.trainerBriefing(actor, session.id).catch(() => undefined)
        const name = await namesOf(people, [session.respondent])
        return view(
          'private/session',
          { key: 'private.session' },
          {
            ...around,
            session,
            name: name(session.respondent),
            briefing,
            attendances,
            mayMark: !session.attendance && !session.cancelled && session.on <= clock.today(),
            back: '/private',
            backText: title,
          },
        )
      },
    }),
    page({
      method: 'post',
      path: '/private/sessions/:session/mark',
      ...own,
      input: z.object({ session: id, attendance: z.string().max(40).default('') }),
      async handle({ actor, input }) {
        await sanctions.markTraining(actor, input.session, input.attendance)
        return go(`/private/sessions/${input.session}`)
      },
    }),
    page({
      method: 'get',
      path: '/private/:id',
      ...own,
      input: z.object({ id }),
      handle: async ({ actor, input }) => showOne(await shown(await ownOutcome(actor, input.id))),
    }),
    page({
      method: 'get',
      path: '/private/:id/certificate',
      ...own,
      input: z.object({ id }),
      async handle({ actor, input }) {
        await ownOutcome(actor, input.id)
        const { drawn } = await sanctions.certificate(actor, input.id)
        return file(drawn.pdf, 'application/pdf', { name: 'certificate.pdf' })
      },
    }),
    form({
      path: '/private/:id/ask',
      input: z.object({ id, about: z.string().max(40), text: z.string().max(5000).default('') }),
      async handle({ actor, input: { id: outcome, about, text } }) {
        await sanctions.ask(actor, outcome, { about, text })
        return back(outcome)
      },
    }),
    form({
      path: '/private/:id/book',
      input: z.object({ id, session: id }),
      async handle({ actor, input }) {
        await sanctions.book(actor, input.id, input.session)
        return back(input.id)
      },
    }),
    form({
      path: '/private/:id/address',
      input: z.object({ id, address: z.string().max(254).default('') }),
      async handle({ actor, input }) {
        await sanctions.writeTo(actor, input.id, input.address.trim() || undefined)
        return back(input.id)
      },
    }),
    form({
      path: '/private/:id/share',
      input: z.object({ id, stop: z.literal('yes').optional() }),
      async handle({ actor, input }) {
        await ownOutcome(actor, input.id)
        if (input.stop) {
          await sanctions.stopSharing(actor, input.id)
          return back(input.id)
        }
        const token = await sanctions.shareCertificate(actor, input.id)
        const model = await shown(await ownOutcome(actor, input.id))
        return showOne({ ...model, link: `${publicUrl}/verify/private/${token}` })
      },
    }),
    page({
      method: 'get',
      path: '/verify/private/:token',
      permission: 'public',
      sealed: true,
      audit: 'nothing',
      input: z.object({ token: z.string().max(100) }),
      async handle({ input }) {
        const { drawn } = await sanctions.sharedCertificate(input.token)
        return file(drawn.pdf, 'application/pdf', { name: 'certificate.pdf' })
      },
    }),
  ]
}
