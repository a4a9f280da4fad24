import { watch } from 'node:fs'
import { loadCatalogue, type Catalogue } from '../courses/courses.js'

/** Several files are written one after another: they are read once all of them are there. */
const quietFor = 300

/**
 * Reads the courses again whenever their files change, so that an author sees it on the next page:
 * those that have changed, where what came of the others is kept in `keptIn`. Answers a function that
 * ends it.
 */
export function followCourses(
  directory: string,
  onChange: (catalogue: Catalogue) => void,
  keptIn?: string,
): () => void {
  let waiting: NodeJS.Timeout | undefined
  const watcher = watch(directory, { recursive: true }, () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => onChange(loadCatalogue(directory, keptIn)), quietFor)
  })
  watcher.unref()
  return () => {
    clearTimeout(waiting)
    watcher.close()
  }
}
