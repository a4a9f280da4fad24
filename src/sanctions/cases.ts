import { setImmediate as breathe } from 'node:timers/promises'
import { chunk } from 'es-toolkit'
import type { Clock, Day } from '../clock.js'
import type { Random } from '../random.js'
import { labelsOf, newFile, withSteps, type CaseFile, type Effect } from './case-file.js'
import type { Shelf } from './sealed-store.js'
import { outcomeState, type OutcomeState } from './state.js'
import type { Doer, Wish } from './steps.js'
import { openAll, openEach, shapes, type Opened, type Vault } from './vault.js'

/** An outcome taken out of the sealed store: its steps, how it stands today, and how to put it back. */
export interface Case extends CaseFile {
  id: string
  body: string
  state: OutcomeState
  sealed: Opened<CaseFile>
}

/** Who takes the steps, and how they are marked. */
export interface StepMarks {
  doer: Doer
  needsSecond?: (wish: Wish) => boolean
  request?: string
}

const kind = 'outcome'
// For so many words keyed hashes are made before others get their turn.
const handful = 100

export type Cases = ReturnType<typeof createCases>

/** The outcomes in the sealed store: found by keyed hash, changed one atomic write at a time. */
export function createCases(parts: { shelf: Shelf; vault: Vault; clock: Clock; random: Random }) {
  const { shelf, vault, clock, random } = parts

  const caseOf = (sealed: Opened<CaseFile>, asAt: Day = clock.today()): Case => ({
    ...sealed.value,
    id: sealed.id,
    body: sealed.body,
    state: outcomeState(sealed.value.steps, asAt),
    sealed,
  })
  const found = async (hashes: readonly string[], bodies?: readonly string[]): Promise<Case[]> =>
    hashes.length === 0
      ? []
      : openAll<CaseFile>(vault, await shelf.tagged(hashes), bodies).map((sealed) => caseOf(sealed))
  async function byTags(
    words: readonly string[],
    bodies: readonly string[] = vault.bodies,
  ): Promise<Case[]> {
    const hashes: string[] = []
    for (const some of chunk([...words], handful)) {
      hashes.push(...bodies.flatMap((body) => vault.tags(body, some)))
      if (words.length > handful) await breathe()
    }
    return found(hashes, bodies)
  }
  const marked = (marks: StepMarks) => ({ ...marks, now: clock.now(), random })

  return {
    async byId(id: string, bodies: readonly string[]): Promise<Case | undefined> {
      const [sealed] = openAll<CaseFile>(vault, await shelf.byIds([id]), bodies)
      return sealed?.kind === kind ? caseOf(sealed) : undefined
    },
    async byReference(body: string, folded: string): Promise<Case | undefined> {
      const hashes = vault.tags(body, [`reference:${body}:${folded}`])
      const [sealed] = openAll<CaseFile>(vault, await shelf.unique(hashes), [body])
      return sealed && caseOf(sealed)
    },
    ofPeople: (people: readonly string[], bodies?: readonly string[]) =>
      byTags(
        people.map((person) => `person:${person}`),
        bodies,
      ),
    ofTrainer: (person: string) => byTags([`trainer:${person}`]),
    ofCompletions: (completions: readonly string[]) =>
      byTags(completions.map((completion) => `completion:${completion}`)),
    shared: (token: string) => byTags([`share:${token}`]),
    /** Ids of those with consequences still to be done. */
    waiting: async (limit: number): Promise<string[]> =>
      (await shelf.waiting(limit)).map(({ id }) => id),
    async byIds(ids: readonly string[]): Promise<Case[]> {
      return openAll<CaseFile>(vault, await shelf.byIds(ids)).map((sealed) => caseOf(sealed))
    },
    async *each(bodies?: readonly string[]): AsyncGenerator<Case[]> {
      for await (const batch of openEach<CaseFile>(vault, shelf, bodies)) {
        yield batch.map((sealed) => caseOf(sealed))
      }
    },

    /** A new outcome. Nothing where the body has one with this reference. */
    async begin(
      body: string,
      wish: Extract<Wish, { step: 'imposed' }>,
      marks: StepMarks,
    ): Promise<Case | undefined> {
      const file = withSteps(newFile, [wish], marked(marks))
      const labels = labelsOf(file, body)
      const content = { kind, ...labels, value: file, waiting: true }
      const document = vault.draft(shapes.outcomes, body, content)
      if (!(await shelf.insert(document))) return undefined
      const sealed = vault.open<CaseFile>(document, [body])
      return sealed && caseOf(sealed)
    },

    /** Adds steps in one atomic write. Nothing where somebody else was faster: nothing is changed. */
    take: (held: Case, wishes: readonly Wish[], marks: StepMarks): Promise<Case | undefined> =>
      keep(held, withSteps(held.sealed.value, wishes, marked(marks))),

    /** Strikes consequences off that have been done. */
    strike: (held: Case, done: ReadonlySet<string>): Promise<Case | undefined> =>
      keep(held, {
        ...held.sealed.value,
        effects: held.effects.filter(({ id }: Effect) => !done.has(id)),
      }),

    async destroy(held: Case): Promise<void> {
      await shelf.remove([held.id])
    },
  }

  async function keep(held: Case, file: CaseFile): Promise<Case | undefined> {
    const { sealed, body } = held
    const draft = {
      id: sealed.id,
      dataKey: sealed.dataKey,
      kind,
      ...labelsOf(file, body),
      value: file,
      waiting: file.effects.length > 0,
    }
    const document = vault.draft(shapes.outcomes, body, draft)
    if (!(await shelf.replace(document, sealed.revision))) return undefined
    const value = { ...sealed, ...draft, revision: document.revision }
    return caseOf(value)
  }
}
