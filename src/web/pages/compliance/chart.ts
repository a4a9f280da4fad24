import { writeNumber } from '../../../language.js'

/** A line or a row of bars: one value for each label, or none where nothing is known. */
interface Series {
  name: string
  values: readonly (number | undefined)[]
}

export interface Picture {
  /** What the picture shows, for whoever hears it. */
  title: string
  labels: readonly string[]
  series: readonly Series[]
  /** The highest value there can be. */
  most: number
  /** A level to reach, drawn across. */
  target?: { name: string; value: number }
  unit: string
  draw: 'lines' | 'bars'
}

const width = 860
const height = 320
const left = 56
const right = 16
const top = 28
const bottom = 64
// Told apart by dash and marker as well as by colour, each 4.5:1 on white.
const strokes = ['#006548', '#8a1538', '#33475b', '#594d00'] as const
const dashes = ['', '8 4', '2 3', '10 3 2 3'] as const

const text = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const round = (value: number): number => Math.round(value * 10) / 10

// Between the lines of a scale: whole numbers that are easy to count by.
const counts = [1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50]

/** How much lies between two of the five lines of a scale that reaches at least so high. */
function stepOf(most: number): number {
  for (let times = 1; ; times *= 10) {
    const step = counts.find((count) => count * times * 4 >= most)
    if (step !== undefined) return step * times
  }
}

/**
 * Draws a picture as SVG. It says its title to whoever hears it; the numbers stand in the table that
 * belongs beside it, so nothing in it is focusable or read out piece by piece.
 */
export function drawPicture(picture: Picture): string {
  const { labels, series, target, unit, draw } = picture
  const apart = stepOf(picture.most)
  const inner = { width: width - left - right, height: height - top - bottom }
  const step = inner.width / Math.max(1, draw === 'bars' ? labels.length : labels.length - 1)
  const x = (at: number) => round(left + step * (draw === 'bars' ? at + 0.5 : at))
  const y = (value: number) => round(top + inner.height * (1 - value / (apart * 4)))
  const parts: string[] = []
  for (let line = 0; line <= 4; line++) {
    const value = apart * line
    parts.push(
      `<line x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}" stroke="#c9ced6"/>`,
      `<text x="${left - 8}" y="${y(value) + 5}" text-anchor="end">${writeNumber(value)}${text(unit)}</text>`,
    )
  }
  const every = Math.ceil(labels.length / 5)
  labels.forEach((label, at) => {
    if (at % every !== 0) return
    const last = at + every >= labels.length && at > 0
    const anchor = at === 0 && draw === 'lines' ? 'start' : last ? 'end' : 'middle'
    parts.push(
      `<text x="${last ? Math.min(x(at) + 50, width - right) : x(at)}" y="${height - bottom + 22}" text-anchor="${anchor}">${text(label)}</text>`,
    )
  })
  series.forEach(({ name, values }, index) => {
    const stroke = strokes[index % strokes.length] ?? '#0b0c0c'
    const dash = dashes[index % dashes.length] ?? ''
    if (draw === 'bars') {
      const bar = (step * 0.8) / series.length
      values.forEach((value, at) => {
        if (value === undefined) return
        const from = round(x(at) - step * 0.4 + bar * index)
        parts.push(
          `<rect x="${from}" y="${y(value)}" width="${round(bar)}" height="${round(y(0) - y(value))}" fill="${stroke}"/>`,
        )
      })
    } else {
      const points = values.flatMap((value, at) =>
        value === undefined ? [] : [`${x(at)},${y(value)}`],
      )
      parts.push(
        `<polyline fill="none" stroke="${stroke}" stroke-width="3" stroke-dasharray="${dash}" points="${points.join(' ')}"/>`,
      )
    }
    const key = left + index * 190
    parts.push(
      `<line x1="${key}" x2="${key + 30}" y1="${height - 14}" y2="${height - 14}" stroke="${stroke}" stroke-width="${draw === 'bars' ? 10 : 3}" stroke-dasharray="${draw === 'bars' ? '' : dash}"/>`,
      `<text x="${key + 38}" y="${height - 9}">${text(name)}</text>`,
    )
  })
  if (target) {
    parts.push(
      `<line x1="${left}" x2="${width - right}" y1="${y(target.value)}" y2="${y(target.value)}" stroke="#0b0c0c" stroke-width="1.5" stroke-dasharray="4 4"/>`,
      `<text x="${width - right}" y="${y(target.value) - 6}" text-anchor="end">${text(target.name)}</text>`,
    )
  }
  return `<svg class="gs-chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${text(picture.title).replaceAll('"', '&quot;')}" xmlns="http://www.w3.org/2000/svg" font-family="'Source Sans 3', Arial, sans-serif" font-size="15" fill="#0b0c0c">${parts.join('')}</svg>`
}
