import type { Day } from '../../../clock.js'
import { deliveries } from '../../../courses/courses.js'
import type { Sentence } from '../../../language.js'
import type { ActName, OutcomeView } from '../../../sanctions/sanctions.js'

/** A field of a small form: its name in the sealed plane, and how it is filled in. */
export interface ActField {
  name: string
  kind: 'input' | 'lines' | 'choice' | 'hidden'
  type?: 'date' | 'time' | 'text'
  label?: Sentence
  value?: string
  options?: readonly { value: string; text: Sentence }[]
}

/** Something that an officer can do to an outcome as it stands, and the form that asks for it. */
export interface ActForm {
  /** Names the form on its page, so that two of the same kind can be told apart. */
  id: string
  act: ActName | 'second' | 'plan' | 'annul' | 'expunge'
  fields: readonly ActField[]
  /** What cannot be undone. */
  final?: true
}

const label = (name: string): Sentence => ({ key: `conduct.field.${name}` })
const input = (name: string, type: 'date' | 'time' | 'text', value?: string): ActField => ({
  name,
  kind: 'input',
  type,
  label: label(name),
  ...(value ? { value } : {}),
})
const date = (name: string, value?: Day): ActField => input(name, 'date', value)
const line = (name: string): ActField => input(name, 'text')
const lines = (name: string): ActField => ({ name, kind: 'lines', label: label(name) })
const hidden = (name: string, value: string): ActField => ({ name, kind: 'hidden', value })
const choice = (name: string, options: readonly string[], texts: string): ActField => ({
  name,
  kind: 'choice',
  label: label(name),
  options: options.map((value) => ({ value, text: { key: texts + value } })),
})
/** Labels of parties are the officer's own words: they are shown as they stand. */
const party = (labels: readonly string[]): ActField => ({
  name: 'party',
  kind: 'choice',
  label: label('party'),
  options: labels.map((value) => ({
    value,
    text: { key: 'conduct.party', with: { party: value } },
  })),
})

type Form = Omit<ActForm, 'id'> & { id?: string }

function waiting({ state }: OutcomeView, account: string): Form[] {
  const seconds = state.waitingForSecond
    .filter(({ by, step }) => by.id !== account && step !== 'expunged')
    .map(({ id }): Form => ({ id: `second-${id}`, act: 'second', fields: [hidden('of', id)] }))
  const answers = state.questions
    .filter(({ answer }) => answer === undefined)
    .map(({ id }): Form => ({
      id: `answer-${id}`,
      act: 'answer',
      fields: [hidden('question', id), lines('text')],
    }))
  return [...seconds, ...answers]
}

function duty({ state }: OutcomeView, today: Day): Form[] {
  const forms: Form[] = []
  const { outstanding, awaitedEvent, due } = state
  if (outstanding.length > 0) {
    forms.push({ act: 'agree', fields: [party(outstanding), date('on', today)] })
  }
  if (state.state === 'stayed') {
    forms.push({
      act: 'resume',
      fields: [date('on', today), { ...date('dueOn'), label: label('resumedDue') }],
    })
    return forms
  }
  if (awaitedEvent && state.inForce) {
    forms.push({ act: 'event', fields: [hidden('event', awaitedEvent), date('on', today)] })
  }
  if (state.state === 'awaiting-confirmation') {
    forms.push({
      act: 'confirm',
      fields: [choice('understood', ['yes', 'no'], 'conduct.understood.'), date('on', today)],
    })
  } else if (due) forms.push({ act: 'extend', fields: [date('dueOn')] })
  return forms
}

const planning = (): Form => ({
  act: 'plan',
  fields: [
    line('trainer'),
    choice('delivery', deliveries, 'conduct.delivery.'),
    date('on'),
    input('start', 'time'),
    input('end', 'time'),
    line('place'),
    lines('aims'),
    lines('safetyNotes'),
    date('readableUntil'),
  ],
})

function trainingFor({ state }: OutcomeView): Form[] {
  if (!('bespoke' in state.terms.training.subject) || !state.inForce) return []
  return state.completion ? [{ act: 'annul', fields: [] }] : [planning()]
}

function restricting({ state }: OutcomeView, today: Day): Form[] {
  if (!state.inForce) return []
  return state.restriction?.ordered
    ? [{ act: 'liftRestriction', fields: [date('on', today)] }]
    : [{ act: 'activateRestriction', fields: [date('from', today)] }]
}

/** Everything that can be done to an outcome now, what cannot wait first. */
export function actForms(view: OutcomeView, account: string, today: Day): ActForm[] {
  const { state, expungeOn } = view
  const closed = state.closedOn !== undefined
  const first = waiting(view, account)
  const open: Form[] = [
    ...duty(view, today),
    ...trainingFor(view),
    ...restricting(view, today),
    ...(state.state === 'stayed' ? [] : [{ act: 'stay', fields: [date('on', today)] } as const]),
    { act: 'withdraw', fields: [date('on', today)], final: true },
    { act: 'unenforceable', fields: [date('on', today)], final: true },
  ]
  const over: Form[] = [
    ...(state.completion ? trainingFor(view) : []),
    { act: 'keep', fields: [date('until')] },
    ...(expungeOn && expungeOn <= today
      ? [{ act: 'expunge', fields: [], final: true } as const]
      : []),
  ]
  return [...first, ...(closed ? over : open)].map((form) => ({ id: form.act, ...form }))
}

/** The fields that each act is given, besides its reason. */
const fieldsOf: Record<ActForm['act'], readonly string[]> = {
  agree: ['party', 'on'],
  stay: ['on'],
  resume: ['on', 'dueOn'],
  extend: ['dueOn'],
  event: ['event', 'on'],
  activateRestriction: ['from'],
  liftRestriction: ['on'],
  confirm: ['on', 'understood'],
  withdraw: ['on'],
  unenforceable: ['on'],
  answer: ['question', 'text'],
  keep: ['until'],
  second: ['of'],
  plan: [
    ...['trainer', 'delivery', 'on', 'start', 'end', 'place'],
    ...['aims', 'safetyNotes', 'readableUntil'],
  ],
  annul: [],
  expunge: [],
}

/** What was filled in for an act: empty fields left out, yes and no as such. */
export function actGiven(
  act: ActForm['act'],
  typed: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    fieldsOf[act].flatMap((name): [string, unknown][] => {
      const value = typed[name]
      if (typeof value !== 'string' || value.trim() === '') return []
      return [[name, name === 'understood' ? value === 'yes' : value.trim()]]
    }),
  )
}
