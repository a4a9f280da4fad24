/**
 * Curls the quotation marks of rendered HTML, in English and in Welsh: a mark opens at the start of
 * a text and behind a space or a bracket, and closes everywhere else. Tags are stepped over.
 */
export function curlQuotes(html: string): string {
  if (!/["']|&quot;/.test(html)) return html
  let last = { end: -1, opened: false }
  return html.replace(/<[^>]*>|&quot;|["']/g, (piece, offset: number) => {
    if (piece.startsWith('<')) return piece
    const before = lettersBefore(html, offset)
    // A mark right behind another goes the same way: “‘So,’ she said.”
    const opened = last.end === offset ? last.opened : before === '' || opening.test(before)
    last = { end: offset + piece.length, opened }
    if (piece === "'") return opened ? '‘' : '’'
    return opened ? '“' : '”'
  })
}

const opening = /[\s([–—]/
const block = /^<\/?(?:p|li|ul|ol|td|th|tr|h\d|blockquote|div|details|summary|br|img)\b/

/** The character that a reader sees before a place; nothing at the start of a paragraph. */
function lettersBefore(html: string, offset: number): string {
  let at = offset - 1
  while (at >= 0 && html.charAt(at) === '>') {
    const start = html.lastIndexOf('<', at)
    if (block.test(html.slice(start, at + 1))) return ''
    at = start - 1
  }
  return at < 0 ? '' : html.charAt(at)
}
