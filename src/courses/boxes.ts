import type MarkdownIt from 'markdown-it'

/**
 * The boxes an author may put around a stretch of a page: `::: note` … `:::`. A closed set, so that
 * a page never needs HTML. `more` folds away what not everybody needs; its title follows its name.
 */
const boxes: Readonly<Record<string, { open: string; close: string }>> = {
  note: { open: '<div class="course-note">', close: '</div>' },
  definition: { open: '<div class="course-definition">', close: '</div>' },
  example: { open: '<div class="course-example">', close: '</div>' },
  law: { open: '<div class="course-law">', close: '</div>' },
  pause: { open: '<div class="course-pause">', close: '</div>' },
  quote: { open: '<blockquote class="course-quote">', close: '</blockquote>' },
}

const opening = /^::: *([a-z]+)(?: +(.+))?$/

/** What a box rule leaves behind for whoever renders: faults by line within the text. */
interface BoxFault {
  key: 'unknown-box' | 'open-box' | 'stray-box'
  line: number
  name: string
}

/** Quotes a text of the institution where `::: text <name>` stands; nothing where it does not exist. */
export type Quote = (name: string) => string | undefined

export interface BoxEnv {
  boxFaults: BoxFault[]
  quote: Quote
}

/** Teaches a Markdown reader the boxes. Faults and quotes travel in the render's `env`. */
export function withBoxes(md: MarkdownIt): void {
  md.block.ruler.before(
    'fence',
    'box',
    (state, startLine, endLine, silent) => {
      const lineAt = (line: number) =>
        state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line])
      const first = lineAt(startLine).trim()
      if (!first.startsWith(':::')) return false
      if (silent) return true
      const env = state.env as BoxEnv
      const complain = (key: BoxFault['key'], name: string) =>
        env.boxFaults.push({ key, line: startLine, name })
      const [, name = '', title = ''] = opening.exec(first) ?? []
      if (name === 'text') {
        const quoted = env.quote(title.trim())
        if (quoted === undefined) complain('unknown-box', `text ${title}`)
        else state.push('html_of_box', '', 0).content = quoted
        state.line = startLine + 1
        return true
      }
      if (name === '') {
        complain('stray-box', first)
        state.line = startLine + 1
        return true
      }
      let end = startLine + 1
      while (end < endLine && lineAt(end).trim() !== ':::') end++
      const box = name === 'more' ? folded(md, title) : boxes[name]
      if (!box) complain('unknown-box', name)
      if (end === endLine) complain('open-box', name)
      const lineMax = state.lineMax
      state.lineMax = end
      state.push('html_of_box', '', 0).content = box?.open ?? '<div>'
      state.md.block.tokenize(state, startLine + 1, end)
      state.push('html_of_box', '', 0).content = box?.close ?? '</div>'
      state.lineMax = lineMax
      state.line = end + 1
      return true
    },
    { alt: ['paragraph', 'blockquote', 'list'] },
  )
  md.renderer.rules['html_of_box'] = (tokens, index) => `${tokens[index]?.content ?? ''}\n`
}

const folded = (md: MarkdownIt, title: string) => ({
  open: `<details class="course-more"><summary>${md.utils.escapeHtml(title)}</summary>`,
  close: '</details>',
})
