import MarkdownIt, { type Token } from 'markdown-it'
import type { Language } from '../language.js'
import { withBoxes, type BoxEnv, type Quote } from './boxes.js'
import { advice, grave, type Report } from './fault.js'
import { curlQuotes } from './quotes.js'

/** The file that a stretch of Markdown comes from and what it may point to. */
export interface Place {
  file: string
  language: Language
  report: Report
  /** The address of a page of the course (`#page` or `module#page`); nothing where there is none. */
  addressOf(link: string): string | undefined
  /** The address of an image beside the page; nothing, and a fault, where it cannot be shown. */
  imageOf(source: string, line: FirstLine): string | undefined
  quote: Quote
}

/**
 * The line of the file on which a text begins, from 1. Asked for only where there is a fault: in
 * YAML it has to be searched for.
 */
export type FirstLine = () => number

/** Whom the content may point to for help; names and numbers come from configuration, never from content. */
const contacts = ['helpline', 'adviser', 'police', 'safeguarding', 'wellbeing']

type Env = BoxEnv & { place: Place; first: FirstLine }

const md = new MarkdownIt({ html: false, linkify: false })
md.validateLink = () => true
// What leads within a course is held against its pages as it stands; an address elsewhere is made one.
const normalizeLink = md.normalizeLink.bind(md)
md.normalizeLink = (link) => (inside.test(link) ? link : normalizeLink(link))
// What no course is written with costs time at every paragraph, and surprises whoever indents a line.
md.disable(['code', 'html_block', 'html_inline', 'lheading', 'linkify', 'reference'])
withBoxes(md)
const parseInline = md.inline.parse.bind(md.inline)
const isMarked = (text: string): boolean => markedInline.test(text) || / \n|\n /.test(text)
md.inline.parse = (text, reader, env, tokens) => {
  if (isMarked(text)) parseInline(text, reader, env, tokens)
  else new md.inline.State(text, reader, env, tokens).push('text', '', 0).content = text
}
// What means nothing to Markdown is stepped over at once, where the library looks at each letter.
const words = /[^\n!&*<[\\\]_`~]+/y
md.inline.ruler.at('text', (state, silent) => {
  words.lastIndex = state.pos
  if (!words.test(state.src)) return false
  const end = Math.min(words.lastIndex, state.posMax)
  if (!silent) state.pending += state.src.slice(state.pos, end)
  state.pos = end
  return true
})
// Line endings are all alike in nearly every text: the library replaces each by itself.
const [normalize] = md.core.ruler.getRules('')
md.core.ruler.at('normalize', (state) => {
  if (/[\r\0]/.test(state.src)) normalize?.(state)
})
md.core.ruler.push('course', (state) => {
  const { place, first, boxFaults } = state.env as Env
  for (const { key, line, name } of boxFaults) {
    place.report(grave(place.file, first() + line, key, { name }))
  }
  let offset = 0
  for (const token of state.tokens) {
    offset = token.map ? token.map[0] : offset
    const line = offset
    for (const inner of token.children ?? []) check(inner, place, () => first() + line)
  }
})
md.renderer.rules['table_open'] = () => '<div class="course-table" tabindex="0"><table>\n'
md.renderer.rules['table_close'] = () => '</table></div>\n'

/** Markdown as safe HTML: no raw HTML, only links and images that lead where a course may lead. */
export function renderBlock(text: string, place: Place, first: FirstLine): string {
  if (!markedInline.test(text) && !markedBlock.test(text)) return plainParagraphs(text)
  tellOfHtml(text, place, first)
  return curlQuotes(md.render(text, envOf(place, first)))
}

/** One line of Markdown, for an answer's text or its feedback. */
export function renderInline(text: string, place: Place, first: FirstLine): string {
  const line = text.trim()
  if (!line.includes('\n') && !markedInline.test(line)) return curlQuotes(line)
  tellOfHtml(text, place, first)
  return curlQuotes(md.renderInline(line, envOf(place, first)))
}

/** What means something to Markdown within a line, and what does at the beginning of one. */
const markedInline = /[\\`*_[\]<>&~|]/
const markedBlock = /^(?:\s*(?:[-+#=:]|\d+[.)])| {4}|\t)/m

/** Most of what is written is plain words: not handing them to the parser saves a third of the time. */
const plainParagraphs = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/[ \t]+\n[ \t]*|\n[ \t]+/g, '\n'))
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${curlQuotes(paragraph)}</p>\n`)
    .join('')

const envOf = (place: Place, first: FirstLine): Env => ({
  place,
  first,
  boxFaults: [],
  quote: place.quote,
})

function tellOfHtml(text: string, place: Place, first: FirstLine): void {
  if (!text.includes('<')) return
  const at = text.search(/<\/?[a-z][a-z0-9]*[\s/>]|<!--/i)
  if (at === -1) return
  place.report(advice(place.file, first() + linesBefore(text, at), 'html-shown'))
}

const linesBefore = (text: string, at: number): number => text.slice(0, at).split('\n').length - 1

function check(token: Token, place: Place, line: FirstLine): void {
  if (token.type === 'link_open') {
    const href = addressFor(String(token.attrGet('href')), place, line)
    token.attrSet('href', href ?? '#')
    if (href?.startsWith('https:')) token.attrSet('rel', 'noreferrer noopener')
  }
  if (token.type === 'image') {
    if (token.content.trim() === '') place.report(grave(place.file, line(), 'no-alternative'))
    token.attrSet('src', place.imageOf(String(token.attrGet('src')), line) ?? '')
  }
}

/** What leads to a contact or to a page of the course. */
const inside = /^(?:support:([a-z-]+)|[a-z0-9-]*#[a-z0-9-]+)$/

function addressFor(link: string, place: Place, line: FirstLine): string | undefined {
  if (/^https:\/\/[^/]/.test(link)) return link
  const [within, contact] = inside.exec(link) ?? []
  if (contact && contacts.includes(contact)) return `/support#${contact}`
  const address = within && !contact ? place.addressOf(link) : undefined
  if (address === undefined) place.report(grave(place.file, line(), 'dead-link', { link }))
  return address
}
