import { audiences, type Audience, type Scenario, type Scene } from './course.js'
import { grave, type Report } from './fault.js'
import { hashOf } from './hash.js'
import type { Parsed } from './parse.js'
import type { Renderer } from './render.js'
import type { ScenarioFile } from './schema.js'

type Written = Parsed<ScenarioFile> & { id: string }
type WrittenScenes = ScenarioFile['scenes']

/** Renders a scenario and gives it the hash that choices made in it will name. */
export function compileScenario(written: Written, module: string, renderer: Renderer): Scenario {
  const { title, start, scenes } = written.value
  const compiled = Object.entries(scenes).map(([id, scene]): [string, Scene] => {
    const at = ['scenes', id]
    return [
      id,
      {
        id,
        texts: [
          ...scene.variants.map((variant, index) => ({
            for: variant.for,
            html: renderer.block(variant, [...at, 'variants', index]),
          })),
          { html: renderer.block(scene.text, [...at, 'text']) },
        ],
        choices: (scene.choices ?? []).map((choice, index) => ({
          id: choice.id,
          to: choice.to,
          text: renderer.inline(choice.text, [...at, 'choices', index, 'text']),
          ...(choice.for ? { for: choice.for } : {}),
        })),
        ...(scene.ending
          ? {
              ending: {
                kind: scene.ending.kind,
                debrief: renderer.block(scene.ending.debrief, [...at, 'ending', 'debrief']),
              },
            }
          : {}),
      },
    ]
  })
  const hash = hashOf(written.value)
  return { id: written.id, hash, module, title, start, scenes: Object.fromEntries(compiled) }
}

/**
 * Every way through leads to an ending, and every scene can be reached, for each audience that the
 * course has. Says the line of each scene or choice where that fails.
 */
export function checkScenario(written: Written, whom: readonly Audience[], report: Report): void {
  const { start, scenes } = written.value
  const tell = (path: readonly PropertyKey[], key: string, params = {}) =>
    report(grave(written.file, written.lineOf(path), key, params))
  if (!scenes[start]) tell(['start'], 'unknown-scene', { scene: start })
  for (const [id, scene] of Object.entries(scenes)) {
    const choices = scene.choices ?? []
    choices.forEach((choice, index) => {
      const at = ['scenes', id, 'choices', index]
      if (!scenes[choice.to]) tell([...at, 'to'], 'unknown-scene', { scene: choice.to })
      if (choices.findIndex((other) => other.id === choice.id) < index) {
        tell([...at, 'id'], 'option-twice', { option: choice.id })
      }
    })
    if (choices.length > 0 && scene.ending) tell(['scenes', id, 'ending'], 'end-and-choices')
  }
  const everybody = whom.length > 0 ? whom : audiences
  const differs = Object.values(scenes).some(({ choices }) => choices?.some((one) => one.for))
  // Where all have the same choices, one of them goes every way that there is.
  const people = differs ? everybody : everybody.slice(0, 1)
  const reached = new Set<string>()
  const stuck = new Set<string>()
  for (const audience of people) {
    const here = reachedFrom(start, scenes, audience)
    const ends = endingFrom(scenes, audience)
    for (const id of here) {
      reached.add(id)
      if (!ends.has(id)) stuck.add(id)
    }
  }
  for (const id of Object.keys(scenes)) {
    if (!reached.has(id)) tell(['scenes', id], 'unreachable-scene', { scene: id })
    if (stuck.has(id)) tell(['scenes', id], 'no-ending', { scene: id })
  }
}

const nextOf = (scenes: WrittenScenes, id: string, audience: Audience): string[] =>
  (scenes[id]?.choices ?? [])
    .filter((choice) => !choice.for || choice.for.includes(audience))
    .map((choice) => choice.to)

function reachedFrom(start: string, scenes: WrittenScenes, audience: Audience): Set<string> {
  const reached = new Set<string>()
  const waiting = [start]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id) || !scenes[id]) continue
    reached.add(id)
    waiting.push(...nextOf(scenes, id, audience))
  }
  return reached
}

/** The scenes from which an ending can still be reached. */
function endingFrom(scenes: WrittenScenes, audience: Audience): Set<string> {
  const ends = new Set(Object.keys(scenes).filter((id) => scenes[id]?.ending))
  for (let grew = true; grew;) {
    const more = Object.keys(scenes).filter(
      (id) => !ends.has(id) && nextOf(scenes, id, audience).some((to) => ends.has(to)),
    )
    for (const id of more) ends.add(id)
    grew = more.length > 0
  }
  return ends
}
