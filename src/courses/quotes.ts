/**
 * Curls the quotation marks of rendered HTML, in English and in Welsh: a mark opens at the start of
 * a text and behind a space or a bracket, and closes everywhere else. Tags are stepped over.
 */
export function curlQuotes(html: string): string {
  if (!mark.test(html)) return html
  let [curled, copied, looked] = ['', 0, 0]
  let last = { end: -1, opened: false }
  // The character that a reader sees before a place; none at the start of a paragraph.
  let before = ''
  for (const { 0: piece, index } of html.matchAll(markOrTag)) {
    if (index > looked) before = html.charAt(index - 1)
    looked = index + piece.length
    if (piece.startsWith('<')) {
      if (block.test(piece)) before = ''
      continue
    }
    // A mark right behind another goes the same way: “‘So,’ she said.”
    const opened = last.end === index ? last.opened : before === '' || opening.test(before)
    curled += html.slice(copied, index) + (opened ? '‘“' : '’”').charAt(piece === "'" ? 0 : 1)
    before = piece
    copied = looked
    last = { end: looked, opened }
  }
  return curled + html.slice(copied)
}

const mark = /["']|&quot;/
const markOrTag = /<[^>]*>|&quot;|["']/g
const opening = /[\s([–—]/
const block = /^<\/?(?:p|li|ul|ol|td|th|tr|h\d|blockquote|div|details|summary|br|img)\b/
