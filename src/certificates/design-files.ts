import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Font } from 'fontkit'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { invalid, type Fault } from '../errors.js'
import { readArt, type Art } from './art.js'
import { charactersMissing } from './characters.js'
import { designSchema, stylesOf, type DesignFile } from './design.js'
import { fontkit } from './on-demand.js'
import { folderSource, packedSource, type DesignSource } from './design-source.js'

/**
 * A design read from its folder, ready to draw: drawings parsed, faces parsed. Parsing a face costs more
 * than drawing a certificate, so it happens once here and never per certificate.
 */
export interface Design {
  id: string
  /** SHA-256 over the design file and every file it names, faces from packages included. */
  hash: string
  file: DesignFile
  art: ReadonlyMap<string, Art>
  faces: ReadonlyMap<string, Font>
  badge: { svg: string; png: Buffer }
  /** Every file it is made of, under the name by which the design calls it. */
  files: ReadonlyMap<string, Buffer>
}

const kilobyte = 1024
const limits = {
  yaml: 200 * kilobyte,
  art: 200 * kilobyte,
  face: 20_000 * kilobyte,
  picture: 1000 * kilobyte,
} as const

/** A fault by file, line and sentence (`certificates.design.<what>`). */
const faultAt = (
  what: string,
  file: string,
  line: number,
  params: Record<string, string | number> = {},
): Fault => ({ say: { key: `certificates.design.${what}`, with: params }, file, line })

interface Reading {
  source: DesignSource
  document: Document
  lines: LineCounter
  faults: Fault[]
  hash: [string, Buffer][]
}

/** The line on which a value of the design file stands, or the nearest thing around it. */
function lineOf({ document, lines }: Reading, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node: unknown = document.getIn(path.slice(0, depth), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return lines.linePos(Number(node.range[0])).line
    }
  }
  return 1
}

function readPart(
  reading: Reading,
  file: string,
  limit: number,
  path: readonly PropertyKey[],
): Buffer | undefined {
  const at = lineOf(reading, path)
  const found = reading.source.find(file)
  if (!found) {
    reading.faults.push(faultAt('missing-file', 'design.yaml', at, { file }))
    return undefined
  }
  // The size is looked at before anything is read: a 50 MB crest must not fill the memory.
  if (found.size > limit) {
    reading.faults.push(
      faultAt('too-large', 'design.yaml', at, {
        file,
        size: Math.ceil(found.size / kilobyte),
        limit: Math.floor(limit / kilobyte),
      }),
    )
    return undefined
  }
  const bytes = found.read()
  reading.hash.push([file, bytes])
  return bytes
}

function readArtFile(reading: Reading, file: string, path: readonly PropertyKey[]) {
  const bytes = readPart(reading, file, limits.art, path)
  if (!bytes) return undefined
  const read = readArt(bytes.toString('utf8'))
  if ('art' in read) return read.art
  for (const { why, what, line } of read.faults.slice(0, 5)) {
    reading.faults.push(faultAt(`art-${why}`, file, line, { what }))
  }
  return undefined
}

function readFace(reading: Reading, name: string, file: string): Font | undefined {
  const bytes = readPart(reading, file, limits.face, ['fonts', name])
  if (!bytes) return undefined
  try {
    const face = fontkit().create(bytes)
    if ('fonts' in face) throw new TypeError('a collection')
    return face
  } catch {
    const line = lineOf(reading, ['fonts', name])
    reading.faults.push(faultAt('not-a-font', 'design.yaml', line, { file }))
    return undefined
  }
}

/** Every letter of Welsh, small and capital; each face must have them all, a design in English too. */
const welshLetters = 'ŵŷẅÿẁỳẃýâêîôûïëöüáéíóúàèìòùŴŶẄŸẀỲẂÝÂÊÎÔÛÏËÖÜÁÉÍÓÚÀÈÌÒÙ’'

function checkFaces(reading: Reading, design: DesignFile, faces: Map<string, Font>): void {
  for (const [name, face] of faces) {
    const missing = charactersMissing(welshLetters, face)
    if (missing.length > 0) {
      const params = { font: name, letters: missing.join(' ') }
      const line = lineOf(reading, ['fonts', name])
      reading.faults.push(faultAt('no-welsh-letters', 'design.yaml', line, params))
    }
  }
  design.layout.forEach((block, index) => {
    for (const font of stylesOf(block).flatMap((style) => [style.font, ...style.instead])) {
      if (font in design.fonts) continue
      const line = lineOf(reading, ['layout', index])
      reading.faults.push(faultAt('unknown-font', 'design.yaml', line, { font }))
    }
  })
}

