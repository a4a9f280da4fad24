import type { Call } from './call.js'
import { completionCalls } from './calls/completions.js'
import { complianceCalls } from './calls/compliance.js'
import { directoryCalls } from './calls/directory.js'
import { outcomeCalls } from './calls/outcomes.js'
import { registerCalls } from './calls/registers.js'

const groups = [
  completionCalls,
  complianceCalls,
  directoryCalls,
  outcomeCalls,
  registerCalls,
] as const

/** The doors that calls of the API stand before, all together. */
export type CallsParts = [(typeof groups)[number]] extends [(parts: infer Parts) => Call[]]
  ? Parts
  : never

/** Every call of the API. A new group joins by its line above. */
export const callsOf = (parts: CallsParts): Call[] => groups.flatMap((group) => group(parts))
