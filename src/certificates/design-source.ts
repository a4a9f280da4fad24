import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, resolve, sep } from 'node:path'
import { unzipSync, zipSync } from 'fflate'

/** A file of a design: how large it is, before anybody reads it. */
interface SourceFile {
  size: number
  read(): Buffer
}

/** Where a design's files come from: its folder, or what was packed when a certificate was issued. */
export interface DesignSource {
  id: string
  /** Nothing where there is no such file, or where its name points outside the design. */
  find(file: string): SourceFile | undefined
}

const require = createRequire(import.meta.url)

/** Where a file named in a design stands; nothing when it points outside the design's folder. */
function placeOf(directory: string, file: string): string | undefined {
  if (file.startsWith('npm:')) {
    try {
      return require.resolve(file.slice('npm:'.length))
    } catch {
      return undefined
    }
  }
  const place = resolve(directory, file)
  return place.startsWith(resolve(directory) + sep) ? place : undefined
}

export const folderSource = (directory: string): DesignSource => ({
  id: basename(resolve(directory)),
  find(file) {
    const place = placeOf(directory, file)
    const found = place ? statSync(place, { throwIfNoEntry: false }) : undefined
    return place && found?.isFile()
      ? { size: found.size, read: () => readFileSync(place) }
      : undefined
  },
})

/** A design as `packDesign` kept it, fonts from packages included. */
export function packedSource(id: string, packed: Uint8Array): DesignSource {
  const files = new Map(Object.entries(unzipSync(packed)))
  return {
    id,
    find(file) {
      const bytes = files.get(file)
      return bytes && { size: bytes.length, read: () => Buffer.from(bytes) }
    },
  }
}

// Zip files hold dates; the same design is to give the same bytes whenever it is packed.
const always = new Date('2000-01-01T12:00:00')

/**
 * Every file of a design in one, so that what was frozen with a certificate can always be drawn. Not
 * compressed: that would hold everybody up for a quarter of a second, to save what lies there once.
 */
export const packDesign = (files: ReadonlyMap<string, Uint8Array>): Uint8Array =>
  zipSync(Object.fromEntries(files), { mtime: always, level: 0 })