type ReadDesign =
  { design: Design; lineOf: (path: readonly PropertyKey[]) => number } | { faults: Fault[] }

/**
 * Reads a design folder. Either the design, or what is wrong with it, by file and line; further rules
 * (contrast, texts, Welsh) are `checkDesign`'s.
 */
export const readDesign = (directory: string): ReadDesign => readFrom(folderSource(directory))

function readFrom(source: DesignSource): ReadDesign {
  const name = 'design.yaml'
  const found = source.find(name)
  if (!found) return { faults: [faultAt('missing-file', name, 1, { file: name })] }
  if (found.size > limits.yaml) {
    const params = {
      file: name,
      size: Math.ceil(found.size / kilobyte),
      limit: Math.floor(limits.yaml / kilobyte),
    }
    return { faults: [faultAt('too-large', name, 1, params)] }
  }
  const text = found.read()
  const lines = new LineCounter()
  const document = parseDocument(text.toString('utf8'), { lineCounter: lines })
  const reading: Reading = { source, document, lines, faults: [], hash: [[name, text]] }
  for (const error of document.errors) {
    const why = error.message.split('\n')[0] ?? ''
    reading.faults.push(faultAt('not-yaml', name, lines.linePos(error.pos[0]).line, { why }))
  }
  if (reading.faults.length > 0) return { faults: reading.faults }

  const parsed = designSchema.safeParse(document.toJS({ maxAliasCount: 20 }))
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) =>
      faultAt(
        isMissingWelsh(issue.path) ? 'no-welsh' : 'schema',
        name,
        lineOf(reading, issue.path),
        {
          field: issue.path.join('.') || name,
          why: issue.message,
        },
      ),
    )
    return { faults }
  }

  const file = parsed.data
  const art = new Map<string, Art>()
  const addArt = (artFile: string, path: readonly PropertyKey[]): void => {
    const read = readArtFile(reading, artFile, path)
    if (read) art.set(artFile, read)
  }
  addArt(file.crest.file, ['crest', 'file'])
  file.layout.forEach((block, index) => {
    if (block.draw === 'art') addArt(block.file, ['layout', index, 'file'])
  })
  const faces = new Map<string, Font>()
  for (const [fontName, fontFile] of Object.entries(file.fonts)) {
    const face = readFace(reading, fontName, fontFile)
    if (face) faces.set(fontName, face)
  }
  checkFaces(reading, file, faces)
  const svg = readPart(reading, file.badge.svg, limits.picture, ['badge', 'svg'])
  const png = readPart(reading, file.badge.png, limits.picture, ['badge', 'png'])
  if (svg && !/<svg\b/.test(svg.toString('utf8'))) notPicture(reading, 'svg', file.badge.svg)
  if (png && png.toString('latin1', 1, 4) !== 'PNG') notPicture(reading, 'png', file.badge.png)
  if (reading.faults.length > 0 || !svg || !png) return { faults: reading.faults }
  return {
    design: {
      id: source.id,
      hash: hashOf(reading.hash),
      files: new Map(reading.hash),
      file,
      art,
      faces,
      badge: { svg: svg.toString('utf8'), png },
    },
    lineOf: (path) => lineOf(reading, path),
  }
}

function notPicture(reading: Reading, kind: 'svg' | 'png', file: string): void {
  const line = lineOf(reading, ['badge', kind])
  reading.faults.push(faultAt('not-a-picture', 'design.yaml', line, { file }))
}

const isMissingWelsh = (path: readonly PropertyKey[]): boolean => path.at(-1) === 'cy'

function hashOf(parts: readonly [string, Buffer][]): string {
  const hash = createHash('sha256')
  for (const [name, bytes] of [...parts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

/** The design in a folder. Throws `certificates.design.unusable` with its faults. */
export function loadDesign(directory: string): Design {
  const read = readDesign(directory)
  if ('design' in read) return read.design
  throw invalid('certificates.design.unusable', { design: basename(directory) }, read.faults)
}

/** A design as it was packed when certificates were issued in it. Throws as `loadDesign` does. */
export function unpackDesign(id: string, packed: Uint8Array): Design {
  const read = readFrom(packedSource(id, packed))
  if ('design' in read) return read.design
  throw invalid('certificates.design.unusable', { design: id }, read.faults)
}
