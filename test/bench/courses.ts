import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { loadCatalogue } from '../../src/courses/courses.js'

/** How large the catalogue is that the goal speaks of: 50 courses are to be read in at most 1 s. */
const wanted = 50
const ours = [
  'behaviour-code',
  'leading-an-office',
  'recognising-and-responding',
  'raising-a-concern',
  'refresher',
]

/** Reads a catalogue of ten copies of each of the five real courses, before anything is warm. */
export async function* courses() {
  const root = mkdtempSync(join(tmpdir(), 'bench-courses-'))
  try {
    cpSync('courses/texts', join(root, 'texts'), { recursive: true })
    for (let index = 0; index < wanted; index++) {
      const from = ours[index % ours.length] ?? ''
      cpSync(join('courses', from), join(root, `course-${index}`), { recursive: true })
    }
    const processor = cpus()[0]?.model ?? 'unknown processor'
    const keptIn = join(root, '.kept')
    const edited = join(root, 'course-7/sources.md')
    for (const [name, when, change] of [
      ['courses.catalogue-of-50', 'first read in a fresh process, goal 1000'],
      ['courses.catalogue-of-50-again', 'as a later start reads it, nothing having changed'],
      [
        'courses.catalogue-of-50-one-changed',
        'in the same process, after a word more in one course',
        () => appendFileSync(edited, 'One word more.\n'),
      ],
    ] as const) {
      change?.()
      const before = process.cpuUsage()
      const began = performance.now()
      const { courses: read, faults } = loadCatalogue(root, keptIn)
      const value = Math.round(performance.now() - began)
      const { user, system } = process.cpuUsage(before)
      if (read.size !== wanted) throw new Error(`${read.size} courses, ${faults.length} faults`)
      const cpu = Math.round((user + system) / 1000)
      const detail = `${when}; ${cpu} ms of CPU on ${processor}`
      yield { name, value, unit: 'ms', detail }
      // What was made is kept behind whoever waited for it.
      await nextTurn()
    }
  } finally {
    rmSync(root, { recursive: true })
  }
}
