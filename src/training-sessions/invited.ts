import { covers, type Tenure } from '../people/people.js'
import type { TrainingSession } from './training-session.js'

/** Whether a training session is meant for somebody, by the posts they hold on its day. */
export function isInvited(
  { invited, on }: Pick<TrainingSession, 'invited' | 'on'>,
  tenure: Tenure | undefined,
): boolean {
  const { kinds = [], house } = invited
  return (tenure?.terms ?? []).some(
    (term) =>
      covers(term, on) &&
      (kinds.length === 0 || kinds.includes(term.kind)) &&
      (house === undefined || term.house === house || term.house === 'both'),
  )
}
