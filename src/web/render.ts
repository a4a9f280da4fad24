import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Handlebars, { type HelperOptions } from 'handlebars'
import nunjucks from 'nunjucks'
import { dayOf, type Day } from '../clock.js'
import type { Fault } from '../errors.js'
import {
  writeDay,
  writeList,
  writeNumber,
  writeShortDay,
  writeTime,
  type Bilingual,
  type Language,
  type Sentence,
  type Words,
} from '../language.js'

/** What every page needs besides its own model. */
export interface PageContext {
  language: Language
  title: Sentence
  nonce: string
  csrf: string
  /** The address asked for, query and all, to come back to. */
  address: string
  navigation: readonly object[]
  /** What they have asked pages to look like. */
  display?: readonly string[]
  signedIn?: { name: string | undefined } | undefined
}

export interface Renderer {
  /** A template of the views folder as HTML, inside its layout, with what it shows. */
  render(template: string, model: object, context: PageContext): string
}

const govukRoot = fileURLToPath(new URL('..', import.meta.resolve('govuk-frontend')))

/** GOV.UK Frontend's own templates, rendered by the engine they are written for. */
function createGovuk(): (component: string, params: object) => string {
  // Without these two, white space costs time and differs from GOV.UK's own fixtures.
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(govukRoot), {
    autoescape: true,
    trimBlocks: true,
    lstripBlocks: true,
  })
  const compiled = new Map<string, nunjucks.Template>()
  const compile = (component: string): nunjucks.Template => {
    const macro = `govuk-${component}`.replace(/-([a-z])/g, (_, letter: string) =>
      letter.toUpperCase(),
    )
    const source = `{% from "govuk/components/${component}/macro.njk" import ${macro} %}{{ ${macro}(params) }}`
    return nunjucks.compile(source, environment)
  }
  return (component, params) => {
    const template = compiled.get(component) ?? compile(component)
    compiled.set(component, template)
    return template.render({ params })
  }
}

/** Whatever a form with this field was refused for; stands beside the field as well as above the page. */
const wrong = (field: unknown, options: HelperOptions): Sentence | undefined => {
  const { faults = [] } = (options.data as { root: { faults?: readonly Fault[] } }).root
  return faults.find((fault) => fault.field !== undefined && fault.field === field)?.say
}

/** The components that say what is wrong with them, by the id that a fault names. */
const fields = new Set(['input', 'textarea', 'select', 'file-upload', 'radios', 'checkboxes'])

const named = ({ hash }: HelperOptions): Record<string, never> => hash as Record<string, never>

