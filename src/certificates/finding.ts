import type { Sentence } from '../language.js'
import type { FieldName } from './credential-fields.js'

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

/** A finding about one field; days are written out for the reader. */
export function aboutField(
  name: 'page-differs' | 'page-lacks' | 'record-differs',
  field: FieldName,
  values: { expected: string; found?: string },
): Finding {
  // What stands in a file may be anything; `$t(` would be taken for another sentence's name.
  const plain = Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, text.replaceAll('$t(', '$ t(')]),
  )
  const days = Object.values(values).every((text) => /^\d{4}-\d\d-\d\d$/.test(text))
  const key = days && name === 'record-differs' ? `${name}-day` : name
  return { ...finding('bad', key, { field, ...plain }), finding: name, field }
}
