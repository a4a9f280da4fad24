import { CommandError, notHere } from '../errors.js'
import type { Pattern } from './filter.js'

const maxLength = 32_764

/** What PCRE's shorthand classes mean without Unicode properties, for use inside brackets. */
const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: ' \\t\\n\\v\\f\\r',
}
const controls: Readonly<Record<string, string>> = {
  n: '\\n',
  r: '\\r',
  t: '\\t',
  f: '\\f',
  v: '\\v',
  b: '\\b',
  B: '\\B',
  A: '^',
  z: '(?![^])',
  Z: '(?=\\n?(?![^]))',
}

const wrong = (why: string): CommandError =>
  new CommandError(51091, `Regular expression is invalid: ${why}`)

const literal = (character: string): string =>
  /[\\^$.*+?()[\]{}|/-]/.test(character)
    ? `\\u{${character.codePointAt(0)?.toString(16) ?? '0'}}`
    : character

/** One escape, `\\` and what follows; returns the JavaScript for it and how much was read. */
function escape(rest: string, inClass: boolean): { js: string; read: number } {
  const letter = rest.charAt(1)
  if (letter === '') throw wrong('\\ at end of pattern')
  const lower = letter.toLowerCase()
  const shorthand = classes[lower]
  if (shorthand !== undefined) {
    if (letter === lower) return { js: inClass ? shorthand : `[${shorthand}]`, read: 2 }
    if (!inClass) return { js: `[^${shorthand}]`, read: 2 }
    throw notHere(51091, `\\${letter} inside a character class of a regular expression`)
  }
  const hex = /^\\x([0-9a-fA-F]{2})/.exec(rest) ?? /^\\x\{([0-9a-fA-F]{1,6})\}/.exec(rest)
  if (hex?.[1]) return { js: `\\u{${hex[1]}}`, read: hex[0].length }
  if (inClass && letter === 'b') return { js: '\\u{8}', read: 2 }
  const control = controls[letter]
  if (control !== undefined && (!inClass || 'nrtfv'.includes(letter)))
    return { js: control, read: 2 }
  if (/[1-9]/.test(letter) && !inClass) return { js: `\\${letter}`, read: 2 }
  if (/[A-Za-z0-9]/.test(letter)) throw notHere(51091, `\\${letter} in a regular expression`)
  const character = String.fromCodePoint(rest.codePointAt(1) ?? 0)
  return { js: literal(character), read: 1 + character.length }
}

/** A character class in brackets. */
function bracket(rest: string): { js: string; read: number } {
  let i = 1
  let js = '['
  if (rest.charAt(i) === '^') {
    js += '^'
    i++
  }
  for (let first = true; ; first = false) {
    const character = String.fromCodePoint(rest.codePointAt(i) ?? 0)
    if (i >= rest.length) throw wrong('missing terminating ] for character class')
    if (character === ']' && !first) return { js: `${js}]`, read: i + 1 }
    if (/^\[[:.=]/.test(rest.slice(i)))
      throw notHere(51091, 'POSIX classes in a regular expression')
    if (character === '\\') {
      const escaped = escape(rest.slice(i), true)
      js += escaped.js
      i += escaped.read
    } else if (character === '-') {
      // Beside a shorthand a hyphen cannot make a range, so PCRE reads it as itself.
      const beside = /\\[dws]$/.test(rest.slice(0, i)) || /^-\\[dws]/.test(rest.slice(i))
      js += beside ? '\\-' : '-'
      i++
    } else {
      js += literal(character)
      i += character.length
    }
  }
}

function group(rest: string): { js: string; read: number } {
  if (!rest.startsWith('(?')) return { js: '(', read: 1 }
  const known = /^\(\?(?::|=|!|<=|<!)/.exec(rest)
  if (known) return { js: known[0], read: known[0].length }
  throw notHere(51091, `${rest.slice(0, 4)} in a regular expression`)
}

/**
 * MongoDB's regular expressions are PCRE's; JavaScript's differ in what `.`, `$`, `^`, `\\s` and some
 * escapes mean. What can be said exactly in JavaScript is rewritten, the rest refused by name.
 */
function translate(pattern: string, options: string): string {
  const lines = options.includes('m')
  const verbose = options.includes('x')
  const plain: Readonly<Record<string, string>> = {
    '.': options.includes('s') ? '[^]' : '[^\\n]',
    $: lines ? '(?=\\n|(?![^]))' : '(?=\\n?(?![^]))',
    // With `m` PCRE sees no line after a newline that ends the text.
    '^': lines ? '(?:^|(?<=\\n)(?=[^]))' : '^',
    ']': '\\]',
    '}': '\\}',
  }
  let js = ''
  let i = 0
  while (i < pattern.length) {
    const rest = pattern.slice(i)
    const character = String.fromCodePoint(pattern.codePointAt(i) ?? 0)
    let step = { js: plain[character] ?? character, read: character.length }
    if (character === '\\') step = escape(rest, false)
    else if (character === '[') step = bracket(rest)
    else if (character === '(') step = group(rest)
    else if (character === '{' && !/^\{\d+(,\d*)?\}/.test(rest)) step = { js: '\\{', read: 1 }
    else if (character === '{') {
      const [counted = ''] = /^\{[^}]*\}/.exec(rest) ?? []
      step = { js: counted, read: counted.length }
    } else if (verbose && /\s/.test(character)) step = { js: '', read: 1 }
    else if (verbose && character === '#') step = { js: '', read: rest.search(/\n|$/) }
    if (/^[*+?}]\+/.test(rest))
      throw notHere(51091, 'possessive quantifiers in a regular expression')
    js += step.js
    i += step.read
  }
  return js
}

/** The literal text at the front of a pattern such as `^smith`, for a range of an index. */
function prefixOf(pattern: string, options: string): string | undefined {
  if (!pattern.startsWith('^') || /[imx]/.test(options) || pattern.includes('|')) return undefined
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
  if (source.includes('\0')) throw wrong('null byte')
  if (source.length > maxLength) throw wrong('pattern is too long')
  const odd = /[^imsxu]/.exec(options)
  if (odd) throw new CommandError(51108, `invalid flag in regex options: ${odd[0]}`)
  let regex: RegExp
  try {
    regex = new RegExp(translate(source, options), options.includes('i') ? 'iu' : 'u')
  } catch (error) {
    throw error instanceof SyntaxError ? wrong(error.message) : error
  }
  const prefix = prefixOf(source, options)
  const pattern: Pattern = { source, options, regex, ...(prefix === undefined ? {} : { prefix }) }
  if (compiled.size > 500) compiled.clear()
  compiled.set(key, pattern)
  return pattern
}
