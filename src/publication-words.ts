import type { Language, Words } from './language.js'
import type { PublicationRules } from './publication/publication.js'

const defined = ['complete', 'incomplete', 'excused', 'staff', 'notice', 'signed']

/** What the public register says of its own words, in both languages. */
export const definitionsIn = (words: Words) => (rules: PublicationRules) => {
  const define = (language: Language): string[] =>
    defined.map((key) =>
      words.say(language, {
        key: `publication.define.${key}`,
        with: { least: rules.least, days: rules.noticeDays },
      }),
    )
  return { en: define('en'), cy: define('cy') }
}
