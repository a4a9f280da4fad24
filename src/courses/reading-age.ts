import { syllable } from 'syllable'

/** Fewer words than this say nothing reliable about how hard a text is to read. */
const fewest = 80

/** The words of rendered HTML, each block of it ending as a sentence does. */
export const wordsOf = (html: string): string =>
  html
    .replace(/<\/(p|li|h\d|td|th|summary|blockquote|div)>/g, '. ')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll(/&[a-z]+;/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

export const countWords = (text: string): number =>
  text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0

/**
 * The age at which somebody at school in Britain reads an English text with ease: the
 * Flesch-Kincaid grade (Kincaid and others, 1975) plus five years. Nothing for a short text.
 */
export function readingAge(text: string): number | undefined {
  const words = text.match(/[A-Za-z][A-Za-z'’-]*/g) ?? []
  if (words.length < fewest) return undefined
  const sentences = text.split(/[.!?]+(?=\s|$)/).filter((one) => /[A-Za-z]/.test(one)).length
  const syllables = words.reduce((sum, word) => sum + Math.max(1, syllable(word)), 0)
  const grade = 0.39 * (words.length / sentences) + 11.8 * (syllables / words.length) - 15.59
  return Math.round((grade + 5) * 10) / 10
}