/** Templates of the views folder in their layout: each is compiled once, when it is first drawn. */
export function createRenderer(viewsDir: string, words: Words): Renderer {
  const govuk = createGovuk()
  const languageOf = (options: HelperOptions): Language =>
    (options.data as { root: PageContext }).root.language
  const safe = (html: string) => new Handlebars.SafeString(html)
  const helpers: Record<string, Handlebars.HelperDelegate> = {
    /** {{t "key" name=value}}: a text in the reader's language. */
    t: (key: string, options: HelperOptions) =>
      words.say(languageOf(options), { key, with: named(options) }),
    /** {{say sentence}}: a sentence that a rule of the field has made, `in` another language where asked. */
    say: (sentence: Sentence, options: HelperOptions) => {
      const { in: language = languageOf(options) } = options.hash as { in?: Language }
      return words.say(language, sentence)
    },
    either: (text: Bilingual, options: HelperOptions) => text[languageOf(options)],
    day: (value: Day, options: HelperOptions) => writeDay(languageOf(options), value),
    dayAt: (value: Date, options: HelperOptions) => writeDay(languageOf(options), dayOf(value)),
    shortDay: (value: Day, options: HelperOptions) => writeShortDay(languageOf(options), value),
    time: (value: Date, options: HelperOptions) => writeTime(languageOf(options), value),
    /** {{amount count}}: how many, beside sentences; what is no number, such as a dash, as it is. */
    amount: (value: unknown) => (typeof value === 'number' ? writeNumber(value) : value),
    join: (values: string[], options: HelperOptions) => writeList(languageOf(options), values),
    /** {{govuk "button" text=(t "save")}}: a component of GOV.UK Frontend. */
    govuk: (component: string, options: HelperOptions) => {
      const params = named(options)
      const field = 'idPrefix' in params ? params['idPrefix'] : params['id']
      const say = fields.has(component) ? wrong(field, options) : undefined
      if (!say || 'errorMessage' in params) return safe(govuk(component, params))
      const language = languageOf(options)
      const prefix = words.say(language, { key: 'page.error-prefix' }).replace(/:$/, '')
      const errorMessage = { text: words.say(language, say), visuallyHiddenText: prefix }
      return safe(govuk(component, { ...params, errorMessage }))
    },
    /** {{#back-to}}/address{{/back-to}}: where the link before the page's own content leads. */
    'back-to'(this: object, options: HelperOptions) {
      const { before } = (options.data as { root: { before: { back?: string } } }).root
      before.back = options.fn(this)
      return ''
    },
    /** {{#the-page}}…{{/the-page}}: what a page says, for the layout that follows it. */
    'the-page'(this: object, options: HelperOptions) {
      const { root } = options.data as { root: { body: string } }
      root.body = options.fn(this)
      return ''
    },
    /** {{#if (wrong "field")}}: the sentence that says what is wrong with a field. */
    wrong,
    object: (options: HelperOptions) => named(options),
    list: (...values: unknown[]) => values.slice(0, -1),
    concat: (...values: unknown[]) => values.slice(0, -1).join(''),
    is: (one: unknown, other: unknown) => one === other,
    or: (one: unknown, other: unknown) => one ?? other,
    /** {{has list value}}: whether a value is in a list. */
    has: (values: unknown, one: unknown) => Array.isArray(values) && values.includes(one),
    json: (value: unknown) => safe(JSON.stringify(value).replaceAll('<', '\\u003c')),
  }

  // A name that is none of these is a value: nothing is looked for among helpers while a page is drawn.
  const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]))
  const files = readdirSync(join(viewsDir, 'partials'), { recursive: true, encoding: 'utf8' })
  const partials = files.flatMap((file) => /^(.*)\.hbs$/.exec(file)?.[1] ?? [])

  /** The templates as one language has them: a text that takes nothing in stands there in words. */
  function templatesIn(language: Language): (name: string) => HandlebarsTemplateDelegate {
    const handlebars = Handlebars.create()
    handlebars.registerHelper(helpers)
    const sourceOf = (name: string): string =>
      readFileSync(join(viewsDir, `${name}.hbs`), 'utf8')
        .replaceAll(/\{\{> ([\w/-]+)\}\}/g, (_, partial: string) =>
          sourceOf(`partials/${partial}`).trimEnd(),
        )
        .replaceAll(/\{\{t "([\w.-]+)"\}\}/g, (_, key: string) =>
          Handlebars.escapeExpression(words.say(language, { key })),
        )
    const compiled = (source: string): HandlebarsTemplateDelegate =>
      handlebars.compile(source, { knownHelpers, knownHelpersOnly: true })
    for (const name of partials)
      handlebars.registerPartial(name, compiled(sourceOf(`partials/${name}`)))
    handlebars.registerPartial('layout', compiled(sourceOf('layouts/main')))
    const templates = new Map<string, HandlebarsTemplateDelegate>()
    return (name) => {
      const template =
        templates.get(name) ?? compiled(`{{#the-page}}\n${sourceOf(name)}{{/the-page}}{{> layout}}`)
      templates.set(name, template)
      return template
    }
  }
  const inLanguage = new Map<Language, ReturnType<typeof templatesIn>>()

  return {
    render(name, model, context) {
      const { language } = context
      const template = inLanguage.get(language) ?? templatesIn(language)
      inLanguage.set(language, template)
      // Names first, what is taken over last: the other way about V8 makes each name anew.
      return template(name)({ before: {}, body: '', ...model, ...context })
    },
  }
}
