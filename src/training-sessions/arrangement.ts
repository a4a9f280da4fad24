/**
 * Practical arrangements, which a venue offers or a person needs. A closed list: there is no room in
 * it for a diagnosis, so none can reach a trainer.
 */
export const arrangements = [
  'step-free',
  'hearing-loop',
  'sign-language',
  'captions',
  'large-print',
  'quiet-space',
  'breaks',
  'seat-near-door',
  'companion',
] as const
export type Arrangement = (typeof arrangements)[number]
