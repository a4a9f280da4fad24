import { chunk, groupBy, minBy, uniq } from 'es-toolkit'
import type { Log } from '../log.js'
import type { Case, Cases } from './cases.js'
import { isAbout, meets, type Beginning, type OrdinaryCompletion } from './matching.js'
import { isClosed } from './state.js'
import type { Doer, Wish } from './steps.js'

/** A certificate that was issued for a completion, or revoked. */
export interface BoundCertificate {
  completion: string
  serial: string
}

/** Looks up what the ordinary plane knows already, for outcomes that are recorded after it happened. */
export interface OrdinaryFacts {
  /** Everybody's ordinary completions dated on or after a day; annulled ones left out. */
  completionsOf(people: readonly string[], since: string): Promise<readonly OrdinaryCompletion[]>
  /** The certificates of completions, where they have been issued. */
  certificatesOf(completions: readonly string[]): Promise<readonly BoundCertificate[]>
}

const doer: Doer = { as: 'system', id: 'completions' }
const certifier: Doer = { as: 'system', id: 'certificates' }

export type Ordinary = ReturnType<typeof createOrdinary>

/**
 * What the ordinary plane tells. It learns nothing in return: the verbs answer nothing, never throw,
 * and what follows is carried out later, so that nobody can tell whether an outcome was there.
 */
export function createOrdinary(parts: { cases: Cases; facts: OrdinaryFacts; log: Log }) {
  const { cases, facts, log } = parts

  /** Takes steps on an outcome, afresh where somebody was faster, until none is wanted any more. */
  async function settle(
    held: Case,
    by: Doer,
    wishes: (held: Case) => readonly Wish[],
  ): Promise<Case> {
    let now = held
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const wanted = wishes(now)
      if (wanted.length === 0) return now
      const taken = await cases.take(now, wanted, { doer: by })
      if (taken) return taken
      const [again] = await cases.byIds([now.id])
      if (!again) return now
      now = again
    }
    return now
  }

  async function settleAll(
    found: readonly Case[],
    by: Doer,
    wishes: (held: Case) => readonly Wish[],
  ): Promise<void> {
    for (const some of chunk([...found], 8)) {
      await Promise.all(some.map((held) => settle(held, by, wishes)))
    }
  }

  const isNew = (held: Case, { id }: OrdinaryCompletion): boolean =>
    !held.steps.some((step) => step.step === 'completed' && step.completion === id)

  /** The earliest of some completions that an outcome still waits for. */
  function wantedOf(held: Case, completions: readonly OrdinaryCompletion[]): Wish[] {
    if (isClosed(held.state) || held.state.trained) return []
    const fitting = completions.filter((one) => meets(held.state.terms, one) && isNew(held, one))
    const first = minBy(fitting, ({ on }) => Date.parse(on))
    if (!first) return []
    const { id, course, delivery, on } = first
    return [{ step: 'completed', completion: id, subject: course, delivery, on }]
  }

  async function consider(completions: readonly OrdinaryCompletion[]): Promise<void> {
    const found = await cases.ofPeople(uniq(completions.map(({ person }) => person)))
    if (found.length === 0) return
    const byPerson = groupBy([...completions], ({ person }) => person)
    await settleAll(found, doer, (held) =>
      wantedOf(held, byPerson[held.state.terms.respondent] ?? []),
    )
  }

  /** Brings outcomes up to what the ordinary plane knows: what was told too early, or never. */
  async function catchUp(found: readonly Case[]): Promise<void> {
    const open = found.filter(({ state }) => !isClosed(state) && !state.trained)
    const since = minBy(open, ({ state }) => Date.parse(state.terms.decidedOn))
    if (since) {
      const people = uniq(open.map(({ state }) => state.terms.respondent))
      await consider(await facts.completionsOf(people, since.state.terms.decidedOn))
    }
    const bare = found.flatMap(({ state: { completion } }) =>
      completion && completion.subject !== 'bespoke' && !completion.certificate
        ? [completion.id]
        : [],
    )
    if (bare.length > 0) await bind(await facts.certificatesOf(bare))
  }

  async function bind(certificates: readonly BoundCertificate[]): Promise<void> {
    const serials = new Map(certificates.map(({ completion, serial }) => [completion, serial]))
    await settleAll(await cases.ofCompletions([...serials.keys()]), certifier, (held) =>
      standingCompletions(held).flatMap((completion): Wish[] => {
        const serial = serials.get(completion)
        return serial === undefined || serial === lastCertificate(held, completion)
          ? []
          : [{ step: 'certified', completion, serial }]
      }),
    )
  }

  async function revoked(certificates: readonly BoundCertificate[]): Promise<void> {
    const serials = new Set(certificates.map(({ serial }) => serial))
    const found = await cases.ofCompletions(certificates.map(({ completion }) => completion))
    await settleAll(found, certifier, (held) =>
      [...new Set(held.steps.flatMap((step) => (step.step === 'certified' ? step.serial : [])))]
        .filter((serial) => serials.has(serial))
        .filter((serial) => !held.steps.some((s) => s.step === 'revoked' && s.serial === serial))
        .map((serial): Wish => ({ step: 'revoked', serial })),
    )
  }

  async function annulled(completions: readonly { id: string }[]): Promise<void> {
    const gone = new Set(completions.map(({ id }) => id))
    const found = await cases.ofCompletions([...gone])
    await settleAll(found, doer, (held) =>
      standingCompletions(held)
        .filter((completion) => gone.has(completion))
        .map((completion): Wish => ({ step: 'annulled', completion })),
    )
    await catchUp(await cases.byIds(found.map(({ id }) => id)))
  }

  async function begun(beginnings: readonly Beginning[]): Promise<void> {
    const found = await cases.ofPeople(uniq(beginnings.map(({ person }) => person)))
    await settleAll(found, doer, ({ state }) => {
      const first = beginnings.find((beginning) => isAbout(state.terms, beginning))
      const waits = state.state === 'imposed' && state.inForce
      return first && waits ? [{ step: 'begun', on: first.on }] : []
    })
  }

  /** Does its work in silence: the ordinary plane neither waits for a repair nor hears of a fault. */
  const silently =
    <Told>(what: string, work: (told: readonly Told[]) => Promise<void>) =>
    async (told: readonly Told[]): Promise<void> => {
      if (told.length === 0) return
      try {
        await work(told)
      } catch {
        log.debug({ what }, 'the sealed plane will catch up later')
      }
    }

  return {
    consider: silently('completions', consider),
    bindCertificates: silently('certificates', bind),
    certificatesRevoked: silently('revocations', revoked),
    annulled: silently('annulments', annulled),
    begun: silently('beginnings', begun),
    catchUp,
    settle,
  }
}

/** The completions that were told and not taken away since. */
function standingCompletions({ steps }: Case): string[] {
  const standing = new Set<string>()
  for (const step of steps) {
    if (step.step === 'completed') standing.add(step.completion)
    if (step.step === 'annulled') standing.delete(step.completion)
  }
  return [...standing]
}

/** The certificate that was bound last to a completion. */
function lastCertificate({ steps }: Case, completion: string): string | undefined {
  const last = steps.findLast((step) => step.step === 'certified' && step.completion === completion)
  return last?.step === 'certified' ? last.serial : undefined
}
