import type { Page } from './page.js'
import { accountPages } from './pages/account.js'
import { accountsPages } from './pages/accounts.js'
import { adjustmentsPages } from './pages/adjustments.js'
import { authorsPages } from './pages/authors.js'
import { certificateBundlesPages } from './pages/certificate-bundles.js'
import { certificateDesignsPages } from './pages/certificate-designs.js'
import { certificatesPages } from './pages/certificates.js'
import { compliancePages } from './pages/compliance.js'
import { decisionsPages } from './pages/decisions.js'
import { directoryPages } from './pages/directory.js'
import { checkingPages } from './pages/outcomes/checking.js'
import { hearingPages } from './pages/outcomes/hearing.js'
import { learningPages } from './pages/learning.js'
import { logPages } from './pages/log.js'
import { oneToOnePages } from './pages/one-to-one.js'
import { outcomesPages } from './pages/outcomes.js'
import { privatePages } from './pages/private.js'
import { programmePages } from './pages/programme.js'
import { surveysPages } from './pages/surveys.js'
import { safeguardingPages } from './pages/safeguarding.js'
import { registerPages } from './pages/register.js'
import { trainingSessionPages } from './pages/training-sessions.js'
import { trainingPages } from './pages/training.js'
import { verifyPages } from './pages/verify.js'

const groups = [
  accountPages,
  accountsPages,
  adjustmentsPages,
  authorsPages,
  certificateBundlesPages,
  certificateDesignsPages,
  certificatesPages,
  checkingPages,
  compliancePages,
  decisionsPages,
  directoryPages,
  hearingPages,
  learningPages,
  logPages,
  oneToOnePages,
  outcomesPages,
  privatePages,
  programmePages,
  surveysPages,
  safeguardingPages,
  registerPages,
  trainingPages,
  trainingSessionPages,
  verifyPages,
] as const

/** The doors that pages stand before, all together. */
export type PagesParts = [(typeof groups)[number]] extends [(parts: infer Parts) => Page[]]
  ? Parts
  : never

/** Every page there is. A new group joins by its line above: permission checks and the tests of every page follow. */
export const pagesOf = (parts: PagesParts): Page[] => groups.flatMap((group) => group(parts))
