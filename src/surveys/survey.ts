/** A question of a survey. Every one may be left out; none asks who somebody is. */
export type SurveyQuestion =
  | { id: string; kind: 'one' | 'several'; options: readonly string[] }
  | { id: string; kind: 'text'; most: number }

/** From 1, not at all, to 5, very much. */
const scale = ['1', '2', '3', '4', '5'] as const
const agreed = (id: string): SurveyQuestion => ({ id, kind: 'one', options: scale })

/** What people are asked when they have completed a course. */
const evaluation: readonly SurveyQuestion[] = [
  agreed('worth'),
  agreed('ready'),
  {
    id: 'better',
    kind: 'several',
    options: ['length', 'examples', 'questions', 'language', 'technical', 'distressing', 'nothing'],
  },
  { id: 'words', kind: 'text', most: 1000 },
]

/** What everybody is asked once a year about the place they work in. */
const climate: readonly SurveyQuestion[] = [
  agreed('respect'),
  agreed('safe-to-raise'),
  agreed('know-where'),
  agreed('power'),
  { id: 'happened', kind: 'one', options: ['yes', 'no', 'not-say'] },
  { id: 'words', kind: 'text', most: 1000 },
]

/** A survey's name: `evaluation/<course>`, or `climate/<year>`. */
export type SurveyName = `${'evaluation' | 'climate'}/${string}`

export const kindOf = (survey: SurveyName): 'evaluation' | 'climate' =>
  survey.startsWith('climate/') ? 'climate' : 'evaluation'

export const questionsOf = (survey: SurveyName): readonly SurveyQuestion[] =>
  kindOf(survey) === 'climate' ? climate : evaluation

/** What somebody answered, by question: the options chosen, or the words. */
export type SurveyAnswers = Readonly<Record<string, readonly string[]>>

/** Takes from a form what its questions allow, and nothing else. */
export function answersIn(
  survey: SurveyName,
  form: Readonly<Record<string, unknown>>,
): SurveyAnswers {
  const answers = questionsOf(survey).map((question): [string, string[]] => {
    const given = [form[question.id]].flat().filter((one) => typeof one === 'string')
    if (question.kind === 'text') {
      const words = (given[0] ?? '').trim().slice(0, question.most)
      return [question.id, words === '' ? [] : [words]]
    }
    const chosen = question.options.filter((option) => given.includes(option))
    return [question.id, question.kind === 'one' ? chosen.slice(0, 1) : chosen]
  })
  return Object.fromEntries(answers.filter(([, given]) => given.length > 0))
}

/** How often each option was chosen, by `<question> <option>`. */
export type SurveyCounts = Readonly<Record<string, number>>

/** Counts what many people answered on top of what had been counted. */
export function countOf(
  survey: SurveyName,
  many: readonly SurveyAnswers[],
  before: SurveyCounts = {},
): SurveyCounts {
  const counts = new Map(Object.entries(before))
  for (const question of questionsOf(survey)) {
    if (question.kind === 'text') continue
    for (const option of question.options) {
      const key = `${question.id} ${option}`
      const more = many.filter((answers) => answers[question.id]?.includes(option)).length
      counts.set(key, (counts.get(key) ?? 0) + more)
    }
  }
  return Object.fromEntries(counts)
}

/** What was written, in alphabetical order: in no order that says who wrote first. */
export const wordsOf = (survey: SurveyName, many: readonly SurveyAnswers[]): string[] =>
  questionsOf(survey)
    .filter(({ kind }) => kind === 'text')
    .flatMap(({ id }) => many.flatMap((answers) => answers[id] ?? []))
    .toSorted()
