import { makeCatalogue } from './catalogue.js'
import { isFor } from './check-tests.js'
import type { Question, Scenario } from './course.js'
import { advice, collector, type ContentFault, type Report } from './fault.js'
import type { Files } from './folder.js'
import { gather } from './gather.js'
import { countWords, readingAge, wordsOf } from './reading-age.js'
import type { ReadCourse } from './read-course.js'

/** More than this on one page is a long way down on a telephone. */
const longestPage = 400

/**
 * Everything wrong in a courses folder, each with file, line and sentence: what keeps a course from
 * being taught, and what its author should mend (a text too hard to read, a page too long, a
 * telephone number that belongs in configuration, a translation that was forgotten).
 */
export function checkContent(root: string): readonly ContentFault[] {
  const more: ContentFault[] = []
  const show = (course: ReadCourse): void => {
    const own = collector(course.version.course)
    if (course.folder === course.version.course) {
      checkWords(course, own.report)
      checkUse(course, own.report)
      checkTranslation(course, own.report)
    }
    checkSources(course, own.report)
    checkContacts(course.version.course, course.files, own.report)
    more.push(...own.faults)
  }
  const { faults } = makeCatalogue(gather(root), { show })
  return [...faults, ...more].sort(byPlace)
}

const byPlace = (a: ContentFault, b: ContentFault): number =>
  a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1

function checkWords({ file, modules, version }: ReadCourse, report: Report): void {
  const most = file.value['reading-age']
  const measure = (path: string, line: number, html: string) => {
    const age = readingAge(wordsOf(html))
    if (age !== undefined && age > most) report(advice(path, line, 'hard-to-read', { age, most }))
  }
  for (const module of modules) {
    for (const page of module.pages.en) {
      const made = version.pages[`${module.id}#${page.id}`]
      if (!made) continue
      const html = made.parts.en.map((part) => part.html).join('\n')
      measure(`${module.folder}/en.md`, page.line - 1, html)
      const words = Math.max(
        ...version.audiences.map((audience) =>
          countWords(
            wordsOf(
              made.parts.en
                .filter((part) => isFor(part, audience))
                .map((part) => part.html)
                .join(' '),
            ),
          ),
        ),
      )
      if (words > longestPage) {
        report(
          advice(`${module.folder}/en.md`, page.line - 1, 'long-page', {
            words,
            most: longestPage,
          }),
        )
      }
    }
    const questions = Object.values(version.questions).filter((one) => one.module === module.id)
    measure(`${module.folder}/questions.yaml`, 1, questions.map(htmlOfQuestion).join('\n'))
    for (const scenario of Object.values(version.scenarios)) {
      if (scenario.module !== module.id) continue
      measure(`${module.folder}/scenarios/${scenario.id}.yaml`, 1, htmlOfScenario(scenario))
    }
  }
}

const asBlock = (html: string): string => `<p>${html}</p>`

function htmlOfQuestion(question: Question): string {
  const options =
    question.kind === 'ordering'
      ? question.items
      : question.kind === 'true-false'
        ? question.reasons
        : question.options
  const lines = options.flatMap((option) => [asBlock(option.text.en), asBlock(option.feedback.en)])
  return [question.prompt.en, ...lines].join('\n')
}

const htmlOfScenario = (scenario: Scenario): string =>
  Object.values(scenario.scenes)
    .flatMap((scene) => [
      ...scene.texts.map((text) => text.html.en),
      ...scene.choices.map((choice) => asBlock(choice.text.en)),
      scene.ending?.debrief.en ?? '',
    ])
    .join('\n')

/** What is written and never shown, and a time that does not add up. */
function checkUse({ file, modules, version }: ReadCourse, report: Report): void {
  const shown = new Set(version.steps.map((step) => step.of))
  for (const module of modules) {
    for (const page of module.pages.en) {
      if (shown.has(`${module.id}#${page.id}`)) continue
      report(advice(`${module.folder}/en.md`, page.line - 1, 'unused-page', { page: page.id }))
    }
    for (const scenario of module.scenarios) {
      if (!shown.has(scenario.id)) report(advice(scenario.file, 1, 'unused-scenario'))
    }
  }
  const online = version.deliveries.find(({ delivery }) => delivery === 'online')?.minutes
  const sum = modules.reduce((total, module) => total + module.file.value.minutes, 0)
  if (online !== undefined && online !== sum) {
    const line = file.lineOf(['deliveries', 'online'])
    report(advice(file.file, line, 'minutes-differ', { minutes: online, sum }))
  }
}

/** A Welsh page far shorter or longer than its English one was probably left half done. */
function checkTranslation({ modules, version }: ReadCourse, report: Report): void {
  for (const module of modules) {
    for (const page of module.pages.cy) {
      const made = version.pages[`${module.id}#${page.id}`]
      if (!made) continue
      const [en = 0, cy = 0] = [made.parts.en, made.parts.cy].map((parts) =>
        countWords(parts.map((part) => wordsOf(part.html)).join(' ')),
      )
      if (en < 40 || (cy > en * 0.7 && cy < en * 1.7)) continue
      report(advice(`${module.folder}/cy.md`, page.line - 1, 'lengths-differ', { page: page.id }))
    }
  }
}

/** A course says where its facts come from and when they were checked. */
function checkSources({ files, folder, version }: ReadCourse, report: Report): void {
  const path = `${version.course}/sources.md`
  const text = (files.get(path) ?? files.get(`${folder}/sources.md`))?.toString('utf8')
  if (text === undefined) report(advice(path, 1, 'no-sources'))
  else if (!/^Checked on \d{4}-\d\d-\d\d/m.test(text)) report(advice(path, 1, 'sources-undated'))
}

/** Telephone numbers and addresses change: they are configuration, and content points to `support:`. */
function checkContacts(course: string, files: Files, report: Report): void {
  const contact = /(?:\+44|\b0)[\d ]{8,}\d\b|\b(?:999|101|116 ?123)\b|[\w.+-]+@[\w-]+\.[a-z]{2,}/i
  for (const [path, bytes] of files) {
    if (!/\.(md|yaml)$/.test(path) || !path.startsWith(`${course}/`)) continue
    if (path.endsWith('/sources.md')) continue
    bytes
      .toString('utf8')
      .split('\n')
      .forEach((line, index) => {
        const [found] = contact.exec(line) ?? []
        if (found) report(advice(path, index + 1, 'literal-contact', { found }))
      })
  }
}
