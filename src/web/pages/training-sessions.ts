import type { Page } from '../page.js'
import type { TrainingSessionPagesParts } from './training-sessions/around.js'
import { accreditationPages } from './training-sessions/accreditations.js'
import { placePages } from './training-sessions/places.js'
import { planningPages } from './training-sessions/planning.js'
import { pollPages } from './training-sessions/polls.js'
import { registerPages } from './training-sessions/register.js'
import { uploadPages } from './training-sessions/uploads.js'

export type { TrainingSessionPagesParts } from './training-sessions/around.js'

/** Training sessions and their registers, for those who give them and those who come. */
export const trainingSessionPages = (parts: TrainingSessionPagesParts): Page[] =>
  // An address of its own stands before one with an id in its place.
  [planningPages, accreditationPages, pollPages, placePages, registerPages, uploadPages].flatMap(
    (pages) => pages(parts),
  )
