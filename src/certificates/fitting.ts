/** How wide a text is at a size of one point, between its letters the tracking not counted. */
export type Measure = (text: string) => number

/** A text broken into lines, at the size in points at which they fill their box. */
export interface Fitted {
  size: number
  lines: readonly string[]
}

/** What one line is high, as a multiple of its size. */
export const leading = 1.16

/**
 * Fits a text of any length into a box, never cutting it: on one line while that takes less than
 * `patience` off its size, else on as many lines, up to `lines`, as let it stay largest. Lines come out
 * as even as they can. A name of 200 characters gets small; a name of one character stays as designed.
 */
export function fit(
  text: string,
  box: { width: number; height: number },
  style: { size: number; least: number; lines: number; tracking: number },
  measure: Measure,
): Fitted {
  const patience = 0.62
  let best: Fitted | undefined
  for (let count = 1; count <= style.lines; count += 1) {
    const lines = breakEvenly(text, count, measure)
    const size = sizeOf(lines, box, style, measure)
    if (!best || size > best.size) best = { size, lines }
    if (best.size >= style.size * patience) break
  }
  return best ?? { size: style.size, lines: [text] }
}

function sizeOf(
  lines: readonly string[],
  box: { width: number; height: number },
  style: { size: number; tracking: number },
  measure: Measure,
): number {
  const widths = lines.map((line) => {
    const spaced = style.tracking * Math.max(Array.from(line).length - 1, 0)
    const width = measure(line)
    return width === 0 ? style.size : (box.width - spaced) / width
  })
  const high = lines.length === 1 ? style.size : box.height / (lines.length * leading)
  // Sizes are kept to a tenth of a point, so that equal names give equal bytes on every machine.
  return Math.max(1, Math.floor(Math.min(style.size, high, ...widths) * 10) / 10)
}

/** Breaks a text into at most `count` lines so that the longest is as short as possible. */
function breakEvenly(text: string, count: number, measure: Measure): readonly string[] {
  if (count === 1) return [text]
  const even = measure(text) / count
  const pieces = piecesOf(text, measure, even * 1.25, even / 12)
  let low = measure(text) / count
  let high = measure(text)
  let best: readonly string[] = [text]
  for (let round = 0; round < 18; round += 1) {
    const width = (low + high) / 2
    const lines = greedily(pieces, width, measure)
    if (lines.length <= count) {
      best = lines
      high = width
    } else {
      low = width
    }
  }
  return best
}

/** What may stand alone on a line: words, parts of double-barrelled names, stretches of a word too long. */
function piecesOf(text: string, measure: Measure, longest: number, part: number): string[] {
  const words = text.match(/[^\s-]+-?\s*|-\s*/gu) ?? [text]
  return words.flatMap((word) => (measure(word) <= longest ? [word] : chop(word, measure, part)))
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

function chop(word: string, measure: Measure, limit: number): string[] {
  const parts: string[] = []
  let part = ''
  for (const { segment } of graphemes.segment(word)) {
    if (part !== '' && measure(part + segment) > limit) {
      parts.push(part)
      part = ''
    }
    part += segment
  }
  return part === '' ? parts : [...parts, part]
}

function greedily(pieces: readonly string[], width: number, measure: Measure): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    if (line !== '' && measure((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += piece
  }
  return [...lines, line.trimEnd()]
}
