import { audiences, type Audience, type PagePart } from './course.js'
import { grave } from './fault.js'
import { renderBlock, type Place } from './markdown.js'
import { curlQuotes } from './quotes.js'

/** A page as written: its name, its title, and its text with the line it begins on. */
export interface WrittenPage {
  id: string
  title: string
  text: string
  line: number
}

const heading = /^# +(.*?) *\{#([a-z][a-z0-9-]*)\} *$/

/** Cuts a module's file into pages: each begins with `# Title {#name}`. */
export function splitPages(
  file: string,
  text: string,
  place: Pick<Place, 'report'>,
): WrittenPage[] {
  const whole = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
  const pages: WrittenPage[] = []
  const lineAt = lineCounter(whole)
  let last: { page: WrittenPage; start: number } | undefined
  const close = (end: number) => {
    if (last) last.page.text = whole.slice(last.start, end)
  }
  const first = whole.search(/\S/)
  if (first !== -1 && !whole.startsWith('# ', first)) {
    place.report(grave(file, lineAt(first), 'before-first-page'))
  }
  for (const { 0: content, index } of whole.matchAll(/^# .*$/gm)) {
    const line = lineAt(index)
    const [found, title = '', id = ''] = heading.exec(content) ?? []
    if (found === undefined) {
      place.report(grave(file, line, 'page-unnamed'))
      continue
    }
    if (pages.some((page) => page.id === id)) {
      place.report(grave(file, line, 'page-twice', { page: id }))
    }
    close(index)
    const page = { id, title: curlQuotes(title), text: '', line: line + 1 }
    last = { page, start: index + content.length + 1 }
    pages.push(page)
  }
  close(whole.length)
  return pages
}

/** The line of each place in a text, from 1; to be asked for in order. */
function lineCounter(text: string): (offset: number) => number {
  let [line, from] = [1, 0]
  return (offset) => {
    for (let end = text.indexOf('\n', from); end !== -1 && end < offset;) {
      line++
      from = end + 1
      end = text.indexOf('\n', from)
    }
    return line
  }
}

const fence = /^:::: *only +([a-z ]+)$/

/** Renders a page in stretches: `:::: only mp peer` … `::::` is for those audiences alone. */
export function renderPage(page: WrittenPage, place: Place): PagePart[] {
  if (!page.text.includes('::::')) {
    const html = renderBlock(page.text, place, () => page.line)
    return html.trim() === '' ? [] : [{ html }]
  }
  const parts: PagePart[] = []
  let whom: Audience[] | undefined
  let lines: string[] = []
  let start = page.line
  const close = (next: number) => {
    const first = start
    const html = renderBlock(lines.join('\n'), place, () => first)
    if (html.trim() !== '') parts.push(whom ? { for: whom, html } : { html })
    lines = []
    start = next
  }
  page.text.split('\n').forEach((content, index) => {
    const line = page.line + index
    if (!content.startsWith('::::')) {
      lines.push(content)
      return
    }
    const [, named] = fence.exec(content.trim()) ?? []
    const closing = content.trim() === '::::' && whom !== undefined
    if (!closing && (named === undefined || whom !== undefined)) {
      place.report(grave(place.file, line, 'stray-box', { name: content.trim() }))
      return
    }
    close(line + 1)
    whom = closing ? undefined : audiencesIn(named ?? '', line, place)
  })
  if (whom) place.report(grave(place.file, start, 'open-box', { name: 'only' }))
  close(start)
  return parts
}

function audiencesIn(named: string, line: number, place: Place): Audience[] {
  const names = named.split(' ').filter((name) => name !== '')
  const known = names.filter((name): name is Audience => audiences.some((one) => one === name))
  if (known.length < names.length || known.length === 0) {
    const values = audiences.join(', ')
    place.report(grave(place.file, line, 'not-one-of', { field: 'only', values }))
  }
  return known
}
