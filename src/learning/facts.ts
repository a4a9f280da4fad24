import type { Language } from '../language.js'

/**
 * What happened, one fact each, kept for ever as it was given. State is a function of the set of
 * facts, whatever order they arrive in, so two tabs and two devices come to the same place.
 */
export type Fact = { at: Date } & (
  | { kind: 'read'; step: string; hash: string }
  | { kind: 'checked'; step: string; question: string; hash: string; answer: Answer }
  | { kind: 'chose'; step: string; hash: string; scene: string; choice: string }
  | { kind: 'acknowledged'; step: string; text: string; hash: string; language: Language }
  | {
      kind: 'tested'
      step: string
      form: number
      question: string
      hash: string
      answer: Answer
      /** Given after another answer in the same place: kept, and not counted. */
      again?: true
    }
)

/**
 * An answer as given, by the ids of options: the chosen ones; `true` or `false` and a reason; or
 * all items in order. One form for every kind of question, and nothing of it depends on a browser.
 */
export type Answer = readonly string[]

/** The same act twice has the same key: saved under it once, a repeat changes nothing. */
export function keyOf(fact: Fact): string {
  switch (fact.kind) {
    case 'read':
      return join('read', fact.step, fact.hash)
    case 'checked':
      return join('checked', fact.step, fact.hash, ...fact.answer)
    case 'chose':
      return join('chose', fact.step, fact.hash, fact.scene, fact.choice)
    case 'acknowledged':
      return join('acknowledged', fact.step, fact.hash)
    case 'tested':
      return join('tested', fact.step, String(fact.form), fact.question, fact.hash, ...fact.answer)
  }
}

/**
 * The place of which there is only one: whoever is first in it counts. A store keeps it unique, so
 * that two devices answering one question at the same moment still agree on which answer stands.
 */
export const placeOf = (fact: Fact): string | undefined =>
  fact.kind === 'tested' && !fact.again
    ? join('tested', fact.step, String(fact.form), fact.question)
    : undefined

/** Ids hold no space, so parts joined by one cannot run into each other. */
const join = (...parts: readonly string[]): string => parts.join(' ')

/** What has been settled of facts, which never change: each story and test asks for the same again. */
const known = new WeakMap<readonly Fact[], Map<Fact['kind'], readonly Fact[]>>()

/** The facts of one kind, each place held by its first, in an order that does not depend on arrival. */
export function settled<Kind extends Fact['kind']>(
  facts: readonly Fact[],
  kind: Kind,
): readonly Extract<Fact, { kind: Kind }>[] {
  const kinds = known.get(facts) ?? new Map<Fact['kind'], readonly Fact[]>()
  known.set(facts, kinds)
  const found = kinds.get(kind) ?? settle(facts.filter((fact) => fact.kind === kind))
  kinds.set(kind, found)
  return found as readonly Extract<Fact, { kind: Kind }>[]
}

function settle(facts: Fact[]): readonly Fact[] {
  const held = new Map<string, Fact>()
  for (const fact of facts.sort(byTime)) {
    const repeated = 'again' in fact && fact.again
    if (repeated) continue
    const place = placeOf(fact) ?? keyOf(fact)
    if (!held.has(place)) held.set(place, fact)
  }
  return [...held.values()]
}

const byTime = (a: Fact, b: Fact): number =>
  a.at.getTime() - b.at.getTime() || (keyOf(a) < keyOf(b) ? -1 : 1)
