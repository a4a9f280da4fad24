import { z } from 'zod'
import { hasRole } from '../../actor.js'
import type { Clock } from '../../clock.js'
import {
  effectKinds,
  reasonOf,
  rulesOf,
  type Answer,
  type Compliance,
  type EffectLine,
} from '../../compliance/compliance.js'
import type { Identity } from '../../identity/identity.js'
import type { Bilingual } from '../../language.js'
import type { People } from '../../people/people.js'
import type { Duty, Programmes, Proposal } from '../../requirements/requirements.js'
import { naming } from './decisions/naming.js'
import { dayField } from '../fields.js'
import { go, page, view, type Answer as PageAnswer, type Page } from '../page.js'
import { pagingOf } from '../paging.js'

export interface ProgrammePagesParts {
  programmes: Programmes
  compliance: Compliance
  people: People
  identity: Identity
  clock: Clock
  courseTitle: (course: string) => Bilingual
}

const pageSize = 25
const id = z.string().max(40)
const title = { key: 'programme.title' }

/** The programme: its rules, a changed one on its way, what it would do to whom, two approvals. */
export function programmePages(parts: ProgrammePagesParts): Page[] {
  const { programmes, compliance, people, identity, clock, courseTitle } = parts

  const name = naming({ people, programmes, identity })

  async function proposalModel(proposal: Proposal): Promise<object> {
    const approvals = await Promise.all(
      proposal.approvals.map(async ({ by, at }) => ({ name: await name.actor(by), at })),
    )
    return { ...proposal, by: await name.actor(proposal.proposed.by), approvals }
  }

  function sentence(answer: Answer | undefined, duties: readonly Duty[]) {
    if (!answer) return { key: 'standing.reason.not-required' }
    const rules = rulesOf([{ from: clock.today(), adoptedAt: clock.now(), duties }])
    const rule = answer.rule === undefined ? undefined : rules.get(answer.rule)
    const course = answer.course ?? rule?.courses[0] ?? ''
    return reasonOf(answer, course, rule, { course: courseTitle })
  }

  async function effectRows(lines: readonly EffectLine[], proposal: Proposal): Promise<object[]> {
    const held = (await programmes.adopted()).findLast(({ from }) => from <= proposal.from)
    return lines.map((line) => ({
      ...line,
      before: sentence(line.before, held?.duties ?? []),
      after: sentence(line.after, programmes.dutiesOf(proposal)),
    }))
  }

  const writing = (model: object): PageAnswer =>
    view('programme/write', { key: 'programme.write' }, model)

  return [
    page({
      method: 'get',
      path: '/programme',
      permission: 'see-programme',
      input: z.object({}),
      audit: 'nothing',
      async handle() {
        const today = clock.today()
        const held = (await programmes.adopted()).findLast(({ from }) => from <= today)
        const duties = (held?.duties ?? []).map((duty) => ({
          ...duty,
          rules: duty.rules.map((rule) => ({
            ...rule,
            courseTitles: rule.courses.map(courseTitle),
          })),
        }))
        const proposals = await Promise.all((await programmes.proposals()).map(proposalModel))
        return view('programme/programme', title, { duties, proposals, since: held?.from })
      },
    }),
    page({
      method: 'get',
      path: '/programme/exceptions',
      permission: 'see-programme',
      input: z.object({ page: z.coerce.number().int().min(1).max(10_000).default(1) }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const all = await compliance.exceptions()
        const { page: number } = input
        const address = (to: number) => `/programme/exceptions?page=${to}`
        return view(
          'programme/exceptions',
          { key: 'programme.exceptions' },
          {
            total: all.length,
            // Whoever sees everybody's record may go on to it from here.
            leads: hasRole(actor, 'coordinator'),
            lines: all.slice((number - 1) * pageSize, number * pageSize),
            ...pagingOf({ total: all.length, size: pageSize, number }, address),
          },
        )
      },
    }),
    page({
      method: 'get',
      path: '/programme/new',
      permission: 'change-programme',
      input: z.object({}),
      audit: 'nothing',
      handle: async () => writing({ text: await programmes.currentText() }),
    }),
    page({
      method: 'post',
      path: '/programme',
      permission: 'change-programme',
      input: z.object({
        says: z.string().max(2000),
        from: dayField('programme.no-from'),
        // A browser sends line ends as the form's standard has them; the file has its own.
        text: z
          .string()
          .max(200_000)
          .transform((text) => text.replaceAll('\r\n', '\n')),
      }),
      audit: 'act',
      async handle({ actor, input }) {
        const { id: made } = await programmes.propose(actor, input)
        return go(`/programme/${made}`)
      },
      besides: ({ input }) => programmes.check(input),
      again: ({ input }) => writing(input),
    }),
    page({
      method: 'get',
      path: '/programme/:id',
      permission: 'see-programme',
      input: z.object({
        id,
        kind: z.enum(effectKinds).optional(),
        page: z.coerce.number().int().min(1).max(100_000).default(1),
      }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const { kind, page: number } = input
        const proposal = await programmes.get(input.id)
        const from = (number - 1) * pageSize
        const wanted = { from, size: pageSize, ...(kind ? { kind } : {}) }
        const found = await compliance.simulation(proposal.id, wanted)
        const total = found
          ? kind
            ? found.simulation.counts[kind]
            : sum(found.simulation.counts)
          : 0
        const address = (to: number) =>
          `/programme/${proposal.id}?${kind ? `kind=${kind}&` : ''}page=${to}`
        const approved = proposal.approvals.some(
          ({ by }) =>
            by.kind === 'person' && actor.kind === 'person' && by.account === actor.account,
        )
        return view(
          'programme/proposal',
          { key: 'programme.proposal' },
          {
            proposal: await proposalModel(proposal),
            simulation: found?.simulation,
            tabs: effectKinds.map((one) => ({
              kind: one,
              count: found?.simulation.counts[one],
              href: `/programme/${proposal.id}?kind=${one}`,
              current: one === kind,
            })),
            all: { href: `/programme/${proposal.id}`, current: kind === undefined },
            lines: found ? await effectRows(found.lines, proposal) : [],
            mayApprove: proposal.state === 'proposed' && found && !approved,
            mayWithdraw: proposal.state === 'proposed' || proposal.state === 'adopted',
            ...pagingOf({ total, size: pageSize, number }, address),
          },
        )
      },
    }),
    page({
      method: 'post',
      path: '/programme/:id/approve',
      permission: 'change-programme',
      input: z.object({ id }),
      audit: 'act',
      async handle({ actor, input }) {
        await programmes.approve(actor, input.id)
        return go(`/programme/${input.id}`)
      },
    }),
    page({
      method: 'post',
      path: '/programme/:id/withdraw',
      permission: 'change-programme',
      input: z.object({ id }),
      audit: 'act',
      async handle({ actor, input }) {
        await programmes.withdraw(actor, input.id)
        return go(`/programme/${input.id}`)
      },
    }),
  ]
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)
