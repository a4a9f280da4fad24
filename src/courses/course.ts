import type { Bilingual } from '../language.js'

/** Whom a page, scene or question is written for (domain, section 2; issue *Courses*, variants). */
export const audiences = ['mp', 'peer', 'manager', 'staff', 'constituency', 'contractor'] as const
export type Audience = (typeof audiences)[number]

/** Remote never counts as face-to-face unless a rule or outcome says so (domain, section 2). */
export const deliveries = ['online', 'remote', 'face-to-face'] as const
export type Delivery = (typeof deliveries)[number]

/** Safe HTML in both languages, made from the author's Markdown when the course was read. */
export type Html = Bilingual

/** A text that reads differently for some audiences; the one without `for` is everybody else's. */
interface Varied {
  for?: readonly Audience[]
  html: Html
}

/** One stretch of a page, shown to everybody or only to the audiences named. */
export interface PagePart {
  for?: readonly Audience[]
  html: string
}

export interface Page {
  id: string
  title: Bilingual
  parts: Readonly<Record<'en' | 'cy', readonly PagePart[]>>
}

export type StepKind = 'page' | 'check' | 'scenario' | 'acknowledgement' | 'pre-test' | 'assessment'

/**
 * One thing to do. The id (`<module>/<name>`) is the tail of its address and never depends on the
 * order of modules; `hash` is of exactly what is shown, so that what was done in one version counts
 * in the next wherever nothing changed.
 */
export interface Step {
  id: string
  kind: StepKind
  module: string
  /** The page, question, scenario or text that the step shows; `all` for tests. */
  of: string
  hash: string
  for?: readonly Audience[]
  age?: 'under-18' | 'adult'
  optional?: true
  /** Stays even where a passed pre-test shortens the module. */
  always?: true
  /** Said before a scene that may distress; the reader may take `standIn` instead. */
  contentNote?: Html
  /** The step that takes this one's place without distressing scenes, or the one it stands in for. */
  standIn?: string
  standsFor?: string
}

export interface Option {
  id: string
  text: Html
  feedback: Html
}

/** `best` and `reasonable` responses are right; the feedback says why the best one is better. */
export type Judgement = 'best' | 'reasonable' | 'poor' | 'harmful'

interface Asked {
  id: string
  hash: string
  module: string
  objective: string
  for?: readonly Audience[]
  prompt: Html
}

export type Question =
  | (Asked & { kind: 'single' | 'multiple'; options: readonly Option[]; right: readonly string[] })
  | (Asked & {
      kind: 'judgement'
      options: readonly Option[]
      judgements: Readonly<Record<string, Judgement>>
    })
  | (Asked & {
      kind: 'true-false'
      truth: boolean
      verdicts: Readonly<Record<'true' | 'false', Html>>
      reasons: readonly Option[]
      rightReason: string
    })
  | (Asked & { kind: 'ordering'; items: readonly Option[] })

export interface Choice {
  id: string
  to: string
  for?: readonly Audience[]
  text: Html
}

type EndingKind = 'good' | 'mixed' | 'hard'

/** One moment of a scenario: either choices, or an ending with what can be learnt from it. */
export interface Scene {
  id: string
  texts: readonly Varied[]
  choices: readonly Choice[]
  ending?: { kind: EndingKind; debrief: Html }
}

export interface Scenario {
  id: string
  hash: string
  module: string
  title: Bilingual
  start: string
  scenes: Readonly<Record<string, Scene>>
}

/** A text that belongs to the institution and is quoted exactly, such as the Behaviour Code. */
export interface InstitutionText {
  name: string
  title: Bilingual
  source: string
  html: Html
  /** Of the exact words in each language: what an acknowledgement signs for. */
  hash: Readonly<Record<'en' | 'cy', string>>
}

export interface Objective {
  id: string
  title: Bilingual
  /** How many questions a form asks, and how many of them must be right. */
  draw: number
  pass: number
}

export interface DeliveryTerms {
  delivery: Delivery
  /** Estimated for online, planned for the other two. Never a gate. */
  minutes: number
  /** From how many minutes `part` attendance completes the course; never, where absent. */
  partCountsFrom?: number
}

export interface Module {
  id: string
  title: Bilingual
  minutes: number
  objectives: readonly string[]
}

export interface Review {
  specialist: { state: 'not-yet' } | { state: 'reviewed'; by: string; on: string }
  welsh: { state: 'draft' } | { state: 'reviewed'; by: string; on: string }
}

/**
 * One version of a course as it is taught: plain data that can be stored by its hash and served
 * long after the files have changed. Nothing in it is ever edited.
 */
export interface CourseVersion {
  course: string
  /** SHA-256 over the files that make the version, hexadecimal. */
  hash: string
  /** What people read: "2026.1". */
  label: string
  /** Whether the change since the version before asks people to take the course again. */
  change: 'minor' | 'must-retake'
  title: Bilingual
  summary: Bilingual
  /** The day after which the course is no longer taught, `YYYY-MM-DD`; its completions stand. */
  retiredOn?: string
  /** Offered to nobody who is not asked for it: a course for trying things out. */
  unlisted?: true
  audiences: readonly Audience[]
  deliveries: readonly DeliveryTerms[]
  /** What a trainer must hold to deliver it, such as `sexual-violence`. */
  accreditations: readonly string[]
  objectives: readonly Objective[]
  /** Questions per objective in the test that may shorten the course. */
  preTest?: { draw: number }
  modules: readonly Module[]
  steps: readonly Step[]
  pages: Readonly<Record<string, Page>>
  questions: Readonly<Record<string, Question>>
  scenarios: Readonly<Record<string, Scenario>>
  texts: Readonly<Record<string, InstitutionText>>
  /** The session plan for trainers, where the course is given live. */
  plan?: Html
  review: Review
}

/** An image of a course, kept by the hash of its bytes. */
export interface CourseImage {
  hash: string
  type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/svg+xml'
  bytes: Uint8Array
}
