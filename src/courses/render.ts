import type { Bilingual, Language } from '../language.js'
import type { CourseImage, Html } from './course.js'
import { imageIn } from './images.js'
import { renderBlock, renderInline, type FirstLine, type Place } from './markdown.js'
import type { Source } from './source.js'

/** What rendering needs to know of a course: its pages' addresses, and where images are put. */
export interface Studio {
  source: Source
  /** `<module>#<page>` of every page. */
  addresses: ReadonlySet<string>
  images: Map<string, CourseImage>
  /** Filled with the name of each institution's text that is quoted. */
  quoted: Set<string>
}

/** What the texts of one file in one language may point to. */
export function placeOf(
  studio: Studio,
  file: string,
  language: Language,
  module?: { id: string; folder: string },
): Place {
  const { source, addresses, images, quoted } = studio
  const folder = module?.folder ?? file.slice(0, file.lastIndexOf('/'))
  return {
    file,
    language,
    report: source.report,
    addressOf(link) {
      const [to = '', page = ''] = link.split('#')
      const target = to === '' ? (module?.id ?? '') : to
      if (!addresses.has(`${target}#${page}`)) return undefined
      return `/training/${source.course}/${target}/${page}`
    },
    imageOf: imageIn(source.files, folder, images, { file, report: source.report }),
    quote(name) {
      quoted.add(name)
      return source.texts.get(name)?.html[language]
    },
  }
}

/** Renders the two-language texts of one YAML file, each with its line for faults. */
export function rendererFor(
  studio: Studio,
  parsed: { file: string; lineOf: (path: readonly PropertyKey[]) => number },
  module: { id: string; folder: string },
) {
  const en = placeOf(studio, parsed.file, 'en', module)
  const cy = placeOf(studio, parsed.file, 'cy', module)
  const both =
    (render: (text: string, place: Place, first: FirstLine) => string) =>
    (text: Bilingual, path: readonly PropertyKey[]): Html => ({
      en: render(text.en, en, () => parsed.lineOf([...path, 'en'])),
      cy: render(text.cy, cy, () => parsed.lineOf([...path, 'cy'])),
    })
  return { block: both(renderBlock), inline: both(renderInline) }
}

export type Renderer = ReturnType<typeof rendererFor>
