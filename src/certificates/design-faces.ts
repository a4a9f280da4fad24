import type { Font } from 'fontkit'
import { charactersMissing } from './characters.js'
import { stylesOf, type TypeStyle } from './design.js'
import type { Design } from './design-files.js'

/** The face a text is drawn with: the first of its style that has every letter; else the first. */
export function faceFor(text: string, style: TypeStyle, design: Design): Chosen {
  const names = [style.font, ...style.instead]
  const chosen = names.flatMap((name) => {
    const face = design.faces.get(name)
    return face ? [{ name, face, missing: charactersMissing(text, face) }] : []
  })
  const [first] = chosen
  if (!first) throw new RangeError(`no font ${style.font}`)
  return chosen.find(({ missing }) => missing.length === 0) ?? first
}

interface Chosen {
  name: string
  face: Font
  missing: readonly string[]
}

/**
 * The letters of a name that no certificate in this design can show. Empty when all is well; else the
 * certificate is refused by naming them, and the completion stands.
 */
export function unsupportedCharacters(name: string, design: Design): readonly string[] {
  const styles = design.file.layout
    .filter((block) => block.draw === 'text' && block.text === 'holder')
    .flatMap((block) => stylesOf(block))
  return [...new Set(styles.flatMap((style) => faceFor(name, style, design).missing))]
}
