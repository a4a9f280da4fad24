import { z } from 'zod'
import { personOf, type Actor } from '../../actor.js'
import type { Completions } from '../../completions/completions.js'
import { conflict } from '../../errors.js'
import type { Bilingual, Sentence } from '../../language.js'
import {
  answersIn,
  kindOf,
  questionsOf,
  type SurveyName,
  type SurveyResult,
  type Surveys,
} from '../../surveys/surveys.js'
import { go, page, view, type Answer, type Page, type Typed } from '../page.js'
import { courseAddress } from './learning/addresses.js'
import { aroundOf, type AroundParts } from './learning/around.js'

export interface SurveysPagesParts extends AroundParts {
  surveys: Surveys
  completions: Completions
  courseTitle: (course: string) => Bilingual
  catalogue: () => { courses: ReadonlyMap<string, { unlisted?: true }> }
}

const course = z.string().max(64)
const nothing = z.object({})

/** Surveys that nobody can be found in: after a course, and once a year of the place itself. */
export function surveysPages(parts: SurveysPagesParts): Page[] {
  const { surveys, completions, courseTitle, catalogue, clock } = parts
  const climate = (): SurveyName => `climate/${clock.today().slice(0, 4)}`

  const titleOf = (survey: SurveyName): Sentence =>
    kindOf(survey) === 'climate'
      ? { key: 'surveys.climate', with: { year: survey.slice('climate/'.length) } }
      : { key: 'surveys.evaluation', with: { course: courseTitle(survey.split('/')[1] ?? '') } }

  function show(survey: SurveyName, extra: object, status = 200): Answer {
    const kind = kindOf(survey)
    const [, id = ''] = survey.split('/')
    const questions = questionsOf(survey).map((question) => ({
      ...question,
      legend: { key: `surveys.${kind}-asks.${question.id}` },
      text: question.kind === 'text',
      type: question.kind === 'several' ? 'checkbox' : 'radio',
      options:
        question.kind === 'text'
          ? []
          : question.options.map((option, at) => ({
              option,
              field: `${question.id}-${at + 1}`,
              words: optionText(question.id, option),
            })),
    }))
    const model = {
      ...aroundOf(parts),
      kind,
      questions,
      least: surveys.least,
      back: kind === 'climate' ? '/training' : courseAddress(id),
      ...extra,
    }
    return view('surveys/ask', titleOf(survey), model, status)
  }

  async function completed(actor: Actor, id: string): Promise<void> {
    const person = personOf(actor) ?? ''
    const own = (await completions.of([person])).get(person) ?? []
    if (!own.some((completion) => completion.course === id)) throw conflict('surveys.not-completed')
  }

  async function take(actor: Actor, survey: SurveyName, typed: Typed): Promise<Answer> {
    const answers = answersIn(survey, typed)
    if (Object.keys(answers).length === 0) {
      const [first] = questionsOf(survey)
      const faults = [{ field: `${first?.id ?? ''}-1`, say: { key: 'surveys.empty' } }]
      return show(survey, { faults }, 400)
    }
    await surveys.answer(actor, survey, answers)
    return go(survey.startsWith('climate/') ? '/climate' : `/${survey}`)
  }

  const ask = async (actor: Actor, survey: SurveyName): Promise<Answer> =>
    show(survey, { answered: await surveys.hasAnswered(actor, survey) })

  /** A result as tables of counts, each option in words. */
  function tableOf(survey: SurveyName, result: SurveyResult | undefined): object {
    const kind = kindOf(survey)
    const questions = questionsOf(survey).flatMap((question) => {
      if (question.kind === 'text') return []
      const rows = question.options.map((option) => ({
        option: optionText(question.id, option),
        count: result?.counts[`${question.id} ${option}`] ?? 0,
      }))
      return [{ legend: { key: `surveys.${kind}-asks.${question.id}` }, rows }]
    })
    return { title: titleOf(survey), people: result?.people, words: result?.words, questions }
  }

  // What was answered enters no record and no log: not that, nor when, nor by whom.
  return [
    page({
      method: 'get',
      path: '/evaluation/:course',
      permission: 'own-training',
      input: z.object({ course }),
      audit: 'nothing',
      async handle({ actor, input }) {
        await completed(actor, input.course)
        return ask(actor, `evaluation/${input.course}`)
      },
    }),
    page({
      method: 'post',
      path: '/evaluation/:course',
      permission: 'own-training',
      input: z.looseObject({ course }),
      audit: 'nothing',
      async handle({ actor, input }) {
        await completed(actor, input.course)
        return take(actor, `evaluation/${input.course}`, input)
      },
    }),
    page({
      method: 'get',
      path: '/climate',
      permission: 'own-training',
      input: nothing,
      audit: 'nothing',
      handle: ({ actor }) => ask(actor, climate()),
    }),
    page({
      method: 'post',
      path: '/climate',
      permission: 'own-training',
      input: z.looseObject({}),
      audit: 'nothing',
      handle: ({ actor, input }) => take(actor, climate(), input),
    }),
    page({
      method: 'get',
      path: '/surveys',
      permission: 'see-surveys',
      input: z.object({
        year: z
          .string()
          .regex(/^\d{4}$/)
          .optional()
          .catch(undefined),
      }),
      audit: 'nothing',
      async handle({ input }) {
        const ids = [...catalogue().courses]
          .filter(([, { unlisted }]) => !unlisted)
          .map(([id]) => id)
        const names: SurveyName[] = [
          input.year === undefined ? climate() : `climate/${input.year}`,
          ...ids.map((id): SurveyName => `evaluation/${id}`),
        ]
        const found = await Promise.all(
          names.map(async (name) => tableOf(name, await surveys.result(name))),
        )
        const model = { found, least: surveys.least }
        return view('surveys/results', { key: 'surveys.results' }, model)
      },
    }),
  ]
}

const optionText = (question: string, option: string): Sentence => ({
  key: /^\d$/.test(option) ? `surveys.scale.${option}` : `surveys.option.${question}.${option}`,
})
