import type { Clock, Day } from '../../../clock.js'
import type { Bilingual } from '../../../language.js'
import type { Place } from '../../../learning/learning.js'

/** Where somebody can turn, in words that the institution chose. */
export interface SupportContact {
  name: Bilingual
  says: Bilingual
  phone?: string | undefined
  email?: string | undefined
}

export type SupportKind = 'helpline' | 'adviser' | 'police' | 'safeguarding' | 'wellbeing'
export type Support = Readonly<Record<SupportKind, SupportContact>>

export interface AroundParts {
  clock: Clock
  support: Support
  /** Where *Exit this page* leads: somewhere that says nothing of where one came from. */
  exitTo: string
}

/** Addresses at which somebody may be reading a lesson: what goes wrong there leaves them their way out. */
export const isBesideLessons = (path: string): boolean => /^\/(training|private)(\/|$)/.test(path)

/** What stands on every course page: how to get away from it, and where to turn. */
export interface Around {
  exitTo: string
  contacts: readonly object[]
  today: Day
}

export function aroundOf({ support, exitTo, clock }: AroundParts, place?: Place): Around {
  const young = place?.attempt.learner.under18 ?? false
  const kinds: SupportKind[] = young
    ? ['safeguarding', 'helpline', 'police']
    : ['helpline', 'adviser', 'police']
  return { exitTo, contacts: contactsOf(support, kinds), today: clock.today() }
}

export const contactsOf = (support: Support, kinds: readonly SupportKind[]): object[] =>
  kinds.map((kind) => {
    const { phone } = support[kind]
    return { kind, dial: phone?.replaceAll(/[^\d+]/g, ''), ...support[kind] }
  })
