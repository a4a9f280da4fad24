import { isFor, type Scenario, type Step } from '../../../courses/courses.js'
import type { Language, Sentence } from '../../../language.js'
import { choicesIn, settled, walk, type Place } from '../../../learning/learning.js'
import type { Typed } from '../../page.js'

/** One scene of a story as a page shows it: what led here, what is going on, what can be done. */
export function sceneModel(
  { attempt }: Place,
  step: Step,
  scenario: Scenario,
  language: Language,
  { asked, typed = {} }: { asked?: string | undefined; typed?: Typed },
): object {
  const { learner, facts } = attempt
  const { audience } = learner
  const { reached, here, endings } = walk(scenario, step.id, audience, facts)
  const id = asked !== undefined && reached.has(asked) ? asked : here
  const scene = scenario.scenes[id]
  const made = settled(facts, 'chose').filter((fact) => fact.step === step.id)
  const choices = choicesIn(scenario, id, audience)
  const before = made.findLast(
    (fact) =>
      fact.scene !== id &&
      choicesIn(scenario, fact.scene, audience).some(
        (choice) => choice.id === fact.choice && choice.to === id,
      ),
  )
  const chosen =
    before && scenario.scenes[before.scene]?.choices.find((c) => c.id === before.choice)
  return {
    id,
    title: scenario.title[language],
    text: scene?.texts.find((text) => isFor(text, audience))?.html[language],
    before: before ? { scene: before.scene, choice: chosen?.text[language] } : undefined,
    choices: choices.map((choice, at) => ({
      id: choice.id,
      field: `choice-${at + 1}`,
      text: choice.text[language],
      checked: typed['choice'] === choice.id,
      tried: made.some((fact) => fact.scene === id && fact.choice === choice.id),
    })),
    ending: scene?.ending
      ? {
          title: { key: `learning.ending.${scene.ending.kind}` } satisfies Sentence,
          debrief: scene.ending.debrief[language],
        }
      : undefined,
    start: scenario.start,
    atStart: id === scenario.start,
    ended: endings.length > 0,
  }
}

/** Whether somebody has set foot in a story: then the note before it has been seen. */
export const hasBegun = ({ attempt }: Place, step: Step): boolean =>
  attempt.facts.some(
    (fact) => (fact.kind === 'chose' || fact.kind === 'read') && fact.step === step.id,
  )

/** Where a choice leads. */
export const sceneAfter = (scenario: Scenario, scene: string, choice: string): string | undefined =>
  scenario.scenes[scene]?.choices.find((one) => one.id === choice)?.to
