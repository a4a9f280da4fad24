import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { makeCatalogue, type Catalogue, type Outcome } from './catalogue.js'
import type { Folder, Gathered } from './gather.js'
import { hashOf, hashOfTexts, sha256 } from './hash.js'

/** What is kept: a catalogue and what came of each course, with the hash of all that it was made from. */
interface Kept {
  from: string
  catalogue: Catalogue
  outcomes: ReadonlyMap<string, { from: string; outcome: Outcome }>
}

/**
 * The catalogue of a folder: as it was kept, where it was made from these very bytes by this very
 * code, else made and kept. Half of a server's start is otherwise spent on understanding files that
 * have not changed; where one course has, that one is read again and what shares its content. A file
 * that cannot be read or written costs that time and nothing else.
 */
export function keep(path: string, folder: Folder): Catalogue {
  const hashes = hashesOf(folder)
  const from = hashOf([[...hashes.values()], folder.faults])
  const kept = read(path)
  if (kept?.from === from) return kept.catalogue
  // Only what is there now: a course that has gone is forgotten.
  const outcomes = new Map<string, { from: string; outcome: Outcome }>()
  const recall = (course: Gathered, other: Gathered | undefined, make: () => Outcome): Outcome => {
    const from = hashOf([hashes.get(course), other && hashes.get(other)])
    const known = kept?.outcomes.get(course.id)
    const outcome = known?.from === from ? known.outcome : make()
    outcomes.set(course.id, { from, outcome })
    return outcome
  }
  const catalogue = makeCatalogue(folder, { recall })
  // Nobody who waits for the courses waits for their being kept.
  setImmediate(() => write(path, { from, catalogue, outcomes }))
  return catalogue
}

/** What was kept; nothing where there is none, where it is damaged, or where an older program kept it. */
function read(path: string): Kept | undefined {
  try {
    const kept = deserialize(readFileSync(path)) as Partial<Kept> | undefined
    return kept?.outcomes instanceof Map ? (kept as Kept) : undefined
  } catch {
    return undefined
  }
}

function write(path: string, kept: Kept): void {
  // Beside it first: whoever reads at that moment finds the old one or the new one, never half of one.
  const beside = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(beside, serialize(kept), { mode: 0o600 })
    renameSync(beside, path)
  } catch {
    return
  }
}

const here = import.meta.dirname

/** What makes a catalogue of files: this folder's code, and the exact versions of what it uses. */
const hashOfCode = (): string =>
  hashOfTexts(
    [...readdirSync(here).map((name) => join(here, name)), join(here, '../../package.json')].map(
      (path) => readFileSync(path, 'utf8'),
    ),
  )

/** All that decides what comes of each course, beside the course that it shares content with. */
function hashesOf({ courses, texts }: Folder): ReadonlyMap<Gathered, string> {
  const within = (files: Folder['texts']) =>
    [...files].map(([path, bytes]) => [path, sha256(bytes)])
  const shared = hashOf([hashOfCode(), within(texts)])
  return new Map(
    courses.map((course) => [
      course,
      hashOf([shared, course.id, within(course.files), course.faults]),
    ]),
  )
}
