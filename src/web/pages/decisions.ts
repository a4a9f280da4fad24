import { z } from 'zod'
import type { Actor } from '../../actor.js'
import type { Act } from '../../audit/audit.js'
import { revocationReasons } from '../../certificates/certificates.js'
import { invalid, type Fault } from '../../errors.js'
import type { Decision, Relief } from '../../requirements/requirements.js'
import { go, page, view, type Page, type Typed } from '../page.js'
import { dayField, optional } from '../fields.js'
import { naming, sameAccount, words, type DecisionsPagesParts } from './decisions/naming.js'
import { repliesPages } from './decisions/replies.js'

const id = z.string().max(64)

/** What is said of a register has to be true of the register: that is corrected where it is kept. */
const publicReasons = revocationReasons.filter((reason) => reason !== 'register-corrected')
const title = { key: 'decisions.title' }

const reliefInput = {
  person: id,
  duty: id,
  kind: z.enum(['excusal', 'extension'], { message: 'say:decisions.choose-kind' }),
  from: optional(dayField()),
  to: optional(dayField()),
  until: optional(dayField()),
  reason: words,
}

type ReliefForm = z.output<z.ZodObject<typeof reliefInput>>

/** The relief that a form asks for, or which of its days are missing. */
function reliefOf({ kind, from, to, until }: Partial<ReliefForm>): Relief | Fault[] {
  const missing = (...fields: string[]): Fault[] =>
    fields.map((field) => ({ field, say: { key: `decision.no-${field}` } }))
  if (kind === 'extension') return until ? { kind, until } : missing('until')
  if (kind === undefined) return []
  if (from && to) return { kind, from, to }
  return missing(...(from ? [] : ['from']), ...(to ? [] : ['to']))
}

