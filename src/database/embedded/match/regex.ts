import { check, CommandError, notHere } from '../errors.js'
import type { Pattern } from './filter.js'

const code = 51091

/** What PCRE's shorthand classes mean without Unicode properties. */
const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: ' \\t\\n\\v\\f\\r',
}
const members = (letter: string): string => classes[letter.toLowerCase()] ?? ''

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')

/** A shape that a pattern may go on with, and what JavaScript has for it; nothing where it has not. */
type Piece = readonly [RegExp, (found: string, part: string) => string | undefined]

const same = (found: string): string => found

/** What may stand in a pattern outside of brackets. */
const outside = (options: string): readonly Piece[] => [
  [/^\\([dws])/, (_, letter) => `[${members(letter)}]`],
  [/^\\([DWS])/, (_, letter) => `[^${members(letter)}]`],
  [/^\\[nrtfvbB1-9]/, same],
  [/^\\([^A-Za-z0-9])/u, (_, character) => literal(character)],
  [/^(\\.|\(\?(?![:=!]|<[=!])|([*+?]|\{\d+(,\d*)?\})\+)/, () => undefined],
  [/^(\(\?(?:[:=!]|<[=!])|[()|]|([*+?]|\{\d+(,\d*)?\})\??)/, same],
  [/^\./, () => (options.includes('s') ? '[^]' : '[^\\n]')],
  [/^\$/, () => (options.includes('m') ? '(?=\\n|(?![^]))' : '(?=\\n?(?![^]))')],
  // With `m` PCRE sees no line after a newline that ends the text.
  [/^\^/, () => (options.includes('m') ? '(?:^|(?<=\\n)(?=[^]))' : '^')],
  [/^[^]/u, literal],
]

/** What may stand in brackets. Beside a shorthand a hyphen makes no range, so PCRE reads it as itself. */
const inside: readonly Piece[] = [
  [
    /^-?\\([dws])-(?!\])/,
    (found, letter) => `${found.startsWith('-') ? '\\-' : ''}${members(letter)}\\-`,
  ],
  [/^-\\([dws])/, (_, letter) => `\\-${members(letter)}`],
  [/^\\([dws])/, (_, letter) => members(letter)],
  [/^\\[nrtfv]/, same],
  [/^\\([^A-Za-z0-9])/u, (_, character) => (character === '-' ? '\\-' : literal(character))],
  [/^(\\.|\[[:.=])/, () => undefined],
  [/^[^]/u, literal],
]

/**
 * MongoDB's regular expressions are PCRE's; JavaScript's differ in what `.`, `$`, `^`, `\s` and some
 * escapes mean. What can be said exactly in JavaScript is rewritten, the rest refused by name.
 */
function translate(pattern: string, options: string): string {
  const normal = outside(options)
  let js = ''
  let bracket = false
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at)
    const edge = (bracket ? /^\]/ : /^\[\^?\]?/).exec(rest)?.[0]
    if (edge !== undefined) {
      // A closing bracket right at the front stands for itself.
      js += bracket ? edge : edge.replace(']', '\\]')
      bracket = !bracket
      at += edge.length
      continue
    }
    const [shape, becomes] = (bracket ? inside : normal).find(([known]) => known.test(rest)) ?? [
      /^\\/,
      same,
    ]
    const [found = '', part = ''] = shape.exec(rest) ?? []
    const made = found === '' ? undefined : becomes(found, part)
    if (made === undefined) throw notHere(code, `'${found}' in a regular expression`)
    js += made
    at += found.length
  }
  check(!bracket, code, 'Regular expression is invalid: missing terminating ]')
  return js
}

/** The literal text at the front of a pattern such as `^smith`, for a range of an index. */
function prefixOf(pattern: string, options: string): string | undefined {
  if (/[im]/.test(options) || pattern.includes('|')) return undefined
  // A quantifier binds to the last character only, so with one that allows none it is left out.
  const found = /^\^((?:[^\\^$.*+?()[\]{}|]|\\[^A-Za-z0-9])+)(?![*?{])/u.exec(pattern)
  return found?.[1]?.replace(/\\(.)/gsu, '$1')
}

const compiled = new Map<string, Pattern>()

/** Makes a pattern ready to run. Throws for one that is wrong or cannot be said in JavaScript. */
export function patternOf(source: string, options: string): Pattern {
  const key = `${options}/${source}`
  const known = compiled.get(key)
  if (known) return known
  const sound = !source.includes('\0') && source.length <= 32_764
  check(sound, code, 'Regular expression is invalid: too long or with a null byte')
  const odd = /[^imsu]/.exec(options)
  if (odd) throw notHere(51108, `invalid flag in regex options: ${odd[0]}`)
  try {
    const regex = new RegExp(translate(source, options), options.includes('i') ? 'iu' : 'u')
    const pattern = { source, options, regex, prefix: prefixOf(source, options) }
    if (compiled.size > 500) compiled.clear()
    compiled.set(key, pattern)
    return pattern
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new CommandError(code, `Regular expression is invalid: ${error.message}`)
  }
}
