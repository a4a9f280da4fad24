import { z } from 'zod'
import { sanctionKinds } from '../../../sanctions/sanctions.js'

const text = z.string().max(5000).default('')
/** Boxes of one name: nothing, one, or several ticked. */
const ticked = z
  .union([z.string().max(100), z.array(z.string().max(100)).max(20)])
  .default([])
  .transform((value) => (typeof value === 'string' ? [value] : value))

/** The form on which an officer records an outcome, as a browser sends it. */
export const recordForm = z.object({
  body: text,
  reference: text,
  respondent: text,
  decidedOn: text,
  sanctions: ticked,
  suspendedFrom: text,
  suspendedTo: text,
  untilTrained: text,
  otherSays: text,
  subject: text,
  course: text,
  bespoke: text,
  delivery: ticked,
  due: text,
  dueOn: text,
  event: text,
  months: text,
  confirmationRequired: text,
  parties: text,
  noticeTo: text,
  restriction: text,
  restrictedFrom: text,
})
export type RecordForm = z.output<typeof recordForm>

/** A field of the sealed plane and the one of the form that it was filled in from. */
const places: readonly [pattern: RegExp, field: string][] = [
  [/^sanctions\.\d+\.from$/, 'suspendedFrom'],
  [/^sanctions\.\d+\.to$/, 'suspendedTo'],
  [/^sanctions\.\d+\.description$/, 'otherSays'],
  [/^sanctions/, 'sanctions'],
  [/^training\.course$/, 'course'],
  [/^training\.bespoke$/, 'bespoke'],
  [/^training\.delivery/, 'delivery'],
  [/^training\.dueOn$/, 'dueOn'],
  [/^training\.dueAfter\.months$/, 'months'],
  [/^training\.dueAfter/, 'event'],
  [/^training$/, 'subject'],
  [/^agreementOf/, 'parties'],
  [/^restriction\.from$/, 'restrictedFrom'],
]

/** Where on the form a fault belongs. */
export const placeOf = (field: string): string =>
  places.find(([pattern]) => pattern.test(field))?.[1] ?? field

const given = <Name extends string>(name: Name, value: string) =>
  (value.trim() === '' ? {} : { [name]: value.trim() }) as Partial<Record<Name, string>>

/** Nothing for an empty field; what is not a number is passed on, to be refused where it is read. */
const numberIn = (value: string): unknown =>
  value.trim() === '' ? undefined : /^\d+$/.test(value.trim()) ? Number(value) : value

function sanctionsOf(form: RecordForm): unknown[] {
  return form.sanctions
    .filter((kind) => (sanctionKinds as readonly string[]).includes(kind))
    .map((kind) => {
      if (kind === 'suspension') {
        return {
          kind,
          ...given('from', form.suspendedFrom),
          ...given('to', form.suspendedTo),
          ...(form.untilTrained ? { untilTrained: true } : {}),
        }
      }
      return kind === 'other' ? { kind, ...given('description', form.otherSays) } : kind
    })
}

function trainingOf(form: RecordForm): object {
  const after = { event: form.event.trim(), months: numberIn(form.months) }
  return {
    ...(form.subject === 'course' ? { course: form.course } : {}),
    ...(form.subject === 'bespoke' ? { bespoke: form.bespoke.trim() || true } : {}),
    delivery: form.delivery,
    ...(form.due === 'on' ? { dueOn: form.dueOn.trim() } : {}),
    ...(form.due === 'after' ? { dueAfter: after } : {}),
    confirmationRequired: form.confirmationRequired === 'yes',
  }
}

/** Parties have no names here: as many labels as there are people who must agree. */
function partiesOf(parties: string): unknown {
  const count = numberIn(parties)
  if (typeof count !== 'number') return count
  return Array.from({ length: count }, (_, n) => `party-${n + 1}`)
}

/**
 * What the form says, as the sealed plane takes it (interface, *Outcome in JSON*). It is read and
 * checked there, for officers and programs alike.
 */
export function outcomeIn(form: RecordForm, respondent: string): object {
  const agreementOf = partiesOf(form.parties)
  return {
    reference: form.reference,
    respondent,
    ...given('body', form.body),
    decidedOn: form.decidedOn.trim(),
    sanctions: sanctionsOf(form),
    training: trainingOf(form),
    ...(agreementOf === undefined ? {} : { agreementOf }),
    ...given('noticeTo', form.noticeTo),
    ...(form.restriction === 'recommended' || form.restriction === 'active'
      ? { restriction: { state: form.restriction, ...given('from', form.restrictedFrom) } }
      : {}),
  }
}
