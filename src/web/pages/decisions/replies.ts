import { z } from 'zod'
import { personOf, type Actor } from '../../../actor.js'
import { deliveries } from '../../../courses/courses.js'
import { notFound } from '../../../errors.js'
import type { Claim, Contest } from '../../../requirements/requirements.js'
import { dayField } from '../../fields.js'
import { go, page, view, type Page, type Typed } from '../../page.js'
import { naming, sameAccount, words, type DecisionsPagesParts } from './naming.js'

const id = z.string().max(64)
const answer = z.enum(['yes', 'no'], { message: 'say:decisions.choose' })
const claimInput = z.object({
  course: id.min(1, 'say:claim.choose-course-first'),
  delivery: z.enum(deliveries, { message: 'say:claim.choose-delivery' }),
  on: dayField('claim.no-day'),
  says: words.min(1, 'say:claim.says-nothing'),
})

const faultsAt = 'says'

/** What people say of their own record: learning done elsewhere, and entries that are wrong. */
export function repliesPages(parts: DecisionsPagesParts): Page[] {
  const { claims, contests, compliance, programmes, courseTitle } = parts
  const name = naming(parts)

  async function claimModel(claim: Claim, actor?: Actor): Promise<object> {
    const { reviewed, decided } = claim
    const mayDecide = reviewed && actor && !sameAccount(reviewed.by, actor)
    return {
      ...claim,
      name: await name.person(claim.person),
      title: courseTitle(claim.course),
      mayDecide,
      ...(reviewed ? { reviewer: await name.actor(reviewed.by) } : {}),
      ...(decided ? { decider: await name.actor(decided.by) } : {}),
    }
  }
  async function contestModel(actor: Actor, contest: Contest): Promise<object> {
    const duty = (await name.duties()).find((one) => one.id === contest.duty)
    const record = await compliance.record(actor, contest.person).catch(() => undefined)
    const entry = record?.requirements
      .find((one) => one.duty === contest.duty)
      ?.history.find(({ from }) => from === contest.from)
    return { ...contest, entry, name: await name.person(contest.person), title: duty?.title }
  }

  /** The courses that a claim can be about: those that some rule asks for. */
  async function claimable(): Promise<object[]> {
    const held = (await programmes.adopted()).at(-1)?.duties ?? []
    const courses = new Set(held.flatMap(({ rules }) => rules.flatMap((rule) => rule.courses)))
    return [...courses].map((course) => ({ course, title: courseTitle(course) }))
  }
  const claimForm = async (typed: object) =>
    view(
      'decisions/claim-new',
      { key: 'claim.new' },
      { courses: await claimable(), deliveries, ...typed },
    )

  /** The entry of somebody's own record that they contest. Throws not-found where there is none. */
  async function contested(actor: Actor, { duty, from }: Pick<Contest, 'duty' | 'from'>) {
    const record = await compliance.record(actor, personOf(actor) ?? '')
    const requirement = record.requirements.find((one) => one.duty === duty)
    const entry = requirement?.history.find((one) => one.from === from)
    if (!requirement || !entry) throw notFound()
    return { entry, requirement: requirement.title, person: record.person }
  }

  const contestForm = async (
    actor: Actor,
    entry: Pick<Contest, 'duty' | 'from'>,
    typed: object = {},
  ) =>
    view(
      'decisions/contest-new',
      { key: 'contest.new' },
      { ...entry, ...typed, ...(await contested(actor, entry)) },
    )

  async function claimPage(actor: Actor, claim: string, typed?: Typed) {
    const found = await claimModel(await claims.get(actor, claim), actor)
    return view('decisions/claim', { key: 'claim.title' }, { claim: found, typed })
  }
  async function contestPage(actor: Actor, contest: string, typed?: Typed) {
    const found = await contestModel(actor, await contests.get(actor, contest))
    return view('decisions/contest', { key: 'contest.title' }, { contest: found, typed })
  }

  return [
    page({
      method: 'get',
      path: '/replies',
      permission: 'own-training',
      input: z.object({}),
      audit: 'nothing',
      async handle({ actor }) {
        return view(
          'decisions/own',
          { key: 'replies.title' },
          {
            person: personOf(actor),
            claims: await Promise.all((await claims.mine(actor)).map((one) => claimModel(one))),
            contests: await Promise.all(
              (await contests.mine(actor)).map((one) => contestModel(actor, one)),
            ),
          },
        )
      },
    }),
    page({
      method: 'get',
      path: '/claims/new',
      permission: 'own-training',
      input: z.object({}),
      audit: 'nothing',
      handle: () => claimForm({}),
    }),
    page({
      method: 'post',
      path: '/claims',
      permission: 'own-training',
      input: claimInput,
      audit: 'act',
      async handle({ actor, input }) {
        await claims.claim(actor, input)
        return go('/replies')
      },
      besides: ({ input }) => claims.check(input),
      again: ({ input }) => claimForm(input),
      faultsAt,
    }),
    page({
      method: 'get',
      path: '/claims/:id',
      permission: 'decide',
      input: z.object({ id }),
      audit: 'nothing',
      handle: ({ actor, input }) => claimPage(actor, input.id),
    }),
    ...(['review', 'decide'] as const).map((act) =>
      page({
        method: 'post',
        path: `/claims/:id/${act}`,
        permission: 'decide',
        input: z.object({ id, answer, says: words }),
        audit: 'act',
        async handle({ actor, input }) {
          const { says } = input
          const yes = input.answer === 'yes'
          if (act === 'review') await claims.review(actor, input.id, { recommends: yes, says })
          else await claims.decide(actor, input.id, { granted: yes, says })
          return go(`/claims/${input.id}`)
        },
        again: ({ actor, input }) => claimPage(actor, String(input['id']), input),
        faultsAt,
      }),
    ),
    page({
      method: 'get',
      path: '/contests/new',
      permission: 'own-training',
      input: z.object({ duty: id, from: dayField() }),
      audit: 'nothing',
      handle: ({ actor, input }) => contestForm(actor, input),
    }),
    page({
      method: 'post',
      path: '/contests',
      permission: 'own-training',
      input: z.object({ duty: id, from: dayField(), says: words }),
      audit: 'act',
      async handle({ actor, input }) {
        await contested(actor, input)
        await contests.contest(actor, input)
        return go('/replies')
      },
      again({ actor, input }) {
        const entry = z.object({ duty: id, from: dayField() }).safeParse(input).data
        if (!entry) throw notFound()
        return contestForm(actor, entry, { says: input['says'] })
      },
      faultsAt,
    }),
    page({
      method: 'get',
      path: '/contests/:id',
      permission: 'decide',
      input: z.object({ id }),
      audit: 'nothing',
      handle: ({ actor, input }) => contestPage(actor, input.id),
    }),
    page({
      method: 'post',
      path: '/contests/:id/answer',
      permission: 'decide',
      input: z.object({ id, answer, says: words }),
      audit: 'act',
      async handle({ actor, input: { id: contest, answer: said, says } }) {
        await contests.answer(actor, contest, { upheld: said === 'yes', says })
        return go('/decisions')
      },
      again: ({ actor, input }) => contestPage(actor, String(input['id']), input),
      faultsAt,
    }),
  ]
}
