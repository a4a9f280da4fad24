import { z } from 'zod'
import { personOf, type Actor } from '../../../actor.js'
import { deliveries } from '../../../courses/courses.js'
import { notFound } from '../../../errors.js'
import type { Claim, Contest } from '../../../requirements/requirements.js'
import { dayField } from '../../fields.js'
import { go, page, view, type Page } from '../../page.js'
import { naming, words, type DecisionsPagesParts } from './naming.js'

const id = z.string().max(64)
const answer = z.enum(['yes', 'no'], { message: 'say:decisions.choose' })

/** What people say of their own record: learning done elsewhere, and entries that are wrong. */
export function repliesPages(parts: DecisionsPagesParts): Page[] {
  const { claims, contests, compliance, programmes, courseTitle } = parts
  const name = naming(parts)

  async function claimModel(claim: Claim): Promise<object> {
    const { reviewed, decided } = claim
    return {
      ...claim,
      name: await name.person(claim.person),
      title: courseTitle(claim.course),
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
    return { entry, title: requirement.title }
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
            claims: await Promise.all((await claims.mine(actor)).map(claimModel)),
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
      input: z.object({ course: id, delivery: z.enum(deliveries), on: dayField(), says: words }),
      audit: 'act',
      async handle({ actor, input }) {
        await claims.claim(actor, input)
        return go('/replies')
      },
      again: ({ input }) => claimForm(input),
      faultsAt: 'says',
    }),
    page({
      method: 'get',
      path: '/claims/:id',
      permission: 'decide',
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const claim = await claims.get(actor, input.id)
        return view('decisions/claim', { key: 'claim.title' }, { claim: await claimModel(claim) })
      },
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
      }),
    ),
    page({
      method: 'get',
      path: '/contests/new',
      permission: 'own-training',
      input: z.object({ duty: id, from: dayField() }),
      audit: 'nothing',
      async handle({ actor, input }) {
        return view(
          'decisions/contest-new',
          { key: 'contest.new' },
          { ...input, ...(await contested(actor, input)) },
        )
      },
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
    }),
    page({
      method: 'get',
      path: '/contests/:id',
      permission: 'decide',
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const contest = await contests.get(actor, input.id)
        const model = { contest: await contestModel(actor, contest) }
        return view('decisions/contest', { key: 'contest.title' }, model)
      },
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
    }),
  ]
}
