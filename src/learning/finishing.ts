import type { PersonActor } from '../actor.js'
import type { Audit, Entry } from '../audit/audit.js'
import { dayOf } from '../clock.js'
import type { Completions } from '../completions/completions.js'
import type { Fact } from './facts.js'
import type { AttemptRecord, LearningStore } from './learning-store.js'
import { completedAt } from './place.js'
import type { Loaded } from './places.js'
import type { Shelf } from './shelf.js'

export interface FinishingParts {
  store: LearningStore
  shelf: Shelf
  audit: Audit
  completions: Pick<Completions, 'recordMany'>
}

/**
 * Makes a completion of an attempt whose every needed step is done; answers whether it did. Each
 * part may be repeated, so that a crash after any of them is finished by doing all of it again.
 */
export function createFinishing({ store, shelf, audit, completions }: FinishingParts) {
  return async ({ record, place }: Loaded): Promise<boolean> => {
    if (!record?.open) return false
    const { attempt, version } = place
    const at = completedAt(attempt, record.at)
    if (!at) return false
    // Done after a version that asks for it again had come: the course page says what is left to do.
    const retake = await shelf.retakeSince(version.hash)
    if (retake && retake <= at) return false
    const { person, course, account } = record
    const actor: PersonActor = { kind: 'person', account, person, roles: [] }
    await audit.recordMany(attempt.facts.flatMap((fact) => signatureOf(actor, record, fact)))
    await completions.recordMany(actor, [
      {
        person,
        course,
        version: { hash: version.hash, label: version.label },
        delivery: 'online',
        on: dayOf(at),
        evidence: { kind: 'attempt', id: record.attempt },
      },
    ])
    await store.end(record.attempt, at)
    return true
  }
}

/** What the record says of a text that somebody has confirmed to have read. */
function signatureOf(actor: PersonActor, record: AttemptRecord, fact: Fact): Entry[] {
  if (fact.kind !== 'acknowledged') return []
  const { text, hash, language } = fact
  const { person, course, attempt } = record
  const act = { act: 'text.acknowledged', people: [person], course, text, hash, language } as const
  return [{ actor, act, key: `text.acknowledged:${attempt}:${hash}` }]
}
