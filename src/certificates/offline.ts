import { readFileSync, statSync } from 'node:fs'
import type { Day } from '../clock.js'
import { invalid, notFound } from '../errors.js'
import { readPublishedKeys, type PublishedKeys } from './published-keys.js'
import type { Verification } from './verification.js'

/** What somebody checks without asking anybody: files on their own disk. */
export interface OfflineCheck {
  /** The PDF, credential or badge. */
  file: string
  /** The institution's key document as it is published: a file, or its content. */
  keys: string | PublishedKeys
  /** Status lists, as they are published. */
  lists?: readonly string[]
  /** The proof from the log that was offered with the certificate. */
  proof?: string
}

const most = 20 * 1024 * 1024

function read(path: string): Buffer {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile()) throw notFound('certificates.offline.no-file', { path })
  if (found.size > most) throw invalid('certificates.offline.too-large', { path })
  return readFileSync(path)
}

function readKeys(path: string): PublishedKeys {
  const keys = readPublishedKeys(read(path).toString('utf8'))
  if (!keys) throw invalid('certificates.offline.no-keys', { path })
  return keys
}

/**
 * Checks a certificate with published keys alone, for the command line. Throws not-found for a file that
 * is not there, and `invalid` where the key document is not one.
 */
export async function verifyOffline(check: OfflineCheck, today: Day): Promise<Verification> {
  const keys = typeof check.keys === 'string' ? readKeys(check.keys) : check.keys
  const { verifyFile } = await import('./verification.js')
  return verifyFile(read(check.file), {
    keys,
    today,
    statusLists: (check.lists ?? []).map((path) => read(path).toString('utf8')),
    ...(check.proof === undefined ? {} : { proof: read(check.proof).toString('utf8') }),
  })
}
