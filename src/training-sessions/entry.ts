import type { Actor } from '../actor.js'
import { completes, type Claim, type Statement } from './mark.js'

/**
 * One stretch in which an entry amounts to a completion, from when it first did until it was taken
 * back. Its `evidence` is what the completion refers to; a new stretch needs a new one, because a
 * completion that has been annulled stays so.
 */
export interface Effect {
  evidence: string
  wanted: boolean
  /** Whether the completion has been recorded, or annulled, accordingly. */
  done: boolean
  /** When it was last found wanted or not. */
  at: Date
  /** Whose act it follows from, and why it was taken back. */
  by: Actor
  reason?: string
}

/** What a register holds of one person: every statement ever made, never edited. */
export interface Entry {
  id: string
  session: string
  person: string
  statements: readonly Statement[]
  claims: readonly Claim[]
  /** The register has been signed: what was marked on screen counts now. */
  signed: boolean
  effects: readonly Effect[]
  version: number
}

export const entryKey = (session: string, person: string): string => `${session}/${person}`

const standing = (entry: Entry): Statement[] =>
  entry.statements.filter(({ withdrawn }) => withdrawn === undefined)

/** The latest of some statements; of two made at one moment the one recorded last. */
const latest = (statements: readonly Statement[]): Statement | undefined =>
  statements.reduce<Statement | undefined>(
    (last, next) => (last && last.at > next.at ? last : next),
    undefined,
  )

/** What the register says of the person now: the last statement that has not been taken back. */
export const inForce = (entry: Entry): Statement | undefined => latest(standing(entry))

/** Whether a statement counts already: on screen once it is signed, in one's own line once countersigned. */
const counts = (statement: Statement, signed: boolean): boolean =>
  statement.countersign !== 'needed' && (statement.source !== 'screen' || signed)

/** The last statement that counts. */
export const counting = (entry: Entry): Statement | undefined =>
  latest(standing(entry).filter((statement) => counts(statement, entry.signed)))

/** The stretch in which the entry amounts to a completion now. */
const currentEffect = (entry: Entry): Effect | undefined => {
  const last = entry.effects.at(-1)
  return last?.wanted ? last : undefined
}

/** What turns an entry's statements into effects. */
export interface Rule {
  partCountsFrom: number | undefined
  /** Who acts now, and what they wrote about it; a completion that is annulled keeps it for the record. */
  by: Actor
  at: Date
  reason?: string
  newEvidence: () => string
}

/** The entry with the effect that its statements have: begun where it completes now, ended where it no longer does. */
export function withEffect(entry: Entry, rule: Rule): Entry {
  const statement = counting(entry)
  const wanted = statement !== undefined && completes(statement, rule.partCountsFrom)
  const current = currentEffect(entry)
  if (wanted === (current !== undefined)) return entry
  const { by, at, reason } = rule
  if (!current) {
    const begun = { evidence: rule.newEvidence(), wanted: true, done: false, at, by }
    return { ...entry, effects: [...entry.effects, begun] }
  }
  const noted = reason === undefined ? {} : { reason }
  const ended = { ...current, wanted: false, done: false, at, by, ...noted }
  return { ...entry, effects: [...entry.effects.slice(0, -1), ended] }
}

/** Adds a statement; one that is there already changes nothing. */
export function withStatement(entry: Entry, statement: Statement): Entry {
  if (entry.statements.some(({ id }) => id === statement.id)) return entry
  return { ...entry, statements: [...entry.statements, statement] }
}

/** Changes the statements that a test picks out; where it picks none the entry is the same one. */
function withStatements(
  entry: Entry,
  picked: (statement: Statement) => boolean,
  change: (statement: Statement) => Statement,
): Entry {
  if (!entry.statements.some(picked)) return entry
  const statements = entry.statements.map((one) => (picked(one) ? change(one) : one))
  return { ...entry, statements }
}

/** Takes back what came with an upload. */
export const withoutUpload = (
  entry: Entry,
  upload: string,
  withdrawn: NonNullable<Statement['withdrawn']>,
): Entry =>
  withStatements(
    entry,
    (statement) => statement.upload === upload && !statement.withdrawn,
    (statement) => ({ ...statement, withdrawn }),
  )

/** Signs for what somebody marked in their own line. */
export const withCountersign = (entry: Entry, by: Actor, at: Date): Entry =>
  withStatements(
    entry,
    ({ countersign }) => countersign === 'needed',
    (statement) => ({ ...statement, countersign: { by, at } }),
  )

/** Adds what another source says; said already, it changes nothing. */
export function withClaim(entry: Entry, claim: Claim): Entry {
  const said = entry.claims.findLast(({ source }) => source === claim.source)
  const same = said?.present === claim.present && said.minutes === claim.minutes
  return same ? entry : { ...entry, claims: [...entry.claims, claim] }
}

export const waitsForCountersign = (entry: Entry): boolean =>
  standing(entry).some(({ countersign }) => countersign === 'needed')

export const newEntry = (id: string, session: string, person: string, signed: boolean): Entry => ({
  id,
  session,
  person,
  statements: [],
  claims: [],
  signed,
  effects: [],
  version: 0,
})
