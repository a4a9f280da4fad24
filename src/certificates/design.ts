import { z } from 'zod'
import { deliveries } from './certificate.js'

/** A4 landscape in points, 72 to the inch: the one size a certificate has. */
export const page = { width: 841.89, height: 595.28 } as const

const hex = z.string().regex(/^#[0-9a-f]{6}$/i, 'must be written as #rrggbb')
const bilingual = z.strictObject({ en: z.string().min(1), cy: z.string().min(1) })
const number = z.number().min(0).max(900)
const key = z.string().regex(/^[a-z][a-z-]*$/)
const file = z.string().regex(/^(npm:[@a-zA-Z0-9._/-]+|[a-zA-Z0-9][a-zA-Z0-9._/-]*)$/)

/** What a text of the design may be filled in with, written `{{holder}}`. */
export const placeholders = [
  'holder',
  'course',
  'version',
  'delivery',
  'completed-on',
  'issued-on',
  'valid-until',
  'serial',
  'institution',
  'address',
] as const
export type Placeholder = (typeof placeholders)[number]

const texts = z.record(key, z.string().min(1))

const box = { x: number, y: number, width: number, height: number }
const type = {
  font: key,
  /** Fonts that take over a text, in this order, when those before lack one of its letters. */
  instead: z.array(key).default([]),
  size: z.number().min(5).max(120),
  /** How small it may become before it is broken into lines, and after. */
  least: z.number().min(4).max(120).exactOptional(),
  lines: z.int().min(1).max(6).default(1),
  colour: key,
  /** Space between letters, in points. */
  tracking: z.number().min(-2).max(12).default(0),
  align: z.enum(['left', 'centre', 'right']).default('centre'),
  /** OpenType features of the face, such as `smcp` for small capitals. */
  features: z.array(z.string().regex(/^[a-z0-9]{4}$/)).exactOptional(),
}

/** One thing drawn, in the order in which the page is read aloud. */
const block = z.discriminatedUnion('draw', [
  /** Decoration that fills the page and is not read aloud. */
  z.strictObject({ draw: z.literal('art'), file }),
  z.strictObject({ draw: z.literal('crest'), ...box }),
  z.strictObject({
    draw: z.literal('text'),
    text: key,
    /** `heading` once; everything else is a paragraph. */
    as: z.enum(['heading', 'paragraph']).default('paragraph'),
    /** The text is an address that can be followed. */
    link: z.boolean().default(false),
    ...box,
    ...type,
  }),
  z.strictObject({
    draw: z.literal('rule'),
    x: number,
    y: number,
    width: number,
    thickness: z.number().min(0.1).max(10),
    colour: key,
  }),
  /** Labels over values side by side; one whose value is absent takes no room. */
  z.strictObject({
    draw: z.literal('details'),
    ...box,
    details: z.array(z.strictObject({ label: key, value: key })).min(1),
    gap: number.default(36),
    label: z.strictObject(type),
    value: z.strictObject(type),
    divider: key.exactOptional(),
  }),
  z.strictObject({
    draw: z.literal('signatory'),
    signatory: z.int().min(0).max(5),
    ...box,
    name: z.strictObject(type),
    office: z.strictObject(type),
    rule: key,
  }),
  /** The QR code of the address at which the certificate is checked. */
  z.strictObject({
    draw: z.literal('code'),
    x: number,
    y: number,
    size: number,
    colour: key,
    alternative: key,
  }),
])
export type Block = z.output<typeof block>
export type TypeStyle = Pick<
  Extract<Block, { draw: 'text' }>,
  'font' | 'instead' | 'size' | 'least' | 'lines' | 'colour' | 'tracking' | 'align' | 'features'
>

/** `certificates/<design>/design.yaml`: how a certificate looks and what stands on it. */
export const designSchema = z.strictObject({
  name: bilingual,
  institution: bilingual,
  colours: z.record(key, hex).refine((colours) => 'paper' in colours, 'needs a colour named paper'),
  fonts: z.record(key, file),
  crest: z.strictObject({ file, alternative: bilingual }),
  badge: z.strictObject({ svg: file, png: file }),
  signatories: z.array(z.strictObject({ name: z.string().min(1), office: bilingual })).max(6),
  texts: z.strictObject({ en: texts, cy: texts }),
  deliveries: z.strictObject(
    Object.fromEntries(deliveries.map((name) => [name, bilingual])) as Record<
      (typeof deliveries)[number],
      typeof bilingual
    >,
  ),
  /** What stands in place of the name where the holder chose that it not be shown. */
  masked: bilingual,
  layout: z.array(block).min(1),
})
export type DesignFile = z.output<typeof designSchema>

/** The placeholders in a text, known ones and others. */
export const placeholdersIn = (text: string): string[] =>
  [...text.matchAll(/\{\{([^}]*)\}\}/g)].map((match) => (match[1] ?? '').trim())

/** Fills a text in. Nothing when it needs a value that this certificate does not have. */
export function fill(
  text: string,
  values: Partial<Record<Placeholder, string>>,
): string | undefined {
  const missing = placeholdersIn(text).some((name) => values[name as Placeholder] === undefined)
  if (missing) return undefined
  return text.replaceAll(
    /\{\{([^}]*)\}\}/g,
    (_, name: string) => values[name.trim() as Placeholder] ?? '',
  )
}

/** Every style in a layout, for checks of font and colour. */
export const stylesOf = (one: Block): readonly TypeStyle[] => {
  if (one.draw === 'text') return [one]
  if (one.draw === 'details') return [one.label, one.value]
  return one.draw === 'signatory' ? [one.name, one.office] : []
}
