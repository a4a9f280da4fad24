import { partition } from 'es-toolkit'
import type { CourseImage, CourseVersion } from './course.js'
import { collector, type ContentFault, type Report } from './fault.js'
import type { Folder, Gathered } from './gather.js'
import { readCourse, readSharing, sharesContent, type ReadCourse } from './read-course.js'
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
 */
export function makeCatalogue(folder: Folder): Catalogue & { read: readonly ReadCourse[] } {
  const all = collector()
  all.faults.push(...folder.faults)
  const texts = readTexts(folder.texts, all.report)
  const read: ReadCourse[] = []
  const taught = new Map<string, ReadCourse>()
  const readOne = (
    { id, faults }: Gathered,
    make: (report: Report) => ReadCourse | undefined,
  ): void => {
    const own = collector(id)
    own.faults.push(...faults)
    const course = make(own.report)
    all.faults.push(...own.faults)
    if (course) read.push(course)
    if (course && !own.withheld()) taught.set(id, course)
  }
  const [sharing, own] = partition(folder.courses, ({ id, files }) => sharesContent(id, files))
  for (const course of own) {
    const { id, files, faults } = course
    const unread = files.size === 0 && faults.length > 0
    readOne(course, (report) => (unread ? undefined : readCourse(id, files, texts, report)))
  }
  for (const course of sharing) {
    const { id, files } = course
    readOne(course, (report) => readSharing(id, files, taught, texts, report))
  }
  return {
    courses: new Map([...taught].map(([id, { version }]) => [id, version])),
    images: new Map([...taught.values()].flatMap(({ made }) => [...made.images])),
    faults: all.faults.sort(byPlace),
    read,
  }
}

const byPlace = (a: ContentFault, b: ContentFault): number =>
  a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1
