export type { Audience, Duty, Escalation, Owed, Programme, Rule } from './programme.js'
export { readProgramme, type PlacedExample, type ProgrammeFile } from './programme-file.js'
