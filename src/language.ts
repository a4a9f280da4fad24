import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { merge } from 'es-toolkit'
import { createInstance } from 'i18next'
import { CORE_SCHEMA, load } from 'js-yaml'
import type { Day } from './clock.js'

export const languages = ['en', 'cy'] as const
export type Language = (typeof languages)[number]

/** A text that exists in both languages, such as a course's title. */
export type Bilingual = Readonly<Record<Language, string>>

/**
 * What a sentence is filled in with. A number is how many there are, and written so; one that only
 * names something, such as a line of a file, stands as `{{line, bare}}`. A `Day` is written out by
 * `{{name, day}}`, or without its weekday by `{{name, short}}`.
 */
export type Params = Readonly<Record<string, string | number | Bilingual>>

/** Something to be said, in whichever language the reader has: a key of `views/text` and what fills it. */
export interface Sentence {
  key: string
  with?: Params
}

/** The texts of the interface in every language, read once from files at start. */
export interface Words {
  /** A sentence in words, its dates and numbers written as the language writes them. */
  say(language: Language, sentence: Sentence): string
  /** Whether there is a text under a key. */
  has(key: string): boolean
}

const locales = { en: 'en-GB', cy: 'cy' } as const

const format = (options: Intl.DateTimeFormatOptions): Record<Language, Intl.DateTimeFormat> => ({
  en: new Intl.DateTimeFormat(locales.en, options),
  cy: new Intl.DateTimeFormat(locales.cy, options),
})
const fullDate = format({ timeZone: 'UTC', dateStyle: 'full' })
const longDate = format({ timeZone: 'UTC', dateStyle: 'long' })
const shortTime = format({ timeZone: 'Europe/London', timeStyle: 'short' })

/**
 * "Tuesday 1 April 2025", "dydd Mawrth 1 Ebrill 2025": dates are written one way everywhere
 * (interaction, detail 4), and stand within sentences, where Welsh begins a day's name small.
 */
export const writeDay = (language: Language, value: Day): string =>
  fullDate[language]
    .format(new Date(value))
    .replace(',', '')
    .replace(/^Dydd /, 'dydd ')

/** "1 April 2025", for tables where the weekday would be in the way. */
export const writeShortDay = (language: Language, value: Day): string =>
  longDate[language].format(new Date(value))

/** "14:02" in London. */
export const writeTime = (language: Language, value: Date): string =>
  shortTime[language].format(value)

const amount = new Intl.NumberFormat(locales.en)

/**
 * "9,400", "0.5": how many, as both languages write it. Not for what a number only names: a year, a
 * line of a file, a serial number.
 */
export const writeNumber = (value: number): string => amount.format(value)

/** "a, b and c"; in Welsh the last two are joined by "a", or by "ac" before a vowel. */
export function writeList(language: Language, values: readonly string[]): string {
  const last = values.at(-1) ?? ''
  if (values.length < 2) return last
  const and = language === 'en' ? 'and' : /^[aeiouwyâêîôûŵŷ]/i.test(last) ? 'ac' : 'a'
  return `${values.slice(0, -1).join(', ')} ${and} ${last}`
}

function readTexts(directory: string): Record<string, unknown> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.yaml'))
  const texts = files.reduce<Record<string, unknown>>((texts, name) => {
    const text = readFileSync(join(directory, name), 'utf8')
    return merge(texts, load(text, { schema: CORE_SCHEMA }) as object)
  }, {})
  // Typed straight, as a keyboard has it; shown as courses show it.
  const curled = (_name: string, value: unknown): unknown =>
    typeof value === 'string' ? value.replaceAll("'", '’') : value
  return JSON.parse(JSON.stringify(texts), curled) as Record<string, unknown>
}

/** How many sentences of a language are kept as they were put together. */
const remembered = 10_000

/**
 * Reads `<directory>/<language>/*.yaml`. A missing Welsh sentence falls back to English; a key that
 * exists nowhere throws, so that nobody ever reads a key for a sentence.
 */
export function loadWords(directory: string): Words {
  const i18n = createInstance()
  void i18n.init({
    resources: Object.fromEntries(
      languages.map((language) => [
        language,
        { translation: readTexts(join(directory, language)) },
      ]),
    ),
    lng: 'en',
    fallbackLng: 'en',
    supportedLngs: [...languages],
    // Nothing is escaped here: what is put into a text passes by, and numbers are written as they are read.
    interpolation: { useRawValueToEscape: true, escape: asRead },
    initAsync: false,
  })
  i18n.services.formatter?.add('day', (value: Day, tag) => writeDay(asLanguage(tag), value))
  i18n.services.formatter?.add('short', (value: Day, tag) => writeShortDay(asLanguage(tag), value))
  i18n.services.formatter?.add('bare', (value: string | number) => String(value))
  const translators = { en: i18n.getFixedT('en'), cy: i18n.getFixedT('cy') }
  const said = { en: new Map<string, string>(), cy: new Map<string, string>() }
  return {
    has: (key) => i18n.exists(key, { lng: 'en' }),
    say(language, sentence) {
      // The same few thousand sentences make up nearly every page: each is put together once.
      const name = nameOf(language, sentence)
      const known = name === undefined ? undefined : said[language].get(name)
      if (known !== undefined) return known
      const params = inLanguage(language, sentence.with)
      if (!i18n.exists(sentence.key, { lng: 'en', ...params })) {
        throw new RangeError(`no text for ${sentence.key}`)
      }
      const text = translators[language](sentence.key, params)
      if (name === undefined) return text
      if (said[language].size >= remembered) said[language].clear()
      said[language].set(name, text)
      return text
    },
  }
}

const asRead = (value: unknown): string =>
  typeof value === 'number' ? writeNumber(value) : String(value)

/** What a sentence is remembered by: nothing where it takes in more than numbers, days, times and titles. */
function nameOf(language: Language, { key, with: params }: Sentence): string | undefined {
  let name = key
  for (const [param, value] of Object.entries(params ?? {})) {
    const said = typeof value === 'object' ? value[language] : value
    if (typeof value === 'string' && !/^[0-9:-]*$/.test(value)) return undefined
    name += ` ${param}=${said}`
  }
  return name
}

const asLanguage = (tag: string | undefined): Language => (tag === 'cy' ? 'cy' : 'en')

function inLanguage(language: Language, params: Params = {}): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'object' ? value[language] : value,
    ]),
  )
}
