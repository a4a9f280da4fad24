import {
  bankOf,
  isFor,
  type Audience,
  type CourseVersion,
  type Question,
} from '../courses/courses.js'
import { seededRandom } from '../random.js'
import { remembering } from '../remembering.js'
import { optionsOf } from './marking.js'
import type { Learner } from './path.js'

/** One question put in a test, and the objective it is put for. */
export interface Asked {
  objective: string
  question: Question
}

/** What decides a form: the same four give the same form on every device, for ever. */
export interface Draw {
  /** The attempt's own seed, random when it began. */
  seed: string
  test: 'pre-test' | 'assessment'
  /** The first form of a test is 1. */
  form: number
  /** What has been asked before in this attempt, latest last. */
  before: readonly string[]
}

/** What was drawn of each version: a form never changes, and each page of a learner asks for theirs. */
const drawn = new WeakMap<CourseVersion, (asked: string) => readonly Asked[]>()

/**
 * Draws a form: so many questions for each objective from the bank, none that was asked before
 * while there are others, then those asked longest ago.
 */
export function drawForm(
  version: CourseVersion,
  learner: Pick<Learner, 'audience'>,
  objectives: readonly string[],
  draw: Draw,
): readonly Asked[] {
  const known = drawn.get(version) ?? remembering((asked) => drawAnew(version, ...parsed(asked)))
  drawn.set(version, known)
  return known(JSON.stringify([learner.audience, objectives, draw]))
}

const parsed = (asked: string) => JSON.parse(asked) as [Audience, readonly string[], Draw]

function drawAnew(
  version: CourseVersion,
  audience: Audience,
  objectives: readonly string[],
  draw: Draw,
): readonly Asked[] {
  const bank = bankOf(version).filter((question) => isFor(question, audience))
  return version.objectives
    .filter((objective) => objectives.includes(objective.id))
    .flatMap((objective) => {
      const count = draw.test === 'pre-test' ? (version.preTest?.draw ?? 0) : objective.draw
      const held = bank
        .filter((question) => question.objective === objective.id)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
      const seed = [draw.seed, draw.test, draw.form, objective.id].join('/')
      const age = (question: Question) => draw.before.lastIndexOf(question.id)
      return shuffled(held, seed)
        .sort((a, b) => age(a) - age(b))
        .slice(0, count)
        .map((question) => ({ objective: objective.id, question }))
    })
}

/** The order in which options are shown: the same for an attempt, and never the answer to an ordering. */
export function shownOrder(question: Question, seed: string): string[] {
  const ids = optionsOf(question).map((option) => option.id)
  const order = shuffled(ids, `${seed}/${question.id}`)
  const given = question.kind === 'ordering' && order.every((id, index) => id === ids[index])
  return given ? [...order.slice(1), ...order.slice(0, 1)] : order
}

function shuffled<T>(values: readonly T[], seed: string): T[] {
  const random = seededRandom(seed)
  const left = [...values]
  const order: T[] = []
  while (left.length > 0) order.push(...left.splice(random.below(left.length), 1))
  return order
}
