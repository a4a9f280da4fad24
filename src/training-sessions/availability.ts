import type { Day } from '../clock.js'

/** A time at which a training session might be held. */
export interface Slot {
  id: string
  on: Day
  from: string
  to: string
}

/** Who could come when. */
export interface Availability {
  person: string
  slots: readonly string[]
}

/** A training session worth planning: the people it would serve who are served by none before it. */
export interface Proposal {
  slot: string
  people: string[]
  /** How many could come to it at all. */
  possible: number
}

/**
 * Proposes training sessions from collected availability: first the slot that serves most, then the
 * one that serves most of those left, until everybody who can come anywhere has a place. Of two that
 * serve as many, the earlier; people keep the order in which they answered.
 */
export function proposeSessions(
  slots: readonly Slot[],
  answers: readonly Availability[],
  capacity: number,
): Proposal[] {
  const proposals: Proposal[] = []
  const served = new Set<string>()
  const inTime = slots.toSorted((one, other) =>
    `${one.on} ${one.from}` < `${other.on} ${other.from}` ? -1 : 1,
  )
  const left = new Set(inTime)
  while (left.size > 0) {
    let best: Proposal | undefined
    let bestSlot: Slot | undefined
    for (const slot of left) {
      const possible = answers.filter((answer) => answer.slots.includes(slot.id))
      const people = possible
        .map(({ person }) => person)
        .filter((person) => !served.has(person))
        .slice(0, capacity)
      if (people.length > (best?.people.length ?? 0)) {
        best = { slot: slot.id, people, possible: possible.length }
        bestSlot = slot
      }
    }
    if (!best || !bestSlot) break
    for (const person of best.people) served.add(person)
    left.delete(bestSlot)
    proposals.push(best)
  }
  return proposals
}
