import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { load as loadHtml } from 'cheerio'
import { parse } from 'yaml'
import { z } from 'zod'
import { languages } from '../../src/language.js'
import { loadCatalogue } from '../../src/courses/courses.js'
import {
  courseSchema,
  moduleSchema,
  questionsSchema,
  scenarioSchema,
} from '../../src/courses/schema.js'

const root = 'courses/test-course'
const course = loadCatalogue('courses').courses.get('test-course')!

/** The part of JSON Schema that the schemas of courses become. */
interface Shape {
  properties?: Readonly<Record<string, Shape>>
  additionalProperties?: Shape | boolean
  items?: Shape
  anyOf?: readonly Shape[]
  oneOf?: readonly Shape[]
  enum?: readonly string[]
  const?: unknown
}

const shapeOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape

/** Every field that may be written, and every word where one of several is chosen, by its place. */
function* knownIn(shape: Shape, at: string): Generator<string> {
  for (const [name, inner] of Object.entries(shape.properties ?? {})) {
    yield `${at}.${name}`
    yield* knownIn(inner, `${at}.${name}`)
  }
  if (typeof shape.additionalProperties === 'object')
    yield* knownIn(shape.additionalProperties, `${at}.*`)
  if (shape.items) yield* knownIn(shape.items, `${at}[]`)
  for (const choice of [...(shape.anyOf ?? []), ...(shape.oneOf ?? [])]) yield* knownIn(choice, at)
  for (const word of shape.enum ?? []) yield `${at} = ${word}`
  if (typeof shape.const === 'string') yield `${at} = ${shape.const}`
}

/** The same places, as a file uses them. */
function* usedIn(value: unknown, shape: Shape, at: string): Generator<string> {
  for (const choice of [...(shape.anyOf ?? []), ...(shape.oneOf ?? [])])
    yield* usedIn(value, choice, at)
  if (Array.isArray(value)) {
    for (const one of value) if (shape.items) yield* usedIn(one, shape.items, `${at}[]`)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      const known = shape.properties?.[name]
      if (known) {
        yield `${at}.${name}`
        yield* usedIn(inner, known, `${at}.${name}`)
      } else if (typeof shape.additionalProperties === 'object') {
        yield* usedIn(inner, shape.additionalProperties, `${at}.*`)
      }
    }
  } else if (shape.enum?.includes(String(value)) || shape.const === value) {
    yield `${at} = ${String(value)}`
  }
}

const filesIn = (ending: RegExp): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => ending.test(path))

/** What one course can say only once: of these words it uses one, and others another. */
const once = new Set([
  // A course that has been retired is taught to nobody; `lords-first-course` has this field.
  'course.retired-on',
  // Attended in part counts in one delivery and never in the other, so both are seen.
  'course.deliveries.face-to-face.part-counts-from',
  'course.change = must-retake',
  'course.review.specialist.state = not-yet',
  'course.review.welsh.state = reviewed',
  'course.review.welsh.by',
  'course.review.welsh.on',
])

describe('test-course, which uses every feature of course files', () => {
  const files: readonly [name: string, schema: z.ZodType, ending: RegExp][] = [
    ['course', courseSchema, /^course\.yaml$/],
    ['module', moduleSchema, /module\.yaml$/],
    ['questions', questionsSchema, /questions\.yaml$/],
    ['scenario', scenarioSchema, /scenarios\/[^/]+\.yaml$/],
  ]
  for (const [name, schema, ending] of files) {
    it(`writes every field and every word that the schema knows: ${name}`, () => {
      const shape = shapeOf(schema)
      const known = new Set(knownIn(shape, name))
      expect(known.size).to.be.greaterThan(10)
      const used = new Set(
        filesIn(ending).flatMap((path) => [
          ...usedIn(parse(readFileSync(join(root, path), 'utf8')), shape, name),
        ]),
      )
      const unused = [...known].filter((place) => !used.has(place) && !once.has(place))
      // Whom something is for is one list of names wherever it stands; `course.audiences` has them all.
      expect(unused.filter((place) => !place.includes('.for[] = '))).to.deep.equal([])
    })
  }

  it('has only those words left unused that one course cannot say at the same time', () => {
    const known = new Set(knownIn(shapeOf(courseSchema), 'course'))
    expect([...once].filter((place) => !known.has(place))).to.deep.equal([])
  })

  for (const language of languages) {
    it(`shows everything a page can hold, in ${language}`, () => {
      const $ = loadHtml(
        Object.values(course.pages)
          .flatMap((page) => page.parts[language].map((part) => part.html))
          .join(''),
      )
      const boxes = ['note', 'definition', 'example', 'law', 'pause', 'quote', 'more', 'table']
      const contacts = ['helpline', 'adviser', 'police', 'safeguarding', 'wellbeing']
      const expected = [
        ...boxes.map((box) => `.course-${box}`),
        ...contacts.map((contact) => `a[href="/support#${contact}"]`),
        ...['png', 'jpg', 'webp', 'svg'].map((kind) => `img[src$=".${kind}"][alt]`),
        ...['em', 'strong', 'h2', 'ul > li', 'ol > li', 'a[href^="https:"]', 'summary'],
        'details ul',
      ]
      expect(expected.filter((selector) => $(selector).length === 0)).to.deep.equal([])
      expect($.text()).to.include(loadHtml(course.texts['behaviour-code']!.html[language]).text())
    })
  }

  it('asks of every audience, and of young and grown people, what it asks of no other', () => {
    expect(new Set(course.steps.flatMap((step) => step.age ?? []))).to.have.lengthOf(2)
    const standIns = course.steps.filter((step) => step.standsFor !== undefined)
    const kinds = standIns.map(
      ({ standsFor }) => course.steps.find((step) => step.id === standsFor)?.kind,
    )
    expect(new Set(kinds)).to.deep.equal(new Set(['page', 'scenario']))
    const varied = Object.values(course.pages).flatMap((page) => page.parts.en)
    expect(varied.some((part) => part.for?.length === 1)).to.equal(true)
    expect(course.plan).not.to.equal(undefined)
  })
})
