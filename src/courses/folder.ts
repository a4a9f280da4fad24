import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
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
  const home = realpathSync(root)
  const walk = (path: string, depth: number): void => {
    const where = join(root, path)
    const real = realpathOf(where)
    if (real === undefined || !(real === home || real.startsWith(home + sep))) {
      report(grave(path, 1, 'outside'))
      return
    }
    const found = statSync(where)
    if (found.isDirectory()) {
      if (depth > deepest) report(grave(path, 1, 'too-deep'))
      else for (const name of namesIn(where)) walk(`${path}/${name}`, depth + 1)
      return
    }
    const limit = limits[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
    if (!found.isFile() || limit === undefined) return
    if (files.size >= most) return
    if (found.size > limit) {
      const sizes = { size: sizeInWords(found.size), limit: sizeInWords(limit) }
      report(grave(path, 1, 'too-large', sizes))
      return
    }
    files.set(path, readFileSync(where))
    if (files.size === most) report(grave(folder, 1, 'too-many-files', { most }))
  }
  walk(folder, 0)
  return files
}

/** The course folders: every folder but `texts` and hidden ones; `programme.yaml` and other files are not courses. */
export function courseFolders(root: string): string[] {
  return namesIn(root).filter(
    (name) => name !== 'texts' && !name.startsWith('.') && !lstatSync(join(root, name)).isFile(),
  )
}

export const exists = (path: string): boolean => realpathOf(path) !== undefined

const namesIn = (path: string): string[] =>
  readdirSync(path)
    .filter((name) => !name.startsWith('.'))
    .sort()

function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
