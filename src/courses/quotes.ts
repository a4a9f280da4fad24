const pairs = { '&quot;': ['“', '”'], '"': ['“', '”'], "'": ['‘', '’'] } as const

/**
 * Curls the quotation marks of rendered HTML, in English and in Welsh: a mark opens at the start of
 * a text and behind a space or a bracket, and closes everywhere else. Tags are stepped over.
 */
export function curlQuotes(html: string): string {
  if (!/["']|&quot;/.test(html)) return html
  let before = ''
  return html.replace(/<[^>]*>|&quot;|["']|[^<&"']+|&/g, (piece) => {
    if (piece.startsWith('<')) {
      if (/^<\/?(p|li|td|th|h\d|blockquote|div|summary|br)\b/.test(piece)) before = ''
      return piece
    }
    const opens = before === '' || /[\s([–—“‘]$/.test(before)
    if (piece === '&quot;' || piece === '"' || piece === "'") {
      before = pairs[piece][opens ? 0 : 1]
      return before
    }
    before = piece
    return piece
  })
}
