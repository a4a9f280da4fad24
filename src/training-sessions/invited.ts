import { covers, type Tenure } from '../people/people.js'
import type { TrainingSession } from './training-session.js'

/** Whether a training session is meant for somebody: for them alone, or by the posts they hold on its day. */
export function isInvited(
  { invited, on, onlyFor }: Pick<TrainingSession, 'invited' | 'on' | 'onlyFor'>,
  tenure: Tenure | undefined,
  person: string,
): boolean {
  if (onlyFor !== undefined) return onlyFor === person
  const { kinds = [], house } = invited
  return (tenure?.terms ?? []).some(
    (term) =>
      covers(term, on) &&
      (kinds.length === 0 || kinds.includes(term.kind)) &&
      (house === undefined || term.house === house || term.house === 'both'),
  )
}
