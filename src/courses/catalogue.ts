import { partition } from 'es-toolkit'
import type { CourseImage, CourseVersion } from './course.js'
import { collector, type ContentFault, type Report } from './fault.js'
import type { Folder, Gathered } from './gather.js'
import {
  parseSharing,
  readCourse,
  readSharing,
  sharesContent,
  type ReadCourse,
} from './read-course.js'
import { readTexts } from './texts.js'

/** Every course that can be taught, by id, and what is wrong with those that cannot. */
export interface Catalogue {
  courses: ReadonlyMap<string, CourseVersion>
  /** By the hash of their bytes. */
  images: ReadonlyMap<string, CourseImage>
  faults: readonly ContentFault[]
}

/** What came of one course folder: nothing but faults, where the course is withheld. */
export interface Outcome {
  version?: CourseVersion
  images: ReadonlyMap<string, CourseImage>
  faults: readonly ContentFault[]
}

/** How a catalogue is made, where that is not by reading every course and showing it to nobody. */
interface Making {
  /** Is shown how each course was written as it is read: nothing of that is held. */
  show?: (course: ReadCourse) => void
  /** Answers what came of a course, and of the one that it shares content with: as known, or made. */
  recall?: (course: Gathered, other: Gathered | undefined, make: () => Outcome) => Outcome
}

/**
 * Makes the catalogue of what a courses folder holds. A course with a fault that withholds it is left
 * out and said; the others are not touched by it. Nothing is thrown for anything that a file can hold.
 */
export function makeCatalogue(folder: Folder, making: Making = {}): Catalogue {
  const recall: Making['recall'] = making.recall ?? ((_course, _other, make) => make())
  const all = collector()
  all.faults.push(...folder.faults)
  const texts = readTexts(folder.texts, all.report)
  const courses = new Map<string, CourseVersion>()
  const images = new Map<string, CourseImage>()
  const owners = new Map<string, ReadCourse>()
  const readOne = (
    { id, faults }: Gathered,
    make: (report: Report) => ReadCourse | undefined,
  ): Outcome => {
    const own = collector(id)
    own.faults.push(...faults)
    const course = make(own.report)
    if (course) making.show?.(course)
    if (!course || own.withheld()) return { images: new Map(), faults: own.faults }
    if (wanted.has(id)) owners.set(id, course)
    return { version: course.version, images: course.made.images, faults: own.faults }
  }
  const take = (id: string, outcome: Outcome): void => {
    all.faults.push(...outcome.faults)
    if (outcome.version) courses.set(id, outcome.version)
    for (const [hash, image] of outcome.images) images.set(hash, image)
  }
  const [sharing, own] = partition(folder.courses, ({ id, files }) => sharesContent(id, files))
  const sharers = sharing.map((course) => {
    const faults = collector()
    return { course, faults, file: parseSharing(course.id, course.files, faults.report) }
  })
  const wanted = new Set(sharers.map(({ file }) => file?.value['shares-content-with']))
  for (const course of own) {
    const { id, files, faults } = course
    const unread = files.size === 0 && faults.length > 0
    const make = () =>
      readOne(course, (report) => (unread ? undefined : readCourse(id, files, texts, report)))
    take(id, recall(course, undefined, make))
  }
  // What is wrong in a course that was not read again has been said of it.
  const read = ({ id, files }: Gathered) =>
    courses.has(id) ? (owners.get(id) ?? readCourse(id, files, texts, () => undefined)) : undefined
  for (const { course, faults, file } of sharers) {
    const other = own.find(({ id }) => id === file?.value['shares-content-with'])
    const make = () =>
      readOne(course, (report) => {
        faults.faults.forEach(report)
        return (
          file && readSharing(course.id, course.files, file, other && read(other), texts, report)
        )
      })
    take(course.id, recall(course, other, make))
  }
  return { courses, images, faults: all.faults.sort(byPlace) }
}

const byPlace = (a: ContentFault, b: ContentFault): number =>
  a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1
