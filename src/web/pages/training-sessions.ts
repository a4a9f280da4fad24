import type { Page } from '../page.js'
import type { TrainingSessionPagesParts } from './training-sessions/around.js'
import { uploadPages } from './training-sessions/uploads.js'

export type { TrainingSessionPagesParts } from './training-sessions/around.js'

/** Training sessions and their registers, for those who give them and those who come. */
export const trainingSessionPages = (parts: TrainingSessionPagesParts): Page[] => [
  ...uploadPages(parts),
]
