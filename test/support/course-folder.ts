import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadCatalogue, type Catalogue } from '../../src/courses/courses.js'
import { loadWords } from '../../src/language.js'

/** A courses folder of its own for one test, holding a copy of `test-course` and what it quotes. */
export interface CourseFolder {
  root: string
  read(path: string): string
  write(path: string, content: string | Buffer): void
  /** Replaces the first occurrence; throws where there is none, so that no case is empty. */
  replace(path: string, from: string, to: string): void
  /** The line, from 1, on which a text first stands. */
  lineOf(path: string, text: string): number
  remove(path: string): void
  dispose(): void
}

export function courseFolder(): CourseFolder {
  const root = mkdtempSync(join(tmpdir(), 'courses-'))
  fill(root)
  return folderAt(root)
}

/** What came of a folder: its catalogue, what is said of it in English, and what can be taught. */
interface Told {
  load: () => Catalogue
  says: () => string[]
  taught: () => string[]
}

/** A courses folder that is new for each test of the suite that asks for it. */
export function courseFolderForEach(): CourseFolder & Told {
  const root = join(tmpdir(), `courses-${process.pid}-${suites++}`)
  const folder = folderAt(root)
  beforeEach(() => {
    fill(root)
  })
  afterEach(() => {
    folder.dispose()
  })
  const load = () => loadCatalogue(root)
  return {
    ...folder,
    load,
    says: () => load().faults.map((fault) => words.say('en', fault.say)),
    taught: () => [...load().courses.keys()],
  }
}

const words = loadWords('views/text')
let suites = 0

function fill(root: string): void {
  for (const name of ['test-course', 'texts']) {
    cpSync(join('courses', name), join(root, name), { recursive: true })
  }
}

function folderAt(root: string): CourseFolder {
  const at = (path: string) => join(root, path)
  const read = (path: string) => readFileSync(at(path), 'utf8')
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), content)
  }
  return {
    root,
    read,
    write,
    replace(path, from, to) {
      const before = read(path)
      if (!before.includes(from)) throw new Error(`${path} does not hold ${from}`)
      write(
        path,
        before.replace(from, () => to),
      )
    },
    lineOf(path, text) {
      const index = read(path).indexOf(text)
      if (index === -1) throw new Error(`${path} does not hold ${text}`)
      return read(path).slice(0, index).split('\n').length
    },
    remove: (path) => {
      rmSync(at(path), { recursive: true })
    },
    dispose: () => {
      rmSync(root, { recursive: true, force: true })
    },
  }
}
