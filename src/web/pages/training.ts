import { groupBy } from 'es-toolkit'
import { z } from 'zod'
import { personOf } from '../../actor.js'
import type { Compliance, Line } from '../../compliance/compliance.js'
import type { Catalogue, CourseVersion } from '../../courses/courses.js'
import type { Bilingual, Language } from '../../language.js'
import type { Learning, Standing } from '../../learning/learning.js'
import { page, view, type Page } from '../page.js'
import { courseAddress } from './learning/addresses.js'
import { aroundOf, contactsOf, type AroundParts, type SupportKind } from './learning/around.js'

export interface TrainingPagesParts extends AroundParts {
  learning: Learning
  compliance: Compliance
  catalogue: () => Catalogue
  courseTitle: (course: string) => Bilingual
}

const nothing = z.object({})
const everybody: readonly SupportKind[] = [
  'helpline',
  'adviser',
  'police',
  'safeguarding',
  'wellbeing',
]

// What needs doing stands first, and what presses most before that.
const order = ['overdue', 'due', 'expected', 'excused', 'complete', 'not-required'] as const

/** What somebody owes and has done, and whom they can turn to. */
export function trainingPages(parts: TrainingPagesParts): Page[] {
  const { learning, compliance, catalogue, courseTitle } = parts

  /** A course as one card: every reason why it is asked for, and how far somebody is in it. */
  function cardOf(course: string, lines: readonly Line[], standing?: Standing): object {
    const version = catalogue().courses.get(course)
    const online = version?.deliveries.find(({ delivery }) => delivery === 'online')
    return {
      course,
      name: courseTitle(course),
      href: version || standing ? courseAddress(course) : undefined,
      begun: standing?.state === 'in-progress' ? standing : undefined,
      minutes: online?.minutes,
      live: version !== undefined && !online,
      lines,
    }
  }

  return [
    page({
      method: 'get',
      path: '/training',
      permission: 'own-training',
      input: nothing,
      audit: 'nothing',
      async handle({ actor, language }) {
        const [lines, mine] = await Promise.all([
          compliance.ofPerson(actor, personOf(actor) ?? ''),
          learning.mine(actor),
        ])
        const sorted = lines.toSorted(
          (a, b) => order.indexOf(a.answer.state) - order.indexOf(b.answer.state),
        )
        const owed = sorted.filter(({ answer }) => needsDoing.has(answer.state))
        const rest = sorted.filter(({ answer }) => settled.has(answer.state))
        const away = lines.find(({ answer }) => answer.absent)?.why
        const cards = (some: readonly Line[]) =>
          Object.entries(groupBy(some, ({ course }) => course)).map(([course, own]) =>
            cardOf(course, own, mine.get(course)),
          )
        const named = new Set(lines.map(({ course }) => course))
        const begun = [...mine].filter(
          ([course, { state }]) => state === 'in-progress' && !named.has(course),
        )
        const done = [...mine].filter(
          ([course, { state }]) => state === 'done' && !named.has(course),
        )
        const others = [...catalogue().courses.values()].filter(
          (version) =>
            isOffered(version) && !named.has(version.course) && !mine.has(version.course),
        )
        return view(
          'training/mine',
          { key: 'training.title' },
          {
            person: personOf(actor),
            owed: cards(owed),
            rest: cards(rest),
            away,
            begun: begun.map(([course, standing]) => cardOf(course, [], standing)),
            done: done.map(([course, standing]) => ({ ...cardOf(course, [], standing), standing })),
            others: others
              .toSorted(byTitle(language))
              .map((version) => ({ ...cardOf(version.course, []), summary: version.summary })),
          },
        )
      },
    }),
    page({
      method: 'get',
      path: '/support',
      permission: 'public',
      input: nothing,
      audit: 'nothing',
      handle() {
        const { exitTo } = aroundOf(parts)
        const people = contactsOf(parts.support, everybody)
        return view('training/support', { key: 'support.page-title' }, { exitTo, people })
      },
    }),
  ]
}

const needsDoing: ReadonlySet<string> = new Set(['overdue', 'due', 'expected'])
const settled: ReadonlySet<string> = new Set(['complete', 'excused'])

const isOffered = (version: CourseVersion): boolean =>
  !version.unlisted &&
  version.retiredOn === undefined &&
  version.deliveries.some(({ delivery }) => delivery === 'online')

const byTitle = (language: Language) => (a: CourseVersion, b: CourseVersion) =>
  a.title[language].localeCompare(b.title[language], language)
