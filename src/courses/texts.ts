import type { InstitutionText } from './course.js'
import type { Report } from './fault.js'
import type { Files } from './folder.js'
import { sha256 } from './hash.js'
import { renderBlock, type Place } from './markdown.js'
import { parseYaml } from './parse.js'
import { textSchema } from './schema.js'

/** The institution's own words, by name, and the files they stand in. */
export interface Texts {
  made: ReadonlyMap<string, InstitutionText>
  files: Files
}

/** Reads `texts/<name>.yaml`. A text that cannot be read is said, and courses that quote it are withheld. */
export function readTexts(files: Files, report: Report): Texts {
  const made = new Map<string, InstitutionText>()
  for (const [path, bytes] of files) {
    const parsed = parseYaml(path, bytes, textSchema, report)
    if (!parsed) continue
    const name = path.slice('texts/'.length, -'.yaml'.length)
    const { title, source, text } = parsed.value
    const render = (language: 'en' | 'cy'): string =>
      renderBlock(text[language], { ...nowhere, file: path, language, report }, () =>
        parsed.lineOf(['text', language]),
      )
    made.set(name, {
      name,
      title,
      source,
      html: { en: render('en'), cy: render('cy') },
      hash: { en: sha256(text.en.trim()), cy: sha256(text.cy.trim()) },
    })
  }
  return { made, files }
}

/** A text stands alone: it points to no page and shows no image. */
const nowhere: Pick<Place, 'addressOf' | 'imageOf' | 'quote'> = {
  addressOf: () => undefined,
  imageOf: () => undefined,
  quote: () => undefined,
}
