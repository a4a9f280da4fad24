import { compileContent, type Made } from './compile.js'
import type { CourseVersion } from './course.js'
import { grave, type Report } from './fault.js'
import type { Files } from './folder.js'
import { hashOfFiles } from './hash.js'
import { parseYaml, type Parsed } from './parse.js'
import { checkTests } from './check-tests.js'
import { courseSchema, sharingSchema, type CourseFile, type SharingFile } from './schema.js'
import { readModules, type Source, type WrittenModule } from './source.js'
import type { Texts } from './texts.js'

/** One course folder, read and compiled: what the checks of `check-content` look at again. */
export interface ReadCourse {
  /** The folder whose files hold the content: another course's, where this one shares it. */
  folder: string
  file: Parsed<CourseFile>
  files: Files
  modules: readonly WrittenModule[]
  made: Made
  version: CourseVersion
}

/** Whether a course folder says that it teaches another course's content. */
export const sharesContent = (id: string, files: Files): boolean =>
  /^shares-content-with:/m.test(files.get(`${id}/course.yaml`)?.toString('utf8') ?? '')

/** Reads a course that has its own content; nothing where its files cannot even be understood. */
export function readCourse(
  id: string,
  files: Files,
  texts: Texts,
  report: Report,
): ReadCourse | undefined {
  const path = `${id}/course.yaml`
  const bytes = files.get(path)
  if (!bytes) report(grave(path, 1, 'no-file'))
  const file = bytes && parseYaml(path, bytes, courseSchema, report)
  const source = { course: id, files, texts: texts.made, report }
  const modules = readModules(id, source)
  return file && finish({ folder: id, file, files, modules }, source, texts)
}

/** What a course says of itself that teaches another's content; nothing where that is not of the right shape. */
export const parseSharing = (
  id: string,
  files: Files,
  report: Report,
): Parsed<SharingFile> | undefined => {
  const path = `${id}/course.yaml`
  return parseYaml(path, files.get(path) ?? Buffer.alloc(0), sharingSchema, report)
}

/** Reads a course that teaches another's content: its own name, version and audience over those files. */
export function readSharing(
  id: string,
  files: Files,
  file: Parsed<SharingFile>,
  other: ReadCourse | undefined,
  texts: Texts,
  report: Report,
): ReadCourse | undefined {
  const { 'shares-content-with': from, ...own } = file.value
  if (!other) {
    const line = file.lineOf(['shares-content-with'])
    report(grave(file.file, line, 'shares-with-nothing', { name: from }))
    return undefined
  }
  const whole = { ...file, value: { ...other.file.value, ...own } }
  // What is wrong in the shared files has been said of the course that owns them.
  const source = { course: id, files: other.files, texts: texts.made, report: () => undefined }
  const shared = { folder: from, file: whole, modules: other.modules }
  return finish({ ...shared, files: new Map([...other.files, ...files]) }, source, texts)
}

function finish(
  read: Omit<ReadCourse, 'made' | 'version'>,
  source: Source,
  texts: Texts,
): ReadCourse {
  const { value } = read.file
  const made = compileContent(read.folder, read.file, read.modules, source)
  const retiredOn = value['retired-on']
  const version: CourseVersion = {
    course: source.course,
    hash: hashOfFiles(filesOfVersion(read.files, made, texts)),
    label: value.version,
    change: value.change,
    title: value.title,
    summary: value.summary,
    ...(retiredOn ? { retiredOn } : {}),
    ...(value.listed === false ? { unlisted: true as const } : {}),
    audiences: value.audiences,
    review: value.review,
    ...made.content,
  }
  checkTests(version, read.file, source.report)
  return { ...read, made, version }
}

/** What makes a version: everything taught, and not the list of sources beside it. */
function filesOfVersion(files: Files, made: Made, texts: Texts): [string, Buffer][] {
  const taught = [...files].filter(([path]) =>
    /\/course\.yaml$|\/(modules|session-plan)\//.test(path),
  )
  const quoted = [...texts.files].filter(([path]) =>
    made.quoted.has(path.slice('texts/'.length, -'.yaml'.length)),
  )
  return [...taught, ...quoted]
}
