import { z } from 'zod'

/** What a program sends that wants to find out how the database is asked. */
export const operators = ['{"$ne":null}', '{"$gt":""}', '$where', 'true, $where: "1 == 1"'] as const

/** A script in the four places where a page might let one out: text, attribute, address, template. */
export const scripts = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus='alert(1)",
  'javascript:alert(1)',
  '{{#with "x"}}{{lookup this "constructor"}}{{/with}}',
] as const

/** Dates, numbers and names that are none, or are more than anybody has. */
export const nonsense = [
  '',
  '20225-02-30',
  '-1',
  '1e309',
  '__proto__',
  'constructor',
  '../../../../etc/passwd',
  'a\u0000b',
  '\u202eworc \ud83e\udd80 \ufffe',
  'x'.repeat(20_000),
] as const

/** Values instead of texts, as a program may put them into JSON. */
export const structures: readonly unknown[] = [
  { $ne: null },
  { $gt: '' },
  [{ $where: 'sleep(1000)' }],
  { toString: 'no', length: -1 },
  null,
  -1,
  1e300,
  true,
  [],
  Array.from({ length: 500 }).reduce<unknown>((inner) => [inner], []),
]

interface Described {
  type?: string
  enum?: readonly unknown[]
  const?: unknown
  format?: string
  pattern?: string
  anyOf?: readonly Described[]
  default?: unknown
}

/** A field that a page or call takes, and something that it may well take for it. */
export interface Field {
  name: string
  plausible: string
}

const likely: readonly (readonly [RegExp, string])[] = [
  [/date|from|to|until|due|day|on$|asAt/i, '2026-02-16'],
  [/time/i, '10:00'],
  [/email/i, 'mair@parliament.example'],
  [/person|respondent|holder|who/i, 'mair'],
  [/course/i, 'behaviour-code'],
  [/language/i, 'en'],
  [/house/i, 'commons'],
  [/office/i, 'o-mair'],
]

function plausible(name: string, schema: Described): string {
  const [first] = schema.enum ?? []
  const given = schema.const ?? first ?? schema.default
  if (typeof given === 'string' || typeof given === 'number') return String(given)
  const inner = schema.anyOf?.find((one) => one.type !== 'null')
  if (inner) return plausible(name, inner)
  if (schema.type === 'integer' || schema.type === 'number') return '1'
  if (schema.type === 'boolean') return 'true'
  return likely.find(([pattern]) => pattern.test(name))?.[1] ?? 'words'
}

/** Every field that the schema of a page or call names: a new one is among them without being listed. */
export function fieldsOf(input: z.ZodType, path: string): Field[] {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Described>
  }
  const names = new Set([
    ...Object.keys(properties),
    ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name),
  ])
  return [...names].map((name) => ({ name, plausible: plausible(name, properties[name] ?? {}) }))
}

/** An address with its parameters filled, and what is left for query or form. */
export function filledIn(
  path: string,
  values: Readonly<Record<string, string>>,
): { address: string; rest: Record<string, string> } {
  const rest = { ...values }
  const address = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name] ?? 'nothing'
    Reflect.deleteProperty(rest, name)
    // An empty part of an address is another address, and Node takes none longer than its headers may be.
    return encodeURIComponent(value === '' ? ' ' : value.slice(0, 4_000))
  })
  return { address, rest }
}
