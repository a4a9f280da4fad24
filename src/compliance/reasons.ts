import type { Bilingual, Sentence } from '../language.js'
import type { Programme, Rule } from '../requirements/requirements.js'
import type { Answer } from './roll.js'

/** What reasons need to name: courses by id. */
export interface Titles {
  course(id: string): Bilingual
}

/** The one sentence that says why (interaction, detail 1): the rule, the date and what clears it. */
export function reasonOf(
  answer: Answer,
  course: string,
  rule: Rule | undefined,
  titles: Titles,
): Sentence {
  const { state, absent, since, due, until, delivery } = answer
  const asked = titles.course(course)
  const by = rule?.title ?? { en: '', cy: '' }
  switch (state) {
    case 'complete': {
      const params = { course: asked, on: since ?? '', until: until ?? '' }
      const lasting = until ? '-until' : ''
      return { key: `standing.reason.complete-${delivery ?? 'online'}${lasting}`, with: params }
    }
    case 'due':
      return { key: 'standing.reason.due', with: { rule: by, course: asked, due: due ?? '' } }
    case 'overdue':
      return { key: 'standing.reason.overdue', with: { rule: by, course: asked, due: due ?? '' } }
    case 'expected':
      return { key: 'standing.reason.expected', with: { rule: by, course: asked } }
    case 'excused':
      return { key: 'standing.reason.excused', with: { until: until ?? '' } }
    case 'not-required':
      return { key: absent ? 'standing.reason.absent' : 'standing.reason.not-required' }
  }
}

/** Every rule of every programme, the newest of each id. */
export const rulesOf = (programmes: readonly Programme[]): Map<string, Rule> =>
  new Map(
    programmes.flatMap(({ duties }) =>
      duties.flatMap(({ rules }) => rules.map((rule) => [rule.id, rule] as const)),
    ),
  )