/** Excusals, extensions, claims and contests: what waits for somebody to decide, and how it was decided. */
export function decisionsPages(parts: DecisionsPagesParts): Page[] {
  const { decisions, claims, contests, completions, certificates, compliance } = parts
  const { people, audit, clock, wall, courseTitle } = parts
  const name = naming(parts)

  async function shown(actor: Actor, decision: Decision): Promise<object> {
    const { proposed, decided, ended } = decision
    const duty = (await name.duties()).find((one) => one.id === decision.duty)
    return {
      ...decision,
      name: await name.person(decision.person),
      title: duty?.title ?? { en: decision.duty, cy: decision.duty },
      by: await name.actor(proposed.by),
      ...(decided ? { decidedBy: await name.actor(decided.by) } : {}),
      ...(ended ? { endedBy: await name.actor(ended.by) } : {}),
      own: !decided && sameAccount(proposed.by, actor),
      open: !decided && !sameAccount(proposed.by, actor),
      inForce: decided?.granted === true && !ended,
    }
  }
  const all = <Thing, Shown>(things: readonly Thing[], show: (thing: Thing) => Promise<Shown>) =>
    Promise.all(things.map(show))

  /** What somebody owes today; where that is nothing, all that anybody owes. */
  async function dutiesOf(actor: Actor, person: string) {
    const lines = await compliance.ofPerson(actor, person).catch(() => [])
    const own = new Set(lines.map(({ duty }) => duty))
    const duties = await name.duties()
    return own.size === 0 ? duties : duties.filter(({ id: duty }) => own.has(duty))
  }

  const form = async (actor: Actor, person: string, typed: object) =>
    view(
      'decisions/new',
      { key: 'decisions.new' },
      {
        person,
        name: await name.person(person),
        duties: await dutiesOf(actor, person),
        today: clock.today(),
        ...typed,
      },
    )

  const reading = (person: string): Act => ({ act: 'decisions.read', people: [person] })

  /** @param typed the correction of one of the completions that was refused, as it was sent */
  async function personPage(actor: Actor, person: string, typed?: Typed, more: object = {}) {
    const history = await decisions.history(actor, person)
    const done = await completions.history(person)
    const held = await certificates.ofCompletions(done.map((one) => one.id))
    const serials = new Map(held.map(({ completion, serial }) => [completion, serial]))
    const called = await name.person(person)
    return view(
      'decisions/person',
      { key: 'decisions.of', with: { name: called } },
      {
        person,
        name: called,
        decisions: await all(history, (one) => shown(actor, one)),
        completions: done.map((one) => ({
          ...one,
          title: courseTitle(one.course),
          serial: serials.get(one.id),
          ...(typed?.['completion'] === one.id ? { typed } : {}),
        })),
        publicReasons,
        ...more,
      },
    )
  }

  /** The same behind a form that was refused: it shows as much, and is recorded as reading it is. */
  async function personAgain(actor: Actor, person: string, typed?: Typed, more: object = {}) {
    await wall.check(actor, person)
    await audit.record(actor, reading(person))
    return personPage(actor, person, typed, more)
  }

  async function wrongWith(input: Partial<ReliefForm>): Promise<Fault[]> {
    const { duty, reason } = input
    const relief = reliefOf(input)
    const told = {
      ...(duty === undefined ? {} : { duty }),
      ...(reason === undefined ? {} : { reason }),
    }
    if (Array.isArray(relief)) return [...relief, ...(await decisions.check(told))]
    return decisions.check({ ...told, relief })
  }

  return [
    page({
      method: 'get',
      path: '/decisions',
      permission: 'decide',
      input: z.object({}),
      audit: 'nothing',
      async handle({ actor }) {
        const waiting = async (one: { id: string; person: string; at: Date }) => ({
          ...one,
          name: await name.person(one.person),
        })
        return view('decisions/desk', title, {
          excusals: await all(await decisions.undecided(actor), (one) => shown(actor, one)),
          claims: await all(await claims.undecided(actor), async (claim) => ({
            ...(await waiting(claim)),
            title: courseTitle(claim.course),
            reviewed: claim.reviewed !== undefined,
          })),
          contests: await all(await contests.open(actor), async (contest) => ({
            ...(await waiting(contest)),
            title: (await name.duties()).find((duty) => duty.id === contest.duty)?.title,
          })),
        })
      },
    }),
    page({
      method: 'get',
      path: '/decisions/people/:person',
      permission: 'decide',
      input: z.object({ person: id }),
      audit: ({ input }) => reading(input.person),
      async handle({ actor, input: { person } }) {
        await people.get(person)
        return personPage(actor, person)
      },
    }),
    page({
      method: 'get',
      path: '/decisions/new',
      permission: 'decide',
      input: z.object({ person: id, duty: optional(id) }),
      audit: 'nothing',
      async handle({ actor, input }) {
        await people.get(input.person)
        await wall.check(actor, input.person)
        return form(actor, input.person, { duty: input.duty })
      },
    }),
    page({
      method: 'post',
      path: '/decisions',
      permission: 'decide',
      input: z.object(reliefInput),
      audit: 'act',
      async handle({ actor, input }) {
        const { person, duty, reason } = input
        const relief = reliefOf(input)
        if (Array.isArray(relief)) throw invalid('problem.input', undefined, await wrongWith(input))
        await decisions.propose(actor, { person, duty, reason, relief })
        return go(`/decisions/people/${encodeURIComponent(person)}`)
      },
      besides: ({ input }) => wrongWith(input),
      again: ({ actor, input }) => form(actor, String(input['person']), input),
      faultsAt: 'kind',
    }),
    ...(['grant', 'refuse', 'end'] as const).map((act) =>
      page({
        method: 'post',
        path: `/decisions/:id/${act}`,
        permission: 'decide',
        input: z.object({ id, person: id }),
        audit: 'act',
        async handle({ actor, input }) {
          if (act === 'end') await decisions.end(actor, input.id)
          else await decisions.decide(actor, input.id, act === 'grant')
          return go(`/decisions/people/${encodeURIComponent(input.person)}`)
        },
      }),
    ),
    page({
      method: 'post',
      path: '/corrections',
      permission: 'decide',
      input: z.object({
        completion: id,
        why: z.enum(publicReasons, { message: 'say:decision.no-why' }),
        note: words.trim().min(3, 'say:decision.no-note'),
      }),
      audit: 'act',
      async handle({ actor, input }) {
        const { person } = await completions.get(input.completion)
        await wall.check(actor, person)
        const { why, note } = input
        await completions.annul(actor, [input.completion], { why, note })
        return go(`/decisions/people/${encodeURIComponent(person)}`)
      },
      async again({ actor, input }, { say, faults: found }) {
        const completion = String(input['completion'])
        const { person } = await completions.get(completion)
        const told = found.length > 0 ? found : [{ field: 'note', say }]
        const faults = told.map((fault) => ({
          ...fault,
          field: `${fault.field ?? 'note'}-${completion}`,
        }))
        return personAgain(actor, person, input, { faults })
      },
    }),
    page({
      method: 'post',
      path: '/corrections/certificate',
      permission: 'decide',
      input: z.object({ person: id, serial: id }),
      audit: 'act',
      async handle({ actor, input }) {
        await wall.check(actor, input.person)
        await certificates.correct(actor, input.serial)
        return go(`/decisions/people/${encodeURIComponent(input.person)}`)
      },
      again: ({ actor, input }) => personAgain(actor, String(input['person'])),
    }),
    ...repliesPages(parts),
  ]
}
