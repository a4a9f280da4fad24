import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import {
  audiences,
  bankOf,
  isFor,
  type Catalogue,
  type ContentFault,
  type CourseVersion,
} from '../../courses/courses.js'
import { notFound } from '../../errors.js'
import { languages, type Language } from '../../language.js'
import {
  progress,
  type ItemStatistics,
  type Learner,
  type Learning,
  type Place,
} from '../../learning/learning.js'
import type { SurveyResult, Surveys } from '../../surveys/surveys.js'
import { go, page, view, type Page } from '../page.js'
import { stepTitle } from './learning/addresses.js'
import { modulesOf } from './learning/print.js'
import { resultModel } from './learning/questions.js'

export interface AuthorsPagesParts {
  learning: Learning
  catalogue: () => Catalogue
  surveys: Surveys
  /** Everything wrong in the courses folder as it is now; takes seconds, and no page waits meanwhile. */
  contentFaults: () => Promise<readonly ContentFault[]>
}

const patience = 2000
const nothing = z.object({})
const named = z.object({ course: z.string().max(64) })
const ways = ['usual', 'quiet', 'under-18'] as const
const preview = named.extend({
  audience: z.enum(audiences).optional().catch(undefined),
  in: z.enum(languages).optional().catch(undefined),
  way: z.enum(ways).catch('usual').default('usual'),
})

/** For whoever writes courses: what is wrong and where, how it looks to anybody, and how it does. */
export function authorsPages(parts: AuthorsPagesParts): Page[] {
  const { learning, catalogue, surveys, contentFaults } = parts
  let found: readonly ContentFault[] | undefined
  let looking: Promise<void> | undefined

  /** Looks into the files, once for all who ask meanwhile. */
  const look = (): Promise<void> =>
    (looking ??= contentFaults()
      .then((faults) => {
        found = faults
      })
      .finally(() => {
        looking = undefined
      }))

  /** What was found last, with a little patience for the first time; nothing while it takes longer. */
  async function faults(): Promise<readonly ContentFault[] | undefined> {
    if (!found || looking) await Promise.race([look(), wait(patience)])
    return found
  }

  function versionOf(course: string): CourseVersion {
    const version = catalogue().courses.get(course)
    if (!version) throw notFound('learning.no-course')
    return version
  }

  return [
    page({
      method: 'get',
      path: '/authors',
      permission: 'author',
      input: nothing,
      audit: 'nothing',
      async handle() {
        const known = await faults()
        const all = known ?? []
        const { courses } = catalogue()
        const withheld = [...new Set(all.flatMap(({ course }) => course ?? []))].filter(
          (course) => !courses.has(course),
        )
        const model = {
          courses: [...courses.values()].map((version) => ({
            ...version,
            draftWelsh: version.review.welsh.state === 'draft',
            notReviewed: version.review.specialist.state === 'not-yet',
            faults: all.filter(({ course }) => course === version.course).length,
          })),
          withheld,
          found: all,
          looking: known === undefined || looking !== undefined,
        }
        return view('authors/list', { key: 'authors.title' }, model)
      },
    }),
    page({
      method: 'post',
      path: '/authors/check',
      permission: 'author',
      input: nothing,
      audit: 'nothing',
      async handle() {
        await Promise.race([look(), wait(patience)])
        return go('/authors')
      },
    }),
    page({
      method: 'get',
      path: '/authors/:course',
      permission: 'author',
      input: named,
      audit: 'nothing',
      async handle({ input, language }) {
        const version = versionOf(input.course)
        const { least } = surveys
        const { begun, completed, items, stops } = await learning.statistics(input.course, least)
        const place = placeOf(version, learnerFor(version.audiences[0] ?? 'staff', 'usual'))
        const told = await surveys.result(`evaluation/${input.course}`)
        const model = {
          version,
          themes: told && themesIn(told),
          name: version.title[language],
          least,
          // Of a few people not even how many: it would say who has not finished.
          begun: begun >= least ? begun : undefined,
          completed,
          items: items.map((item) => itemModel(version, item, language)),
          stops: version.steps
            .filter(({ id }) => stops.has(id))
            .map((step) => ({
              title: stepTitle(place, step),
              id: step.id,
              count: stops.get(step.id),
            })),
          own: (await faults())?.filter(({ course }) => course === input.course),
          back: '/authors',
        }
        return view(
          'authors/course',
          { key: 'learning.course', with: { course: version.title } },
          model,
        )
      },
    }),
    page({
      method: 'get',
      path: '/authors/:course/preview',
      permission: 'author',
      input: preview,
      audit: 'nothing',
      handle({ input, language }) {
        const version = versionOf(input.course)
        const { audience = version.audiences[0] ?? 'staff', in: shown = language, way } = input
        const place = placeOf(version, learnerFor(audience, way))
        const bank = bankOf(version).filter((question) => isFor(question, audience))
        const choice = <Name extends string>(names: readonly Name[], held: Name) =>
          names.map((name) => ({ name, selected: name === held }))
        const model = {
          name: version.title[shown],
          course: input.course,
          shown,
          audiences: choice(version.audiences, audience),
          languages: choice(languages, shown),
          ways: choice(ways, way),
          modules: modulesOf(place, shown),
          questions: bank.map((question) => ({
            id: question.id,
            objective: question.objective,
            ...resultModel(question, [], shown),
          })),
          back: `/authors/${input.course}`,
        }
        const title = { key: 'authors.preview-of', with: { course: version.title } }
        return view('authors/preview', title, model)
      },
    }),
  ]
}

const learnerFor = (audience: Learner['audience'], way: (typeof ways)[number]): Learner => ({
  audience,
  quiet: way === 'quiet',
  under18: way === 'under-18',
  mayShorten: true,
})

/** Where somebody would be who has not begun. */
function placeOf(version: CourseVersion, learner: Learner): Place {
  const attempt = { id: '', version, learner, seed: 'preview', facts: [] }
  return { course: version.course, version, number: 0, attempt, progress: progress(attempt) }
}

/** What people would have better, most often named first. */
const themesIn = ({ counts }: SurveyResult): object[] =>
  Object.entries(counts)
    .filter(([answer, count]) => answer.startsWith('better ') && count > 0)
    .map(([answer, count]) => ({
      say: { key: `surveys.option.${answer.replace(' ', '.')}` },
      count,
    }))
    .toSorted((one, other) => other.count - one.count)

function itemModel(version: CourseVersion, item: ItemStatistics, language: Language): object {
  const question = version.questions[item.question]
  const { discrimination, truth } = item
  const share = (count: number): number => Math.round((count / item.asked) * 100)
  return {
    ...item,
    easy: share(item.facility * item.asked),
    truth: truth && {
      saidTrue: share(truth.saidTrue),
      saidFalse: share(item.asked - truth.saidTrue),
      right: share(truth.right),
      rightReason: share(truth.rightReason),
    },
    ordering: question?.kind === 'ordering',
    sharp: discrimination === undefined ? undefined : discrimination.toFixed(2),
    doubtful: discrimination !== undefined && discrimination < 0.1,
    prompt: question?.prompt[language],
    options: item.options.map(({ id, chosen }) => ({
      id,
      share: share(chosen),
      idle: chosen === 0,
    })),
  }
}
