import { claimCollections } from './claims-store.js'
import { contestCollections } from './contests-store.js'
import { decisionCollections } from './decisions-store.js'
import { programmeCollections } from './programmes-store.js'
import { proposalCollections } from './proposals-store.js'

export type { Duty, Owed, Programme, Rule } from './programme.js'
export { readProgramme, type PlacedExample } from './programme-file.js'
export { createProgrammes, type Programmes, type Proposal } from './programmes.js'
export type { Claim, Contest } from './claim.js'
export { createClaims, type Claims } from './claims.js'
export { createContests, type Contests } from './contests.js'
export { createWall, type Wall } from './wall.js'
export type { Decision, Relief } from './decision.js'
export { createDecisions, readDecisions, type Decisions } from './decisions.js'

export const requirementCollections = [
  ...claimCollections,
  ...contestCollections,
  ...decisionCollections,
  ...programmeCollections,
  ...proposalCollections,
]
