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

/**
 * Makes the catalogue of what a courses folder holds. A course with a fault that withholds it is left
 * out and said; the others are not touched by it. Nothing is thrown for anything that a file can hold.
 * Who wants to see how a course was written is shown it as it is read: nothing of that is held.
 */
export function makeCatalogue(
  folder: Folder,
  show: (course: ReadCourse) => void = () => undefined,
): Catalogue {
  const all = collector()
  all.faults.push(...folder.faults)
  const texts = readTexts(folder.texts, all.report)
  const courses = new Map<string, CourseVersion>()
  const images = new Map<string, CourseImage>()
  const owners = new Map<string, ReadCourse>()
  const readOne = (
    { id, faults }: Gathered,
    make: (report: Report) => ReadCourse | undefined,
  ): void => {
    const own = collector(id)
    own.faults.push(...faults)
    const course = make(own.report)
    all.faults.push(...own.faults)
    if (course) show(course)
    if (!course || own.withheld()) return
    courses.set(id, course.version)
    for (const [hash, image] of course.made.images) images.set(hash, image)
    if (wanted.has(id)) owners.set(id, course)
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
    readOne(course, (report) => (unread ? undefined : readCourse(id, files, texts, report)))
  }
  for (const { course, faults, file } of sharers) {
    readOne(course, (report) => {
      faults.faults.forEach(report)
      return file && readSharing(course.id, course.files, file, owners, texts, report)
    })
  }
  return { courses, images, faults: all.faults.sort(byPlace) }
}

const byPlace = (a: ContentFault, b: ContentFault): number =>
  a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1
