import { expect } from 'chai'
import { checkContent, loadCatalogue } from '../../src/courses/courses.js'
import { loadWords } from '../../src/language.js'
import { courseFolder } from './course-folder.js'

const words = loadWords('views/text')

/** One slip of an author, and what they are told of it. */
export interface Slip {
  /** What an author did. */
  when: string
  file: string
  from: string
  to: string
  /** The sentence, and the words that stand on its line once the file is so. */
  says: string
  at: string
  /** Where the fault is said of another file than the one changed. */
  in?: string
  /** Whether the course is still taught. */
  taught?: true
}

/** Makes each slip in a course that was in order, and holds what is said to its file, line and sentence. */
export function areSaid(slips: readonly Slip[]): void {
  for (const { when, file, from, to, says, at, in: place, taught } of slips) {
    it(`is said with its file, its line and a sentence when ${when}`, () => {
      const folder = courseFolder()
      try {
        folder.replace(file, from, to)
        const found = checkContent(folder.root).map((fault) => ({
          file: fault.file,
          line: fault.line,
          says: words.say('en', fault.say),
          taught: !fault.withholds,
        }))
        const line = folder.lineOf(place ?? file, at)
        expect(found).to.deep.include({
          file: place ?? file,
          line,
          says,
          taught: taught ?? false,
        })
        const courses = loadCatalogue(folder.root).courses
        expect(courses.has('test-course')).to.equal(taught ?? false)
        for (const fault of checkContent(folder.root)) {
          expect(words.say('cy', fault.say)).not.to.equal(words.say('en', fault.say))
        }
      } finally {
        folder.dispose()
      }
    })
  }
}
