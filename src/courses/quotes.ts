/**
 * Curls the quotation marks of rendered HTML, in English and in Welsh: a mark opens at the start of
 * a text and behind a space or a bracket, and closes everywhere else. Tags are stepped over.
 */
export function curlQuotes(html: string): string {
  if (!mark.test(html)) return html
  let [looked, end, opened] = [0, -1, false]
  // The character that a reader sees before a place; none at the start of a paragraph.
  let before = ''
  return html.replace(markOrTag, (piece: string, index: number) => {
    if (index > looked) before = html.charAt(index - 1)
    looked = index + piece.length
    if (piece.startsWith('<')) {
      if (block.test(piece)) before = ''
      return piece
    }
    // A mark right behind another goes the same way: “‘So,’ she said.”
    if (end !== index) opened = before === '' || opening.test(before)
    end = looked
    before = piece
    return (opened ? '‘“' : '’”').charAt(piece === "'" ? 0 : 1)
  })
}

const mark = /["']|&quot;/
const markOrTag = /<[^>]*>|&quot;|["']/g
const opening = /[\s([–—]/
const block = /^<\/?(?:p|li|ul|ol|td|th|tr|h\d|blockquote|div|details|summary|br|img)\b/
