import { crc32 } from 'node:zlib'

/**
 * Open Badges 3.0 baking: a picture that carries its own credential. PNG in an `iTXt` chunk, SVG in an
 * element of the badge vocabulary; other programs find it in the same place.
 */
const keyword = 'openbadgecredential'
const namespace = 'https://purl.imsglobal.org/ob/v3p0'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

interface Chunk {
  type: string
  data: Buffer
}

/** The chunks of a PNG; nothing where it is not one or ends too soon. */
function chunksOf(png: Buffer): Chunk[] | undefined {
  if (!png.subarray(0, 8).equals(signature)) return undefined
  const chunks: Chunk[] = []
  for (let at = 8; at + 12 <= png.length;) {
    const length = png.readUInt32BE(at)
    if (at + 12 + length > png.length) return undefined
    const type = png.toString('latin1', at + 4, at + 8)
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) })
    at += 12 + length
    if (type === 'IEND') return chunks
  }
  return undefined
}

function writeChunk({ type, data }: Chunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

// Keyword, end, not compressed, method, no language, no translation of the keyword, text in UTF-8.
const textHead = Buffer.concat([Buffer.from(keyword, 'latin1'), Buffer.from([0, 0, 0, 0, 0])])

const isCredential = ({ type, data }: Chunk): boolean =>
  type === 'iTXt' && data.subarray(0, keyword.length + 1).toString('latin1') === `${keyword}\0`

/** A PNG with the credential in it, in place of any that it carried. Throws for what is no PNG. */
export function bakePng(png: Buffer, credential: string): Buffer {
  const [header, ...rest] = chunksOf(png) ?? []
  if (!header) throw new RangeError('not a PNG')
  const text = { type: 'iTXt', data: Buffer.concat([textHead, Buffer.from(credential, 'utf8')]) }
  const chunks = [header, text, ...rest.filter((chunk) => !isCredential(chunk))]
  return Buffer.concat([signature, ...chunks.map(writeChunk)])
}

/** The credential in a baked PNG; nothing where there is none, or where it is packed. */
export function unbakePng(png: Buffer): string | undefined {
  const chunk = chunksOf(png)?.find(isCredential)
  // A packed text is allowed by PNG and never written here; unpacking it is not worth the risk.
  if (chunk?.data[keyword.length + 1] !== 0) return undefined
  const rest = chunk.data.subarray(keyword.length + 3)
  const language = rest.indexOf(0)
  const translated = rest.indexOf(0, language + 1)
  return language < 0 || translated < 0 ? undefined : rest.toString('utf8', translated + 1)
}

/** An SVG with the credential in it. Throws for what is no SVG. */
export function bakeSvg(svg: string, credential: string): string {
  const plain = svg.replace(element, '')
  const tag = /<svg\b[^>]*>/.exec(plain)
  if (!tag) throw new RangeError('not an SVG')
  // `]]>` would end the section early; JSON lets `>` be written in another way.
  const safe = credential.replaceAll(']]>', ']]\\u003e')
  const baked = `<openbadges:credential xmlns:openbadges="${namespace}"><![CDATA[${safe}]]></openbadges:credential>`
  const end = tag.index + tag[0].length
  return `${plain.slice(0, end)}\n  ${baked}${plain.slice(end)}`
}

const element =
  /<openbadges:credential\b[^>]*>\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*<\/openbadges:credential>/

/** The credential in a baked SVG; nothing where there is none. */
export const unbakeSvg = (svg: string): string | undefined => element.exec(svg)?.[1]
