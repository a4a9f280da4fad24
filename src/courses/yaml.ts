import {
  EVENT_ID,
  getScalarValue,
  load,
  parseEvents,
  YAMLException,
  type Event,
  type ScalarEvent,
} from 'js-yaml'

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

const maxDepth = 24

/**
 * Reads one YAML document. References (`*name`) are refused, so a file cannot grow when it is read;
 * so are a key given twice and nesting deeper than any course needs.
 */
export function readYaml(text: string): YamlFile | YamlProblem {
  try {
    const value = load(text, { maxAliases: 0, maxDepth })
    let events: Event[] | undefined
    return {
      value,
      lineOf: (path) => locate((events ??= parseEvents(text, { maxDepth })), text, path),
    }
  } catch (error) {
    return problemOf(error)
  }
}

function problemOf(error: unknown): YamlProblem {
  if (!(error instanceof YAMLException)) return { line: 1, key: 'not-yaml' }
  const line = (error.mark?.line ?? 0) + 1
  if (/alias/i.test(error.reason)) return { line, key: 'alias' }
  if (/duplicated? (mapping )?key/i.test(error.reason)) return { line, key: 'duplicate-key' }
  if (/depth|nesting/i.test(error.reason)) return { line, key: 'too-nested' }
  return { line, key: 'not-yaml' }
}

function locate(events: readonly Event[], text: string, path: readonly PropertyKey[]): number {
  let at = 1
  let offset = offsetOf(events[at])
  for (const key of path) {
    const found = step(events, text, at, key)
    if (!found) break
    at = found.at
    offset = found.offset
  }
  let line = 1
  for (
    let end = text.indexOf('\n');
    end !== -1 && end < offset;
    end = text.indexOf('\n', end + 1)
  ) {
    line++
  }
  return line
}

interface Place {
  at: number
  offset: number
}

function step(
  events: readonly Event[],
  text: string,
  parent: number,
  key: PropertyKey,
): Place | undefined {
  const container = events[parent]
  let at = parent + 1
  if (container?.type === EVENT_ID.SEQUENCE) {
    for (let index = 0; at < events.length && events[at]?.type !== EVENT_ID.POP; index++) {
      if (index === key) return { at, offset: offsetOf(events[at]) }
      at = after(events, at)
    }
  }
  if (container?.type === EVENT_ID.MAPPING) {
    while (at < events.length && events[at]?.type !== EVENT_ID.POP) {
      const name = events[at]
      const value = after(events, at)
      if (name?.type === EVENT_ID.SCALAR && getScalarValue(text, name) === String(key)) {
        return { at: value, offset: name.valueStart }
      }
      at = after(events, value)
    }
  }
  return undefined
}

/** The index behind the node that begins at `at`. */
function after(events: readonly Event[], at: number): number {
  let depth = 0
  let index = at
  do {
    const type = events[index++]?.type
    if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth++
    else if (type === EVENT_ID.POP) depth--
  } while (depth > 0 && index < events.length)
  return index
}

function offsetOf(event: Event | undefined): number {
  if (!event) return 0
  if (event.type === EVENT_ID.SCALAR) return (event satisfies ScalarEvent).valueStart
  return 'start' in event ? event.start : 0
}
