import { CORE_SCHEMA, load, YAMLException } from 'js-yaml'
import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml'

/** A value read from YAML, and where in the file each part of it stands. */
export interface YamlFile {
  value: unknown
  /** The line, from 1, of what a path leads to; of the nearest thing around it, where it is absent. */
  lineOf: (path: readonly PropertyKey[]) => number
}

export interface YamlProblem {
  line: number
  key: 'alias' | 'duplicate-key' | 'too-nested' | 'not-yaml'
}

const limits = { schema: CORE_SCHEMA, maxDepth: 24 }

/** Where a name for later reference can stand: what is no such place is surely none. */
const mayName = /(?:^|[\s[{,:])&[^\s&]/m

/**
 * Reads one YAML document. References (`&name`, `*name`) are refused, so a file cannot grow when it
 * is read; so are a key given twice and nesting deeper than any course needs. One library reads the
 * values, ten times as fast; the other is asked only where something stands, and only for a fault.
 */
export function readYaml(text: string): YamlFile | YamlProblem {
  const naming = text.includes('&') && mayName.test(text) ? lineOfName(text) : undefined
  if (naming !== undefined) return { line: naming, key: 'alias' }
  try {
    const value = load(text, limits)
    if (value === undefined) return { line: 1, key: 'not-yaml' }
    let places: Places | undefined
    return { value, lineOf: (path) => locate((places ??= placesIn(text)), path) }
  } catch (error) {
    return problemOf(error)
  }
}

function problemOf(error: unknown): YamlProblem {
  if (!(error instanceof YAMLException)) return { line: 1, key: 'not-yaml' }
  // Of a stream of several documents the library marks no place.
  const { mark } = error as { mark?: { line: number } }
  const line = (mark?.line ?? 0) + 1
  // Where nothing is named, a reference leads to nothing.
  if (/alias/i.test(error.reason)) return { line, key: 'alias' }
  if (/duplicated? (mapping )?key/i.test(error.reason)) return { line, key: 'duplicate-key' }
  if (/depth|nesting/i.test(error.reason)) return { line, key: 'too-nested' }
  return { line, key: 'not-yaml' }
}

interface Places {
  document: Document
  lineAt: (offset: number) => number
}

function placesIn(text: string): Places {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, uniqueKeys: false })
  return { document, lineAt: (offset) => lineCounter.linePos(offset).line }
}

/** The line of the first thing that is named; nothing where only its look deceived. */
function lineOfName(text: string): number | undefined {
  const { document, lineAt } = placesIn(text)
  let found: number | undefined
  visit(document, {
    Value(_key, node) {
      if (node.anchor === undefined) return undefined
      found = lineAt(node.range?.[0] ?? 0)
      return visit.BREAK
    },
  })
  return found
}

const offsetOf = (node: unknown): number | undefined =>
  (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0]

function locate({ document, lineAt }: Places, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = offsetOf(node) ?? 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (one) => isScalar(one.key) && String(one.key.value) === String(key),
      )
      if (!pair) break
      offset = offsetOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof key === 'number' && key < node.items.length) {
      node = node.items[key]
      offset = offsetOf(node) ?? offset
    } else break
  }
  return lineAt(offset)
}
