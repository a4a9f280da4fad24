import type { Font } from 'fontkit'

/** What of a parsed face tells whether it can show a text. */
export type Face = Pick<Font, 'hasGlyphForCodePoint' | 'layout'>

// Written from right to left, or reordering what stands around them: drawing does not do this, so that
// a name in them would come out wrong without anybody noticing. They are refused by name instead.
const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Mandaic}\p{Script=Samaritan}\p{Script=Hanifi_Rohingya}]/u
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u
const shown = /[\p{L}\p{N}\p{P}\p{S}]/u

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** A name as it is compared: letters with their marks composed, white space single. */
export const asWritten = (text: string): string =>
  text.normalize('NFC').replace(/\s+/gu, ' ').trim()

const hasAll = (text: string, face: Face): boolean =>
  Array.from(text).every((character) => face.hasGlyphForCodePoint(character.codePointAt(0) ?? 0))

/**
 * One letter with its marks as this face can show it: composed, or as letter and marks apart. Nothing
 * where it cannot: no glyph (emoji among them), right-to-left writing, an invisible character that
 * changes what surrounds it, or a mark that the face does not know how to place.
 */
function asShown(letter: string, face: Face): string | undefined {
  if (rightToLeft.test(letter) || invisible.test(letter)) return undefined
  const form = [letter, letter.normalize('NFD')].find((text) => hasAll(text, face))
  // Most letters are one character, and a face that has it can draw it; only marks must be tried.
  if (form === undefined || form.length === 1) return form
  try {
    face.layout(form)
    return form
  } catch {
    return undefined
  }
}

// Latin letters, composed, and common signs: each is a letter of its own and needs no trial.
const latin = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u024f\u2010-\u2015\u2018-\u2022]*$/

const isPlain = (text: string, face: Face): boolean => latin.test(text) && hasAll(text, face)

/** A text as this face draws it; letters it cannot show stay as they are. */
export const asDrawn = (text: string, face: Face): string =>
  isPlain(text, face)
    ? text
    : Array.from(graphemes.segment(text), ({ segment }) => asShown(segment, face) ?? segment).join(
        '',
      )

/**
 * The letters of a text that a face cannot show rightly, each once, in order. Issuing is refused by
 * naming these; the completion stands (issue 7, *Bad input*).
 */
export function charactersMissing(text: string, face: Face): string[] {
  if (isPlain(text, face)) return []
  const letters = [...graphemes.segment(asWritten(text))].map(({ segment }) => segment)
  return [...new Set(letters)].filter((letter) => asShown(letter, face) === undefined)
}

const number = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** Letters as people can find them again: `😀 (U+1F600)`; the numbers alone for what cannot be seen. */
export const nameCharacters = (letters: readonly string[]): string =>
  letters
    .map((letter) => {
      const numbers = Array.from(letter, number).join(' ')
      return shown.test(letter) && !rightToLeft.test(letter) ? `${letter} (${numbers})` : numbers
    })
    .join(', ')
