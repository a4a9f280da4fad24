import type { Sentence } from '../language.js'
import { absent, type FieldName } from './credential-fields.js'

/** How much a finding weighs: what holds, what must be known, and what speaks against the file. */
export type Weight = 'good' | 'note' | 'bad'

/** One thing that a check found, said to people, and named for programs. */
export interface Finding {
  /** Stable name for programs, such as `signature.whole`; the sentence's key without its prefix. */
  finding: string
  weight: Weight
  say: Sentence
  field?: FieldName
}

type Params = NonNullable<Sentence['with']>

/** A finding whose sentence is `certificates.verify.<finding>`. */
export const finding = (weight: Weight, name: string, params?: Params): Finding => ({
  finding: name,
  weight,
  say: { key: `certificates.verify.${name}`, ...(params ? { with: params } : {}) },
})

/** Words of our own in which a field's value is read, where it has some. */
const wordsFor: Partial<Record<FieldName, string>> = {
  delivery: 'verify-page.delivery',
  language: 'verify-page.language',
}

/** A finding about one field; days are written out for the reader, and codes in words. */
export function aboutField(
  name: 'page-differs' | 'page-lacks' | 'record-differs',
  field: FieldName,
  values: { expected: string; found?: string },
): Finding {
  const words = wordsFor[field]
  // What stands in a file may be anything; `$t(` would be taken for another sentence's name.
  const plain = Object.fromEntries(
    Object.entries(values).map(([name, text]) => [
      name,
      words && /^[a-z-]+$/.test(text) ? `$t(${words}.${text})` : text.replaceAll('$t(', '$ t('),
    ]),
  )
  const key = name === 'record-differs' ? `${name}${dayKind(values)}` : name
  return { ...finding('bad', key, { field, ...plain }), finding: name, field }
}

const isDay = (text: string | undefined): boolean => /^\d{4}-\d\d-\d\d$/.test(text ?? '')

/** Both days, or one that only the record or only the file has; nothing where they are other things. */
function dayKind({ expected, found }: { expected: string; found?: string }): string {
  if (isDay(expected)) return isDay(found) ? '-day' : found === absent ? '-no-day' : ''
  return isDay(found) && expected === absent ? '-new-day' : ''
}
