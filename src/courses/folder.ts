import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
  type Dirent,
} from 'node:fs'
import { join, sep } from 'node:path'
import { grave, type Report } from './fault.js'

/** The files of one course, by path from the courses folder, sorted. */
export type Files = ReadonlyMap<string, Buffer>

/** A page that needs more is too long to read; an image that needs more is too heavy for a phone. */
const limits: Readonly<Record<string, number>> = {
  yaml: 300_000,
  md: 300_000,
  png: 600_000,
  jpg: 600_000,
  jpeg: 600_000,
  webp: 600_000,
  svg: 200_000,
}
const deepest = 4
const most = 500

const sizeInWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${Math.ceil(bytes / 1_000_000)} MB`

/**
 * Reads what a course folder holds, and nothing outside the courses folder: a link that leads out,
 * a file too large and a tree too deep are faults, and are not read. Other kinds of file are left.
 */
export function readFolder(root: string, folder: string, report: Report): Files {
  const files = new Map<string, Buffer>()
  const within = (path: string): boolean => {
    const home = realpathSync(root)
    const real = realpathOf(join(root, path))
    return real !== undefined && (real === home || real.startsWith(home + sep))
  }
  const take = (path: string, found: Found, depth: number): void => {
    const where = join(root, path)
    // Only a link can lead elsewhere; whatever is not one lies where its folder lies.
    const linked = found.isSymbolicLink()
    if (linked && !within(path)) {
      report(grave(path, 1, 'outside'))
      return
    }
    const entry = linked ? statSync(where) : found
    if (entry.isDirectory()) {
      if (depth > deepest) report(grave(path, 1, 'too-deep'))
      else for (const one of entriesIn(where)) take(`${path}/${one.name}`, one, depth + 1)
      return
    }
    const limit = limits[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
    if (limit === undefined || files.size >= most || !entry.isFile()) return
    const [size, bytes] = readUpTo(limit, where)
    if (!bytes) {
      const sizes = { size: sizeInWords(size), limit: sizeInWords(limit) }
      report(grave(path, 1, 'too-large', sizes))
      return
    }
    files.set(path, bytes)
    if (files.size === most) report(grave(folder, 1, 'too-many-files', { most }))
  }
  take(folder, lstatSync(join(root, folder)), 0)
  return files
}

/** What lies at a place, as a folder's list or the place itself tells it. */
type Found = Pick<Dirent, 'isSymbolicLink' | 'isDirectory' | 'isFile'>

/** The size of a file, and what it holds, where that is no more than is wanted. */
function readUpTo(limit: number, path: string): [size: number, bytes?: Buffer] {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    if (size > limit) return [size]
    const bytes = Buffer.allocUnsafeSlow(size)
    let end = 0
    for (let got = -1; got !== 0 && end < size; end += got)
      got = readSync(file, bytes, end, size - end, null)
    return [size, bytes.subarray(0, end)]
  } finally {
    closeSync(file)
  }
}

/** The course folders: every folder but `texts` and hidden ones; `programme.yaml` and other files are not courses. */
export const courseFolders = (root: string): string[] =>
  entriesIn(root)
    .filter((entry) => entry.name !== 'texts' && !entry.isFile())
    .map((entry) => entry.name)

export const exists = (path: string): boolean => realpathOf(path) !== undefined

const entriesIn = (path: string): Dirent[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
