import { adjustmentCollections } from './adjustments/adjustments.js'
import { auditCollections } from './audit/audit.js'
import { certificateCollections } from './certificates/certificates.js'
import { completionCollections } from './completions/completions.js'
import {
  escalationCollections,
  listCollections,
  markCollections,
  simulationCollections,
} from './compliance/compliance.js'
import type { CollectionPlan } from './database/database.js'
import { identityCollections } from './identity/identity.js'
import { learningCollections, shelfCollections } from './learning/learning.js'
import { outboxCollections } from './notifications/notifications.js'
import { directoryCollections, peopleCollections } from './people/people.js'
import { editionCollections } from './publication/publication.js'
import { requirementCollections } from './requirements/requirements.js'
import { sealedCollections } from './sanctions/sanctions.js'
import { surveyCollections } from './surveys/surveys.js'
import { trainingSessionCollections } from './training-sessions/training-sessions.js'
import { replyCollections, sessionCollections } from './web/web.js'

/** Every collection that there is, with its indexes: what a start makes where it is not there yet. */
export const collections: readonly CollectionPlan[] = [
  ...auditCollections,
  ...outboxCollections,
  ...peopleCollections,
  ...directoryCollections,
  ...identityCollections,
  ...requirementCollections,
  ...completionCollections,
  ...adjustmentCollections,
  ...shelfCollections,
  ...learningCollections,
  ...surveyCollections,
  ...editionCollections,
  ...markCollections,
  ...listCollections,
  ...escalationCollections,
  ...simulationCollections,
  ...certificateCollections,
  ...sealedCollections,
  ...trainingSessionCollections,
  ...replyCollections,
  ...sessionCollections,
]
