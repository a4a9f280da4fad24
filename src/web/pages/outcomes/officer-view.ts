import { dayOf, type Clock } from '../../../clock.js'
import type { Catalogue } from '../../../courses/courses.js'
import type { Identity } from '../../../identity/identity.js'
import type { Bilingual } from '../../../language.js'
import { calledName, type People } from '../../../people/people.js'
import type { OutcomeView, Sanctions, Step } from '../../../sanctions/sanctions.js'
import type { Problem } from '../../problems.js'
import type { Support } from '../learning/around.js'
import { actForms } from './acts.js'

export interface OutcomesPagesParts {
  sanctions: Sanctions
  people: People
  identity: Identity
  bodies: readonly { id: string; name: Bilingual }[]
  courseTitle: (course: string) => Bilingual
  catalogue: () => Pick<Catalogue, 'courses'>
  clock: Clock
  publicUrl: string
  support: Support
  /** Where *Exit this page* leads. */
  exitTo: string
}

export const bodyName = ({ bodies }: Pick<OutcomesPagesParts, 'bodies'>, id: string): Bilingual =>
  bodies.find((body) => body.id === id)?.name ?? { en: id, cy: id }

/** What people are called, by their id; the id itself where the directory does not know them. */
export async function namesOf(
  people: Pick<People, 'byId'>,
  ids: readonly string[],
): Promise<(id: string) => string> {
  const found = await people.byId(ids)
  return (id) => {
    const person = found.get(id)
    return person ? calledName(person) : id
  }
}

/** The words of a step that are worth reading again, beside what it was and who took it. */
function saidIn(step: Step): string | undefined {
  switch (step.step) {
    case 'asked':
    case 'answered':
      return step.text
    case 'agreed':
      return step.party
    case 'happened':
      return step.event
    case 'certified':
    case 'revoked':
      return step.serial
    default:
      return undefined
  }
}

function datedIn(step: Step) {
  switch (step.step) {
    case 'extended':
    case 'missed':
    case 'reminded':
      return 'dueOn' in step ? step.dueOn : step.due
    case 'kept':
      return step.until
    case 'restricted':
      return step.from
    case 'planned':
      return step.session.on
    default:
      return 'on' in step ? step.on : undefined
  }
}

async function doersOf(parts: OutcomesPagesParts, steps: readonly Step[]) {
  const { people, identity } = parts
  const name = await namesOf(
    people,
    steps.flatMap(({ by }) => by.person ?? []),
  )
  const accounts = steps.flatMap(({ by }) =>
    by.as === 'officer' && by.person === undefined ? [by.id] : [],
  )
  const emails = new Map<string, string>()
  for (const account of new Set(accounts)) {
    const found = await identity.getAccount(account).catch(() => undefined)
    if (found) emails.set(account, found.email)
  }
  return ({ by }: Step): string | undefined =>
    by.person === undefined ? emails.get(by.id) : name(by.person)
}

/** An outcome with its steps and what can be done to it, as its body's officers see it. */
export async function officerModel(
  parts: OutcomesPagesParts,
  view: OutcomeView,
  account: string,
): Promise<Record<string, unknown>> {
  const { people, courseTitle, clock } = parts
  const { state, json, steps } = view
  const { terms, completion } = state
  const { subject } = terms.training
  const name = await namesOf(people, [
    terms.respondent,
    ...state.sessions.map(({ trainer }) => trainer),
  ])
  const doer = await doersOf(parts, steps)
  const waiting = new Set(state.waitingForSecond.map(({ id }) => id))
  return {
    ...view,
    json,
    terms,
    respondent: name(terms.respondent),
    body: bodyName(parts, terms.body),
    noticeTo: bodyName(parts, terms.noticeTo),
    course: 'course' in subject ? courseTitle(subject.course) : undefined,
    bespoke: 'bespoke' in subject,
    bespokeSays: 'bespoke' in subject && subject.bespoke !== true ? subject.bespoke : undefined,
    late: state.state === 'satisfied' && state.late === true,
    completion: completion && {
      ...completion,
      title: completion.subject === 'bespoke' ? undefined : courseTitle(completion.subject),
    },
    parties: terms.agreementOf.map((party) => ({
      party,
      agreed: steps.find((step) => step.step === 'agreed' && step.party === party),
    })),
    sessions: state.sessions.map((session) => ({
      ...session,
      trainerName: name(session.trainer),
    })),
    questions: state.questions,
    history: steps
      .map((step) => ({
        ...step,
        on: dayOf(step.at),
        who: doer(step),
        said: saidIn(step),
        dated: datedIn(step),
        waiting: waiting.has(step.id),
      }))
      .toReversed(),
    forms: actForms(view, account, clock.today()),
  }
}

/** The page again, with the form that was refused open and what was typed in it. */
export function withFormOpen(
  model: Record<string, unknown>,
  problem: Problem,
  typed: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const id = typeof typed['form'] === 'string' ? typed['form'] : ''
  const forms = (model['forms'] as ReturnType<typeof actForms>).map((form) => {
    if (form.id !== id) return form
    const fields = form.fields.map((field) => {
      const value = typed[field.name]
      return { ...field, ...(typeof value === 'string' ? { value } : {}) }
    })
    return { ...form, fields, open: true, reason: typed['reason'] }
  })
  const shown = forms.find((form) => form.id === id)
  const faults = problem.faults.map(({ say, field }) =>
    shown?.fields.some(({ name }) => name === field)
      ? { say, field: `${id}-${field ?? ''}` }
      : { say },
  )
  return { ...model, forms, faults: faults.length > 0 ? faults : [{ say: problem.say }] }
}
