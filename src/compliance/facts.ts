import { dayOf } from '../clock.js'
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

const excusals = (decisions: readonly Decision[]): ExcusalFact[] =>
  decisions.flatMap(({ duty, relief }) =>
    relief.kind === 'excusal' ? [{ duty, from: relief.from, to: relief.to }] : [],
  )
const extensions = (decisions: readonly Decision[]): ExtensionFact[] =>
  decisions.flatMap(({ duty, relief, decided }) =>
    relief.kind === 'extension' && decided
      ? [{ duty, on: dayOf(decided.at), until: relief.until }]
      : [],
  )

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
