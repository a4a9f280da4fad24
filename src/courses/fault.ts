import type { Fault } from '../errors.js'
import type { Sentence } from '../language.js'

/**
 * One thing wrong in the files of a course, with the place to mend it. A fault that `withholds`
 * keeps the course from being taught; the others are advice to its author.
 */
export interface ContentFault extends Fault {
  /** Nothing where the fault is in what all courses share. */
  course?: string
  /** From the courses folder, with `/`. */
  file: string
  line: number
  withholds: boolean
}

export type Report = (fault: ContentFault) => void

/** A fault that keeps the course from being taught. */
export const grave = (file: string, line: number, key: string, params?: Sentence['with']) =>
  fault(file, line, key, params, true)

/** A fault to tell the author about; the course is taught meanwhile. */
export const advice = (file: string, line: number, key: string, params?: Sentence['with']) =>
  fault(file, line, key, params, false)

function fault(
  file: string,
  line: number,
  key: string,
  params: Sentence['with'],
  withholds: boolean,
): ContentFault {
  const say = params ? { key: `content.${key}`, with: params } : { key: `content.${key}` }
  return { file, line, say, withholds }
}

/** Collects faults, each stamped with its course; `withheld` says whether any keeps it from being taught. */
export function collector(course?: string): {
  report: Report
  faults: ContentFault[]
  withheld(): boolean
} {
  const faults: ContentFault[] = []
  return {
    faults,
    report: (fault) => faults.push(course === undefined ? fault : { ...fault, course }),
    withheld: () => faults.some((fault) => fault.withholds),
  }
}
