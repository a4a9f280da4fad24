import type { Audit } from '../../../audit/audit.js'
import type { Clock } from '../../../clock.js'
import type { Compliance, Reminders, SavedViews } from '../../../compliance/compliance.js'
import type { Identity } from '../../../identity/identity.js'
import type { Words } from '../../../language.js'
import type { People } from '../../../people/people.js'
import type { Decisions, Programmes } from '../../../requirements/requirements.js'

/** The doors that the pages of lists stand before. */
export interface CompliancePagesParts {
  compliance: Compliance
  people: People
  reminders: Reminders
  savedViews: SavedViews
  audit: Audit
  decisions: Decisions
  identity: Identity
  programmes: Programmes
  words: Words
  clock: Clock
}
