import type { CourseImage } from './course.js'
import { grave } from './fault.js'
import type { Files } from './folder.js'
import { sha256 } from './hash.js'
import type { Place } from './markdown.js'

const kinds: readonly { type: CourseImage['type']; begins: (bytes: Buffer) => boolean }[] = [
  {
    type: 'image/png',
    begins: (bytes) => bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a',
  },
  { type: 'image/jpeg', begins: (bytes) => bytes.subarray(0, 3).toString('hex') === 'ffd8ff' },
  {
    type: 'image/webp',
    begins: (bytes) =>
      bytes.subarray(0, 4).toString('latin1') === 'RIFF' &&
      bytes.subarray(8, 12).toString('latin1') === 'WEBP',
  },
  { type: 'image/svg+xml', begins: isPlainDrawing },
]

/** Nothing in a drawing may run or reach out: no script, handler, foreign content, style sheet or address. */
function isPlainDrawing(bytes: Buffer): boolean {
  const text = bytes.toString('utf8')
  if (!/^\s*<svg[\s>]/.test(text)) return false
  return !/<(script|foreignobject|style|image|use|a|animate|set|iframe|!doctype|!entity|\?)|\son\w+\s*=|href\s*=|url\s*\(|javascript:|data:/i.test(
    text,
  )
}

const extensions = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
} as const

/**
 * The address of an image beside the page that shows it, and its bytes put in `images`. The address
 * holds the hash of the bytes, so it may be kept for ever by whoever fetched it.
 */
export function imageIn(
  files: Files,
  folder: string,
  images: Map<string, CourseImage>,
  place: Pick<Place, 'file' | 'report'>,
): Place['imageOf'] {
  return (source, line) => {
    const bytes =
      /^[a-z0-9][a-z0-9/_.-]*$/i.test(source) && !source.includes('..')
        ? files.get(`${folder}/${source}`)
        : undefined
    if (!bytes) {
      place.report(grave(place.file, line(), 'no-image', { image: source }))
      return undefined
    }
    const kind = kinds.find(({ begins }) => begins(bytes))
    if (!kind) {
      place.report(grave(place.file, line(), 'not-an-image', { image: source }))
      return undefined
    }
    const hash = sha256(bytes)
    images.set(hash, { hash, type: kind.type, bytes })
    return `/course-images/${hash}.${extensions[kind.type]}`
  }
}
