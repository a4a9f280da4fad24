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
  const pages: WrittenPage[] = []
  let body: string[] = []
  const close = () => {
    const last = pages.at(-1)
    if (last) last.text = body.join('\n')
    body = []
  }
  text.split(/\r?\n/).forEach((content, index) => {
    const found = heading.exec(content)
    if (found) {
      close()
      const [, title = '', id = ''] = found
      if (pages.some((page) => page.id === id)) {
        place.report(grave(file, index + 1, 'page-twice', { page: id }))
      }
      pages.push({ id, title: curlQuotes(title), text: '', line: index + 2 })
    } else if (content.startsWith('# ')) {
      place.report(grave(file, index + 1, 'page-unnamed'))
    } else if (pages.length > 0) {
      body.push(content)
    } else if (content.trim() !== '') {
      place.report(grave(file, index + 1, 'before-first-page'))
      pages.push({ id: '', title: '', text: '', line: index + 1 })
    }
  })
  close()
  return pages.filter((page) => page.id !== '')
}

const fence = /^:::: *only +([a-z ]+)$/

/** Renders a page in stretches: `:::: only mp peer` … `::::` is for those audiences alone. */
export function renderPage(page: WrittenPage, place: Omit<Place, 'line'>): PagePart[] {
  const parts: PagePart[] = []
  let whom: Audience[] | undefined
  let lines: string[] = []
  let start = page.line
  const close = (next: number) => {
    const html = renderBlock(lines.join('\n'), { ...place, line: start })
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

function audiencesIn(named: string, line: number, place: Omit<Place, 'line'>): Audience[] {
  const names = named.split(' ').filter((name) => name !== '')
  const known = names.filter((name): name is Audience => audiences.some((one) => one === name))
  if (known.length < names.length || known.length === 0) {
    const values = audiences.join(', ')
    place.report(grave(place.file, line, 'not-one-of', { field: 'only', values }))
  }
  return known
}
