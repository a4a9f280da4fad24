import { isFor, type Audience, type Choice, type Scenario, type Scene } from '../courses/courses.js'
import { settled, type Fact } from './facts.js'

/** Where the choices made in a scenario have led. */
export interface Walk {
  /** Every scene that has been reached. */
  reached: ReadonlySet<string>
  /** Endings reached, by scene. One is enough; somebody may go back and try another way. */
  endings: readonly string[]
  /** The scene that the latest choice led to: where to go on. */
  here: string
}

/** What can be chosen in a scene by somebody of an audience. */
export const choicesIn = (scenario: Scenario, scene: string, audience: Audience): Choice[] =>
  (scenario.scenes[scene]?.choices ?? []).filter((choice) => isFor(choice, audience))

/** The scenes that somebody of an audience can come to at all, in the order in which they are written. */
export function scenesFor(scenario: Scenario, audience: Audience): Scene[] {
  const open = new Set([scenario.start])
  for (const scene of open) {
    for (const { to } of choicesIn(scenario, scene, audience)) open.add(to)
  }
  return Object.values(scenario.scenes).filter(({ id }) => open.has(id))
}

/**
 * Replays a scenario: a choice counts where its scene had been reached, whatever order the facts
 * came in. Choices of another version of the scenario count for nothing.
 */
export function walk(
  scenario: Scenario,
  step: string,
  audience: Audience,
  facts: readonly Fact[],
): Walk {
  const made = settled(facts, 'chose').filter(
    (fact) => fact.step === step && fact.hash === scenario.hash,
  )
  const chosen = (scene: string): Choice[] => {
    const here = made.filter((fact) => fact.scene === scene)
    if (here.length === 0) return []
    return choicesIn(scenario, scene, audience).filter(({ id }) =>
      here.some((fact) => fact.choice === id),
    )
  }
  const reached = new Set<string>()
  const waiting = [scenario.start]
  for (let scene = waiting.pop(); scene !== undefined; scene = waiting.pop()) {
    if (reached.has(scene)) continue
    reached.add(scene)
    waiting.push(...chosen(scene).map((choice) => choice.to))
  }
  const latest = made.findLast((fact) => reached.has(fact.scene))
  const to = latest && chosen(latest.scene).find((choice) => choice.id === latest.choice)?.to
  return {
    reached,
    endings: [...reached].filter((scene) => scenario.scenes[scene]?.ending),
    here: to ?? scenario.start,
  }
}
