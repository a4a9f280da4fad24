import { dayOf, type Day } from '../clock.js'
import type { Completions } from '../completions/completions.js'
import type { PeopleFacts, Term } from '../people/people.js'
import type { Decision, Decisions } from '../requirements/requirements.js'
import type { ExcusalFact, ExtensionFact, PersonFacts } from './timeline.js'

/** Where the facts come from; all that standing is worked out from is behind these. */
export interface FactSources {
  people: PeopleFacts
  completions: Pick<Completions, 'facts'>
  decisions: Pick<Decisions, 'of'>
}

/** All facts about one person. */
export interface KnownPerson {
  id: string
  /** The name to show. */
  name: string
  terms: readonly Term[]
  facts: PersonFacts
}

const endedOn = ({ ended }: Decision): { ended?: Day } => (ended ? { ended: dayOf(ended.at) } : {})

const excusals = (decisions: readonly Decision[]): ExcusalFact[] =>
  decisions.flatMap((decision) => {
    const { duty, relief } = decision
    if (relief.kind !== 'excusal') return []
    return [{ duty, from: relief.from, to: relief.to, ...endedOn(decision) }]
  })
const extensions = (decisions: readonly Decision[]): ExtensionFact[] =>
  decisions.flatMap((decision) => {
    const { duty, relief, decided } = decision
    if (relief.kind !== 'extension' || !decided) return []
    return [{ duty, on: dayOf(decided.at), until: relief.until, ...endedOn(decision) }]
  })

const nothing: readonly never[] = []

/** The facts about some people, or about everybody, as known now or at an instant. */
export async function gatherFacts(
  sources: FactSources,
  people?: readonly string[],
  knownAt?: Date,
): Promise<KnownPerson[]> {
  const [called, tenures, completions, decisions] = await Promise.all([
    sources.people.called(people),
    sources.people.tenures(people, knownAt),
    sources.completions.facts(people, knownAt),
    sources.decisions.of(people, knownAt),
  ])
  return Array.from(called, ([id, name]) => {
    const tenure = tenures.get(id)
    const decided = decisions.get(id) ?? nothing
    return {
      id,
      name,
      terms: tenure?.terms ?? nothing,
      facts: {
        absences: tenure?.absences ?? nothing,
        completions: completions.get(id) ?? nothing,
        excusals: decided.length === 0 ? nothing : excusals(decided),
        extensions: decided.length === 0 ? nothing : extensions(decided),
      },
    }
  })
}
