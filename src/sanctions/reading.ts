import type { Actor } from '../actor.js'
import type { Day } from '../clock.js'
import { byNext, nextOf, type Next } from './by-date.js'
import { bundleOf, type Bundle, type Redaction } from './bundle.js'
import type { Case, Cases } from './cases.js'
import { confirmBy, expungeOn, type ConductBody } from './conduct-body.js'
import type { NoticeData } from './consequences.js'
import type { Desk, Which } from './desk.js'
import { doerOf, requireBody } from './officers.js'
import type { LogProofs } from './log-proofs.js'
import { outcomeJson, type OutcomeJson } from './outcome-json.js'
import type { SealedLog } from './sealed-log.js'
import type { Shelf } from './sealed-store.js'
import type { OutcomeState, StateName } from './state.js'
import type { Step } from './steps.js'
import { openAll, type Vault } from './vault.js'
import type { Walls } from './walls.js'

/** A line of an officer's quiet list. */
interface OutcomeRow {
  id: string
  reference: string
  respondent: string
  state: StateName
  next: Next
}

/** An outcome as its body's officers see it, with everything that was done. */
export interface OutcomeView {
  id: string
  /** Sent back with an act, so that an act on an older version is refused. */
  revision: string
  json: OutcomeJson
  state: OutcomeState
  steps: readonly Step[]
  next: Next
  confirmBy?: Day
  expungeOn?: Day
}

/** A date of another body's outcome that was missed, as told to this one. */
export interface Notice extends NoticeData {
  id: string
  at: Date
}

export function outcomeView(held: Case, body: ConductBody): OutcomeView {
  const { id, sealed, state, steps } = held
  const confirm = confirmBy(state, body)
  const end = expungeOn(state, body)
  return {
    id,
    revision: sealed.revision,
    json: outcomeJson(state),
    state,
    steps,
    next: nextOf(state, body),
    ...(confirm ? { confirmBy: confirm } : {}),
    ...(end ? { expungeOn: end } : {}),
  }
}

const pageSize = 50

/** What officers read. Every reading is an entry of their body's own log. */
export function createReading(parts: {
  cases: Cases
  shelf: Shelf
  vault: Vault
  desk: Desk
  walls: Walls
  log: SealedLog
  proofs: LogProofs
  bodies: ReadonlyMap<string, ConductBody>
}) {
  const { cases, shelf, vault, desk, walls, log, proofs, bodies } = parts

  const note = (actor: Actor, body: string, what: string) =>
    log.write([log.draft(body, { act: 'read', what, by: doerOf(actor) })])

  /** Those whose respondent the actor has no conflict with, up to a number; asked about one by one. */
  async function unconflicted<Row extends { respondent: string }>(
    actor: Actor,
    body: string,
    rows: readonly Row[],
    most: number,
  ): Promise<Row[]> {
    const conflictWith = await walls.conflictsOf(actor, body)
    const known = new Map<string, boolean>()
    const kept: Row[] = []
    for (const row of rows) {
      if (kept.length === most) break
      const clear = known.get(row.respondent) ?? (await conflictWith(row.respondent)) === undefined
      known.set(row.respondent, clear)
      if (clear) kept.push(row)
    }
    return kept
  }

  const configured = (id: string): ConductBody => {
    const body = bodies.get(id)
    if (!body) throw new RangeError('no such conduct body')
    return body
  }

  return {
    /**
     * The quiet list: what needs somebody first, then by date. What concerns those an officer is tied
     * to is not in it, nor counted.
     *
     * @param page from 1; `more` says whether another follows
     */
    async list(actor: Actor, asked: { body?: string; page?: number } = {}) {
      const body = configured(requireBody(actor, asked.body))
      const page = Math.max(1, asked.page ?? 1)
      const rows: OutcomeRow[] = []
      for await (const batch of cases.each([body.id])) {
        for (const { id, state } of batch) {
          const { reference, respondent } = state.terms
          rows.push({ id, reference, respondent, state: state.state, next: nextOf(state, body) })
        }
      }
      rows.sort((a, b) => byNext(a.next, b.next) || a.reference.localeCompare(b.reference))
      const seen = await unconflicted(actor, body.id, rows, page * pageSize + 1)
      await note(actor, body.id, 'list')
      const outcomes = seen.slice((page - 1) * pageSize, page * pageSize)
      return { body: body.id, page, outcomes, more: seen.length > page * pageSize }
    },

    /** One outcome. Throws not-found for whoever does not act for its body, as for one that is not. */
    async find(actor: Actor, which: Which): Promise<OutcomeView> {
      const held = await desk.read(actor, which, 'outcome')
      return outcomeView(held, configured(held.body))
    },

    /** Missed dates of other bodies' outcomes that named this one, newest first. */
    async notices(actor: Actor, named?: string): Promise<Notice[]> {
      const body = requireBody(actor, named)
      const found = openAll<Omit<Notice, 'id'>>(
        vault,
        await shelf.tagged(vault.tags(body, ['notices'])),
        [body],
      ).map(({ id, value }): Notice => ({ id, ...value }))
      found.sort((a, b) => b.at.getTime() - a.at.getTime())
      await note(actor, body, 'notices')
      return unconflicted(actor, body, found, found.length)
    },

    /** Everything about one outcome that a hearing needs, with its proofs. */
    async bundle(actor: Actor, which: Which, redactions: readonly Redaction[]): Promise<Bundle> {
      const held = await desk.read(actor, which, 'bundle')
      await log.seal()
      return bundleOf(held, await proofs.about(held.body, held.id), redactions)
    },

    /** The signed roots of a body's own log. */
    async roots(actor: Actor, named?: string) {
      const body = requireBody(actor, named)
      await note(actor, body, 'roots')
      return proofs.roots(body)
    },
  }
}
