import { dayOf, type Day } from '../clock.js'
import type { Completions } from '../completions/completions.js'
import { calledName, type PeopleFacts, type Term } from '../people/people.js'
import type { Decision, Decisions } from '../requirements/requirements.js'
import type { ExcusalFact, ExtensionFact, PersonFacts } from './timeline.js'

/** Where the facts come from; all that standing is worked out from is behind these. */
export interface FactSources {
  people: PeopleFacts
  completions: Pick<Completions, 'of'>
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

/** The facts about some people, or about everybody, as known now or at an instant. */
export async function gatherFacts(
  sources: FactSources,
  people?: readonly string[],
  knownAt?: Date,
): Promise<KnownPerson[]> {
  const [persons, tenures, completions, decisions] = await Promise.all([
    people
      ? sources.people.byId(people).then((found) => [...found.values()])
      : sources.people.everybody(),
    sources.people.tenures(people, knownAt),
    sources.completions.of(people, knownAt),
    sources.decisions.of(people, knownAt),
  ])
  return persons.map((person) => {
    const { id } = person
    const tenure = tenures.get(id)
    const decided = decisions.get(id) ?? []
    return {
      id,
      name: calledName(person),
      terms: tenure?.terms ?? [],
      facts: {
        absences: tenure?.absences ?? [],
        completions: completions.get(id) ?? [],
        excusals: excusals(decided),
        extensions: extensions(decided),
      },
    }
  })
}
