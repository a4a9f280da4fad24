import { join } from 'node:path'
import { collector, grave, type ContentFault } from './fault.js'
import { courseFolders, exists, readFolder, type Files } from './folder.js'

/** The files of one course as they lie there, and what kept any of them from being read. */
export interface Gathered {
  id: string
  files: Files
  faults: readonly ContentFault[]
}

/** Everything that a catalogue is made from. Nothing else decides what comes of it. */
export interface Folder {
  courses: readonly Gathered[]
  texts: Files
  /** What is wrong in what all courses share. */
  faults: readonly ContentFault[]
}

/** Reads the bytes of a courses folder, and understands none of them. */
export function gather(root: string): Folder {
  const shared = collector()
  if (!exists(root)) {
    shared.report(grave('', 1, 'no-folder'))
    return { courses: [], texts: new Map(), faults: shared.faults }
  }
  const texts = exists(join(root, 'texts')) ? readFolder(root, 'texts', shared.report) : new Map()
  const courses = courseFolders(root).map((id): Gathered => {
    const own = collector(id)
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
      own.report(grave(`${id}/course.yaml`, 1, 'course-name'))
      return { id, files: new Map(), faults: own.faults }
    }
    return { id, files: readFolder(root, id, own.report), faults: own.faults }
  })
  return { courses, texts, faults: shared.faults }
}
