import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkContent, grave, loadCatalogue, type ContentFault } from '../courses/courses.js'
import { readProgramme } from '../requirements/requirements.js'
import { checkExamples } from './examples.js'

/**
 * Everything wrong in a courses folder, each with file, line and sentence: the courses, and the
 * programme with its worked examples. Reads synchronously; never throws for what a file holds.
 */
export function checkFolder(root: string): readonly ContentFault[] {
  return [...checkContent(root), ...programmeFaults(root)]
}

function programmeFaults(root: string): readonly ContentFault[] {
  let bytes: Buffer
  try {
    bytes = readFileSync(join(root, 'programme.yaml'))
  } catch {
    return [grave('programme.yaml', 1, 'no-file')]
  }
  const { duties, examples, faults } = readProgramme(
    bytes,
    new Set(loadCatalogue(root).courses.keys()),
  )
  return faults.length > 0 ? faults : checkExamples(duties, examples)
}
