/**
 * Curls the quotation marks of rendered HTML, in English and in Welsh: a mark opens at the start of
 * a text and behind a space or a bracket, and closes everywhere else. Tags are stepped over.
 */
export function curlQuotes(html: string): string {
  const curled: string[] = []
  // How far it is curled; where the words begin that no tag interrupts; where the next tag begins.
  let [done, words, tag] = [0, 0, html.indexOf('<')]
  // The character that a reader sees before those words; none at the start of a paragraph.
  let before = ''
  let opened = false
  mark.lastIndex = 0
  for (let found = mark.exec(html); found; found = mark.exec(html)) {
    const { 0: piece, index } = found
    while (tag !== -1 && tag < index) {
      const end = html.indexOf('>', tag)
      if (end === -1) tag = -1
      else {
        if (tag > words) before = html.charAt(tag - 1)
        block.lastIndex = tag
        if (block.test(html)) before = ''
        words = end + 1
        tag = html.indexOf('<', words)
      }
    }
    if (index < words) {
      mark.lastIndex = words
      continue
    }
    // A mark right behind another goes the same way: “‘So,’ she said.”
    if (index > done || curled.length === 0) {
      if (index > words) before = html.charAt(index - 1)
      opened = before === '' || opening.test(before)
    }
    curled.push(html.slice(done, index), (opened ? '‘“' : '’”').charAt(piece === "'" ? 0 : 1))
    done = words = index + piece.length
    before = piece
  }
  return done === 0 ? html : curled.join('') + html.slice(done)
}

const mark = /["']|&quot;/g
const opening = /[\s([–—]/
const block = /<\/?(?:p|li|ul|ol|td|th|tr|h\d|blockquote|div|details|summary|br|img)\b/y
