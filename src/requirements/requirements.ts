import { decisionCollections } from './decisions-store.js'
import { programmeCollections } from './programmes-store.js'

export type { Audience, Duty, Escalation, Owed, Programme, Rule } from './programme.js'
export { readProgramme, type PlacedExample, type ProgrammeFile } from './programme-file.js'
export { createProgrammes, type Programmes } from './programmes.js'
export type { Decision, Relief } from './decision.js'
export { createDecisions, readDecisions, type Decisions, type ReliefRequest } from './decisions.js'

export const requirementCollections = [...decisionCollections, ...programmeCollections]
