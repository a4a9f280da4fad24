import { languages, type Language } from '../language.js'
import type { InstitutionText } from './course.js'
import { grave, type Report } from './fault.js'
import type { Files } from './folder.js'
import { splitPages, type WrittenPage } from './pages.js'
import { parseYaml, type Parsed } from './parse.js'
import {
  moduleSchema,
  questionsSchema,
  scenarioSchema,
  type ModuleFile,
  type QuestionsFile,
  type ScenarioFile,
} from './schema.js'

/** One module as its author wrote it, every file parsed, nothing rendered. */
export interface WrittenModule {
  id: string
  /** From the courses folder. */
  folder: string
  file: Parsed<ModuleFile>
  pages: Readonly<Record<Language, readonly WrittenPage[]>>
  questions?: Parsed<QuestionsFile>
  scenarios: readonly (Parsed<ScenarioFile> & { id: string })[]
}

/** What a course is made from: its own files, the institution's texts, and where to say what is wrong. */
export interface Source {
  course: string
  files: Files
  texts: ReadonlyMap<string, InstitutionText>
  report: Report
}

/** Reads every module of a course folder, in the order of their numbers. */
export function readModules(folder: string, source: Source): WrittenModule[] {
  const prefix = `${folder}/modules/`
  const names = new Set(
    [...source.files.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length).split('/')[0] ?? ''),
  )
  const modules = [...names].sort().map((name) => readModule(`${prefix}${name}`, name, source))
  const seen = new Set<string>()
  return modules.filter((module): module is WrittenModule => {
    if (!module) return false
    if (seen.has(module.id)) {
      source.report(grave(`${module.folder}/module.yaml`, 1, 'module-twice', { module: module.id }))
    }
    seen.add(module.id)
    return true
  })
}

function readModule(folder: string, name: string, source: Source): WrittenModule | undefined {
  const [, id] = /^\d\d-([a-z][a-z0-9-]*)$/.exec(name) ?? []
  const yaml = source.files.get(`${folder}/module.yaml`)
  if (id === undefined) source.report(grave(folder, 1, 'module-name'))
  if (!yaml) source.report(grave(`${folder}/module.yaml`, 1, 'no-file'))
  if (id === undefined || !yaml) return undefined
  const file = parseYaml(`${folder}/module.yaml`, yaml, moduleSchema, source.report)
  const questions = read(`${folder}/questions.yaml`, questionsSchema, source)
  const scenarios = [...source.files.keys()]
    .filter((path) => path.startsWith(`${folder}/scenarios/`) && path.endsWith('.yaml'))
    .flatMap((path) => {
      const parsed = read(path, scenarioSchema, source)
      const scenario = path.slice(path.lastIndexOf('/') + 1, -'.yaml'.length)
      return parsed ? [{ ...parsed, id: scenario }] : []
    })
  const pages = { en: pagesIn(folder, 'en', source), cy: pagesIn(folder, 'cy', source) }
  if (!file) return undefined
  return { id, folder, file, pages, scenarios, ...(questions ? { questions } : {}) }
}

function read<T>(
  path: string,
  schema: Parameters<typeof parseYaml<T>>[2],
  source: Source,
): Parsed<T> | undefined {
  const bytes = source.files.get(path)
  return bytes && parseYaml(path, bytes, schema, source.report)
}

function pagesIn(folder: string, language: Language, source: Source): WrittenPage[] {
  const path = `${folder}/${language}.md`
  const bytes = source.files.get(path)
  if (bytes) return splitPages(path, bytes.toString('utf8'), source)
  const other = languages.some((one) => source.files.has(`${folder}/${one}.md`))
  if (other) source.report(grave(path, 1, language === 'cy' ? 'no-welsh-file' : 'no-english-file'))
  return []
}
