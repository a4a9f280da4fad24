import sax from 'sax'

/** One shape of a drawing, ready to be filled or stroked. */
interface Shape {
  path: string
  fill?: string
  stroke?: string
  strokeWidth: number
  roundEnds: boolean
}

/** A drawing made of plain shapes, in its own units. */
export interface Art {
  width: number
  height: number
  shapes: readonly Shape[]
}

/** Why a drawing cannot be used, and in which line. `what` names the element or attribute. */
export interface ArtFault {
  line: number
  why: 'not-svg' | 'no-size' | 'element' | 'colour' | 'transform'
  what: string
}

type Attributes = Readonly<Record<string, string>>

const quiet = new Set(['svg', 'g', 'title', 'desc', 'metadata', 'defs'])
const colour = /^(none|#[0-9a-f]{6}|#[0-9a-f]{3})$/i

const n = (attributes: Attributes, name: string): number => Number(attributes[name] ?? 0)

const round = (cx: number, cy: number, rx: number, ry: number): string =>
  `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`

/** The shapes a drawing may be made of, each turned into a path. */
const paths: Readonly<Record<string, (attributes: Attributes) => string>> = {
  path: (a) => a['d'] ?? '',
  circle: (a) => round(n(a, 'cx'), n(a, 'cy'), n(a, 'r'), n(a, 'r')),
  ellipse: (a) => round(n(a, 'cx'), n(a, 'cy'), n(a, 'rx'), n(a, 'ry')),
  rect: (a) => `M${n(a, 'x')} ${n(a, 'y')}h${n(a, 'width')}v${n(a, 'height')}h${-n(a, 'width')}z`,
  line: (a) => `M${n(a, 'x1')} ${n(a, 'y1')}L${n(a, 'x2')} ${n(a, 'y2')}`,
  polygon: (a) => `M${a['points'] ?? ''}z`,
  polyline: (a) => `M${a['points'] ?? ''}`,
}

/**
 * Reads an SVG that consists of filled and stroked shapes, as drawing programs save it when everything
 * is turned into paths. Anything that would look different here than there is a fault, not a guess.
 */
export function readArt(svg: string): { art: Art } | { faults: readonly ArtFault[] } {
  const parser = sax.parser(true, { position: true })
  const faults: ArtFault[] = []
  const shapes: Shape[] = []
  const inherited: Attributes[] = []
  let size: { width: number; height: number } | undefined
  const fault = (why: ArtFault['why'], what: string): void => {
    faults.push({ line: parser.line + 1, why, what })
  }

  parser.onerror = (error) => {
    fault('not-svg', error.message.split('\n')[0] ?? '')
    parser.resume()
  }
  parser.onopentag = ({ name, attributes }) => {
    const own = attributes as Attributes
    const held = { ...inherited.at(-1), ...own }
    inherited.push(pick(held))
    if (name === 'svg') size = sizeOf(own)
    if (own['transform'] !== undefined) fault('transform', name)
    if (own['style'] !== undefined) fault('element', 'style')
    const shape = paths[name]
    if (!shape) {
      if (!quiet.has(name) && !name.includes(':')) fault('element', name)
      return
    }
    const fill = held['fill'] ?? '#000000'
    const stroke = held['stroke'] ?? 'none'
    for (const value of [fill, stroke]) if (!colour.test(value)) fault('colour', value)
    shapes.push({
      path: shape(own),
      ...(fill === 'none' ? {} : { fill }),
      ...(stroke === 'none' ? {} : { stroke }),
      strokeWidth: Number(held['stroke-width'] ?? 1),
      roundEnds: held['stroke-linecap'] === 'round',
    })
  }
  parser.onclosetag = () => {
    inherited.pop()
  }
  parser.write(svg).close()

  if (faults.length > 0) return { faults }
  if (!size) return { faults: [{ line: 1, why: 'no-size', what: 'viewBox' }] }
  return { art: { ...size, shapes } }
}

const passedOn = ['fill', 'stroke', 'stroke-width', 'stroke-linecap']
const pick = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => passedOn.includes(name)))

function sizeOf(attributes: Attributes): { width: number; height: number } | undefined {
  const numbers = (attributes['viewBox'] ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const [x, y, width, height] = numbers
  if (numbers.length !== 4 || x !== 0 || y !== 0 || !width || !height) return undefined
  return width > 0 && height > 0 ? { width, height } : undefined
}
