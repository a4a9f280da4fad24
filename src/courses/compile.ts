import { languages } from '../language.js'
import type {
  CourseImage,
  CourseVersion,
  Html,
  Module,
  Objective,
  Page,
  Question,
  Scenario,
  Step,
} from './course.js'
import { grave } from './fault.js'
import { renderPage } from './pages.js'
import type { Parsed } from './parse.js'
import { checkQuestions, compileQuestion } from './question.js'
import { placeOf, rendererFor, type Studio } from './render.js'
import { renderBlock } from './markdown.js'
import { checkScenario, compileScenario } from './scenario.js'
import type { CourseFile } from './schema.js'
import type { Source, WrittenModule } from './source.js'
import { compileSteps } from './steps.js'

type Content = Omit<
  CourseVersion,
  | 'course'
  | 'hash'
  | 'label'
  | 'change'
  | 'title'
  | 'summary'
  | 'retiredOn'
  | 'unlisted'
  | 'audiences'
  | 'review'
>

/** What came of a course's files. */
export interface Made {
  content: Content
  images: ReadonlyMap<string, CourseImage>
  /** The institution's texts that the course quotes or has acknowledged. */
  quoted: ReadonlySet<string>
}

/** Makes what a course teaches from its parsed files; what is wrong goes to `source.report`. */
export function compileContent(
  folder: string,
  course: Parsed<CourseFile>,
  modules: readonly WrittenModule[],
  source: Source,
): Made {
  const objectives: Objective[] = course.value.objectives
  const addresses = new Set(
    modules.flatMap(({ id, pages }) => pages.en.map((page) => `${id}#${page.id}`)),
  )
  const images = new Map<string, CourseImage>()
  const quoted = new Set<string>()
  const studio: Studio = { source, addresses, images, quoted }
  const pages: Record<string, Page> = {}
  const questions: Record<string, Question> = {}
  const scenarios: Record<string, Scenario> = {}
  const known = new Set(objectives.map((objective) => objective.id))
  const seen = new Set<string>()
  for (const module of modules) {
    Object.assign(pages, compilePages(module, studio))
    if (module.questions) {
      checkQuestions(module.questions, known, seen, source.report)
      const renderer = rendererFor(studio, module.questions, module)
      module.questions.value.forEach((written, index) => {
        questions[written.id] = compileQuestion(written, index, module.id, renderer)
      })
    }
    for (const written of module.scenarios) {
      checkScenario(written, course.value.audiences, source.report)
      if (scenarios[written.id]) source.report(grave(written.file, 1, 'scenario-twice'))
      const renderer = rendererFor(studio, written, module)
      scenarios[written.id] = compileScenario(written, module.id, renderer)
    }
    checkObjectives(module, known, source)
  }
  const preTest = course.value['pre-test']
  const tests = { objectives, ...(preTest ? { preTest } : {}) }
  const made = { pages, questions, scenarios }
  const steps: Step[] = modules.flatMap((module) =>
    compileSteps(module, made, tests, source, rendererFor(studio, module.file, module)),
  )
  const plan = compilePlan(folder, studio)
  for (const step of steps) if (step.kind === 'acknowledgement') quoted.add(step.of)
  const content: Content = {
    ...tests,
    ...made,
    steps,
    deliveries: deliveriesOf(course.value),
    accreditations: course.value.accreditations,
    modules: modules.map(moduleOf),
    texts: Object.fromEntries([...source.texts].filter(([name]) => quoted.has(name))),
    ...(plan ? { plan } : {}),
  }
  return { content, images, quoted }
}

const moduleOf = ({ id, file }: WrittenModule): Module => ({
  id,
  title: file.value.title,
  minutes: file.value.minutes,
  objectives: file.value.objectives,
})

function deliveriesOf({ deliveries }: CourseFile): Content['deliveries'] {
  const live = (['remote', 'face-to-face'] as const).flatMap((delivery) => {
    const terms = deliveries[delivery]
    if (!terms) return []
    const from = terms['part-counts-from']
    return [{ delivery, minutes: terms.minutes, ...(from ? { partCountsFrom: from } : {}) }]
  })
  const { online } = deliveries
  return [...(online ? [{ delivery: 'online' as const, minutes: online.minutes }] : []), ...live]
}

function checkObjectives(module: WrittenModule, known: ReadonlySet<string>, source: Source): void {
  const { file } = module
  file.value.objectives.forEach((objective, index) => {
    if (known.has(objective)) return
    const line = file.lineOf(['objectives', index])
    source.report(grave(file.file, line, 'unknown-objective', { question: module.id, objective }))
  })
}

function compilePages(module: WrittenModule, studio: Studio): Record<string, Page> {
  const [english, welsh] = languages.map((language) => {
    const place = placeOf(studio, `${module.folder}/${language}.md`, language, module)
    return new Map(
      module.pages[language].map((page) => [page.id, { page, parts: renderPage(page, place) }]),
    )
  })
  const made: Record<string, Page> = {}
  const order = [...(welsh?.keys() ?? [])]
  let index = 0
  for (const [id, en] of english ?? []) {
    const cy = welsh?.get(id)
    const file = `${module.folder}/cy.md`
    if (!cy) studio.source.report(grave(file, 1, 'no-welsh-page', { page: id }))
    else if (order[index++] !== id) {
      studio.source.report(grave(file, cy.page.line - 1, 'page-out-of-order', { page: id }))
    }
    made[`${module.id}#${id}`] = {
      id,
      title: { en: en.page.title, cy: cy?.page.title ?? '' },
      parts: { en: en.parts, cy: cy?.parts ?? [] },
    }
  }
  for (const [id, cy] of welsh ?? []) {
    if (english?.has(id)) continue
    const file = `${module.folder}/en.md`
    studio.source.report(grave(file, cy.page.line - 1, 'no-english-page', { page: id }))
  }
  return made
}

/** The session plan of a course that is given live: `session-plan/<language>.md`. */
function compilePlan(folder: string, studio: Studio): Html | undefined {
  const render = (language: (typeof languages)[number]): string | undefined => {
    const file = `${folder}/session-plan/${language}.md`
    const bytes = studio.source.files.get(file)
    if (!bytes) return undefined
    return renderBlock(bytes.toString('utf8'), placeOf(studio, file, language), () => 1)
  }
  const [en, cy] = [render('en'), render('cy')]
  if (en === undefined && cy === undefined) return undefined
  if (en === undefined)
    studio.source.report(grave(`${folder}/session-plan/en.md`, 1, 'no-english-file'))
  if (cy === undefined)
    studio.source.report(grave(`${folder}/session-plan/cy.md`, 1, 'no-welsh-file'))
  return { en: en ?? '', cy: cy ?? '' }
}
