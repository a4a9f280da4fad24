import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { Catalogue } from './catalogue.js'
import type { Folder } from './gather.js'
import { hashOf, hashOfTexts, sha256 } from './hash.js'

/** What is kept: a catalogue, and the hash of all that it was made from. */
interface Kept {
  from: string
  catalogue: Catalogue
}

/**
 * The catalogue of a folder: as it was kept, where it was made from these very bytes by this very
 * code, else made and kept. Half of a server's start is otherwise spent on understanding files that
 * have not changed. A file that cannot be read or written costs that time and nothing else.
 */
export function keep(path: string, folder: Folder, make: () => Catalogue): Catalogue {
  const from = hashOfFolder(folder)
  const kept = read(path)
  if (kept?.from === from) return kept.catalogue
  const catalogue = make()
  // Nobody who waits for the courses waits for their being kept.
  setImmediate(() => write(path, { from, catalogue }))
  return catalogue
}

function read(path: string): Kept | undefined {
  try {
    return deserialize(readFileSync(path)) as Kept
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

function hashOfFolder({ courses, texts, faults }: Folder): string {
  const hashes = (files: Folder['texts']) =>
    [...files].map(([path, bytes]) => [path, sha256(bytes)])
  const read = courses.map((course) => [course.id, hashes(course.files), course.faults])
  return hashOf([hashOfCode(), read, hashes(texts), faults])
}
