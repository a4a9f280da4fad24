import { z } from 'zod'
import { grave, type Report } from './fault.js'
import { readYaml, type YamlFile } from './yaml.js'

/** A file of the right shape, and the line on which each part of it stands. */
export interface Parsed<T> {
  file: string
  value: T
  lineOf: (path: readonly PropertyKey[]) => number
}

/** Beyond this many faults of shape in one file, an author is better served by mending these first. */
const most = 20

/** Reads a YAML file and holds it against a schema; nothing, and faults by line, where it does not fit. */
export function parseYaml<T>(
  file: string,
  bytes: Buffer,
  schema: z.ZodType<T>,
  report: Report,
): Parsed<T> | undefined {
  const read = readYaml(bytes.toString('utf8'))
  if ('key' in read) {
    report(grave(file, read.line, read.key))
    return undefined
  }
  // Files are read once: code made for each schema would cost more than it saves.
  const result = schema.safeParse(read.value, { jitless: true })
  // The way to its lines alone is kept, so that what was read does not stand in memory twice.
  if (result.success) return { file, value: result.data, lineOf: read.lineOf }
  for (const issue of result.error.issues.slice(0, most)) tell(file, read, issue, report)
  return undefined
}

/** The name of a part as an author would look for it: the last name on the way to it. */
const fieldOf = (path: readonly PropertyKey[]): string =>
  path.findLast((key): key is string => typeof key === 'string') ?? ''

function tell(file: string, read: YamlFile, issue: z.core.$ZodIssue, report: Report): void {
  const field = fieldOf(issue.path)
  const line = read.lineOf(issue.path)
  const say = (key: string, params = {}) => report(grave(file, line, key, { field, ...params }))
  switch (issue.code) {
    case 'invalid_type':
      if (valueAt(read.value, issue.path) !== undefined) say('wrong-type')
      else if (field === 'cy') say('no-welsh', { field: parentOf(issue.path) })
      else if (field === 'en') say('no-english', { field: parentOf(issue.path) })
      else say('missing')
      return
    case 'unrecognized_keys':
      for (const key of issue.keys.slice(0, most)) {
        const at = read.lineOf([...issue.path, key])
        report(grave(file, at, 'unknown-field', { field: key }))
      }
      return
    case 'invalid_value':
      say('not-one-of', { values: issue.values.map(String).join(', ') })
      return
    case 'too_small':
      if (issue.origin === 'string') say('empty')
      else say(issue.origin === 'array' ? 'too-few' : 'too-small', { least: Number(issue.minimum) })
      return
    case 'too_big':
      say(issue.origin === 'array' ? 'too-many' : 'too-big', { most: Number(issue.maximum) })
      return
    case 'custom': {
      const key: unknown = issue.params?.['say']
      say(typeof key === 'string' ? key : 'wrong-form')
      return
    }
    default:
      say('wrong-form')
  }
}

const parentOf = (path: readonly PropertyKey[]): string => fieldOf(path.slice(0, -1))

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  )
}
