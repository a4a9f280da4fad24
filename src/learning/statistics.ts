import type { CourseVersion } from '../courses/courses.js'
import type { Fact } from './facts.js'
import { isAnswer, isRight, optionsOf } from './marking.js'

/** How one question of the bank does, over all answers that counted. */
export interface ItemStatistics {
  question: string
  asked: number
  /** The share answered rightly: how easy it is. */
  facility: number
  /**
   * How far whoever does well on the rest of a form does well here (point-biserial, -1 to 1);
   * nothing where everybody did alike. Near 0 or below, the question may mislead.
   */
  discrimination?: number
  /**
   * How often each option was part of an answer, or, of an ordering, stood in its place; one that
   * nobody chooses distracts nobody.
   */
  options: readonly { id: string; chosen: number }[]
  /**
   * Of true or false, its two parts apart: how many called it true, how many were right in that, and
   * how many gave the right reason, whatever they had called it.
   */
  truth?: { saidTrue: number; right: number; rightReason: number }
}

/** What authors learn of a course: numbers over many, never one person's. */
export interface Statistics {
  begun: number
  completed: number
  items: readonly ItemStatistics[]
  /** Of those under way, how many did each step last; nothing where they are fewer than may be told of. */
  stops: ReadonlyMap<string, number | undefined>
}

/** What is kept of a course: attempts, and what happened in them. */
export type Told =
  { attempt: string; open?: true; endedAt?: Date; seed: string } | ({ attempt: string } & Fact)

interface Answered {
  right: boolean
  answer: readonly string[]
  form: string
}

/** Collects what happened in a course, one thing at a time, and tells what it comes to. */
export function createTally(version: CourseVersion): {
  add(told: Told): void
  tell(least: number): Statistics
} {
  const open = new Set<string>()
  const last = new Map<string, { at: Date; step: string }>()
  const answers = new Map<string, Answered[]>()
  const forms = new Map<string, { asked: number; right: number }>()
  let [begun, completed] = [0, 0]

  function addAnswer(fact: Extract<Fact, { kind: 'tested' }>, attempt: string): void {
    const question = version.questions[fact.question]
    if (fact.again || question?.hash !== fact.hash || !isAnswer(question, fact.answer)) return
    const form = `${attempt} ${fact.step} ${fact.form}`
    const right = isRight(question, fact.answer)
    const { asked, right: before } = forms.get(form) ?? { asked: 0, right: 0 }
    forms.set(form, { asked: asked + 1, right: before + (right ? 1 : 0) })
    const held = answers.get(question.id) ?? []
    held.push({ right, answer: fact.answer, form })
    answers.set(question.id, held)
  }

  return {
    add(told) {
      if ('seed' in told) {
        begun++
        if (told.endedAt) completed++
        if (told.open) open.add(told.attempt)
        return
      }
      const known = last.get(told.attempt)
      if (!known || known.at <= told.at) last.set(told.attempt, { at: told.at, step: told.step })
      if (told.kind === 'tested') addAnswer(told, told.attempt)
    },
    tell(least) {
      const stops = new Map<string, number>()
      if (open.size >= least) {
        for (const attempt of open) {
          const step = last.get(attempt)?.step
          if (step !== undefined) stops.set(step, (stops.get(step) ?? 0) + 1)
        }
      }
      const told = [...stops].map(
        ([step, count]) => [step, count < least ? undefined : count] as const,
      )
      const items = [...answers]
        .filter(([, given]) => given.length >= least)
        .map(([id, given]) => itemOf(version, id, given, forms))
      return { begun, completed, items, stops: new Map(told) }
    },
  }
}

function itemOf(
  version: CourseVersion,
  id: string,
  given: readonly Answered[],
  forms: ReadonlyMap<string, { asked: number; right: number }>,
): ItemStatistics {
  const question = version.questions[id]
  const pairs = given.flatMap(({ right, form }) => {
    const whole = forms.get(form)
    if (!whole || whole.asked < 2) return []
    const own = right ? 1 : 0
    return [[own, (whole.right - own) / (whole.asked - 1)] as const]
  })
  const discrimination = correlation(pairs)
  const among = (option: string) => given.filter(({ answer }) => answer.includes(option)).length
  const stood = (option: string, place: number) =>
    given.filter(({ answer }) => answer[place] === option).length
  return {
    question: id,
    asked: given.length,
    facility: given.filter(({ right }) => right).length / given.length,
    ...(discrimination === undefined ? {} : { discrimination }),
    options: (question ? optionsOf(question) : []).map((option, place) => ({
      id: option.id,
      chosen:
        question?.kind === 'ordering'
          ? stood(option.id, place)
          : question?.kind === 'true-false'
            ? stood(option.id, 1)
            : among(option.id),
    })),
    ...(question?.kind === 'true-false'
      ? {
          truth: {
            saidTrue: stood('true', 0),
            right: stood(String(question.truth), 0),
            rightReason: stood(question.rightReason, 1),
          },
        }
      : {}),
  }
}

/** Pearson's correlation; nothing where one side does not vary. */
function correlation(pairs: readonly (readonly [number, number])[]): number | undefined {
  const count = pairs.length
  const mean = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0) / count
  const [x, y] = [mean(0), mean(1)]
  let [both, one, other] = [0, 0, 0]
  for (const [a, b] of pairs) {
    both += (a - x) * (b - y)
    one += (a - x) ** 2
    other += (b - y) ** 2
  }
  return one > 0 && other > 0 ? both / Math.sqrt(one * other) : undefined
}
