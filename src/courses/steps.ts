import type { CourseVersion, Html, Page, Question, Scenario, Step, StepKind } from './course.js'
import { grave } from './fault.js'
import { hashOf, hashOfTexts } from './hash.js'
import type { Renderer } from './render.js'
import type { StepEntry } from './schema.js'
import type { Source, WrittenModule } from './source.js'

/** What the steps of a module may name, rendered. */
export interface Made {
  pages: Readonly<Record<string, Page>>
  questions: Readonly<Record<string, Question>>
  scenarios: Readonly<Record<string, Scenario>>
}

type Tests = Pick<CourseVersion, 'objectives' | 'preTest'>

const kinds: readonly StepKind[] = [
  'page',
  'check',
  'scenario',
  'acknowledgement',
  'pre-test',
  'assessment',
]

/** The last part of a step's address, where the step is not named by its author. */
const tails = {
  acknowledgement: 'acknowledgement',
  'pre-test': 'pre-test',
  assessment: 'assessment',
}

/**
 * The steps of one module in order, each checked to name something that exists. A step that may
 * distress is followed by the page that stands in for it.
 */
export function compileSteps(
  module: WrittenModule,
  made: Made,
  tests: Tests,
  source: Source,
  renderer: Renderer,
): Step[] {
  const steps = module.file.value.steps.flatMap((entry, index) => {
    const kind = kinds.find((one) => entry[one] !== undefined) ?? 'page'
    const of = entry[kind] ?? ''
    const tell = (path: readonly PropertyKey[], key: string, name: string) =>
      source.report(
        grave(module.file.file, module.file.lineOf(['steps', index, ...path]), key, { name }),
      )
    const hash = hashFor(kind, of, module, made, tests, source)
    if (hash === undefined) {
      tell([kind], `unknown-${kind}`, of)
      return []
    }
    const tail = kind in tails ? tails[kind as keyof typeof tails] : of
    const step: Step = {
      id: `${module.id}/${tail}`,
      kind,
      module: module.id,
      of,
      hash,
      ...terms(entry),
    }
    if (!entry.distressing) return [step]
    const { note, instead } = entry.distressing
    const other = hashFor('page', instead, module, made, tests, source)
    if (other === undefined) {
      tell(['distressing', 'instead'], 'unknown-page', instead)
      return [step]
    }
    const standIn: Step = {
      id: `${module.id}/${instead}`,
      kind: 'page',
      module: module.id,
      of: `${module.id}#${instead}`,
      hash: other,
      standsFor: step.id,
      ...terms(entry),
    }
    const contentNote: Html = renderer.block(note, ['steps', index, 'distressing', 'note'])
    return [{ ...step, contentNote, standIn: standIn.id }, standIn]
  })
  const named = steps.map((step) =>
    step.kind === 'page' && !step.of.includes('#')
      ? { ...step, of: `${module.id}#${step.of}` }
      : step,
  )
  named.forEach((step, index) => {
    if (named.findIndex((other) => other.id === step.id) < index) {
      const name = step.id
      source.report(grave(module.file.file, module.file.lineOf(['steps']), 'step-twice', { name }))
    }
  })
  return named
}

const terms = (entry: StepEntry): Pick<Step, 'for' | 'age' | 'optional' | 'always'> => ({
  ...(entry.for ? { for: entry.for } : {}),
  ...(entry.age ? { age: entry.age } : {}),
  ...(entry.optional ? { optional: true } : {}),
  ...(entry.always ? { always: true } : {}),
})

/** The hash of what a step shows; nothing where what it names does not exist. */
function hashFor(
  kind: StepKind,
  of: string,
  module: WrittenModule,
  made: Made,
  tests: Tests,
  source: Source,
): string | undefined {
  switch (kind) {
    case 'page': {
      const page = made.pages[`${module.id}#${of}`]
      return page && hashOfPage(page)
    }
    case 'check':
      return made.questions[of]?.hash
    case 'scenario':
      return made.scenarios[of]?.hash
    case 'acknowledgement': {
      const text = source.texts.get(of)
      return text && hashOf(text.hash)
    }
    case 'pre-test':
      return tests.preTest && hashOf([tests.preTest, tests.objectives])
    case 'assessment':
      return tests.objectives.length > 0 ? hashOf(tests.objectives) : undefined
  }
}

function hashOfPage({ title, parts }: Page): string {
  const texts = [...parts.en, ...parts.cy].flatMap(({ for: whom, html }) => [String(whom), html])
  return hashOfTexts([title.en, title.cy, ...texts])
}
