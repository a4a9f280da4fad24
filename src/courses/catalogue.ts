import { join } from 'node:path'
import type { CourseImage, CourseVersion } from './course.js'
import { collector, grave, type ContentFault } from './fault.js'
import { courseFolders, exists, readFolder, type Files } from './folder.js'
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
 * Reads the courses folder. A course with a fault that withholds it is left out and said; the
 * others are not touched by it. Nothing is thrown for anything that a file can hold.
 */
export function readCatalogue(root: string): Catalogue & { read: readonly ReadCourse[] } {
  const all = collector()
  const read: ReadCourse[] = []
  const taught = new Map<string, ReadCourse>()
  const finish = () => ({
    courses: new Map([...taught].map(([id, { version }]) => [id, version])),
    images: new Map([...taught.values()].flatMap(({ made }) => [...made.images])),
    faults: all.faults.sort(byPlace),
    read,
  })
  if (!exists(root)) {
    all.report(grave('', 1, 'no-folder'))
    return finish()
  }
  const hasTexts = exists(join(root, 'texts'))
  const texts = readTexts(hasTexts ? readFolder(root, 'texts', all.report) : new Map(), all.report)
  const sharing = new Map<string, Files>()
  const readOne = (
    id: string,
    make: (own: ReturnType<typeof collector>) => ReadCourse | undefined,
  ) => {
    const own = collector(id)
    const course = make(own)
    all.faults.push(...own.faults)
    if (course) read.push(course)
    if (course && !own.withheld()) taught.set(id, course)
  }
  for (const id of courseFolders(root)) {
    readOne(id, (own) => {
      if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
        own.report(grave(`${id}/course.yaml`, 1, 'course-name'))
        return undefined
      }
      const files = readFolder(root, id, own.report)
      if (files.size === 0 && own.withheld()) return undefined
      if (!sharesContent(id, files)) return readCourse(id, files, texts, own.report)
      sharing.set(id, files)
      return undefined
    })
  }
  for (const [id, files] of sharing) {
    readOne(id, (own) => readSharing(id, files, taught, texts, own.report))
  }
  return finish()
}

const byPlace = (a: ContentFault, b: ContentFault): number =>
  a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1
