import { dayNumber, type Day } from '../clock.js'
import type { Work } from '../turns.js'
import { none } from './columns.js'
import type { NameIndex } from './names.js'
import type { Roll } from './roll.js'
import { standings } from './timeline.js'

/**
 * Everybody's lines on one day, in the order of names: one column to an array, so that a filter is a
 * walk through numbers. Lines that nobody lists (no rule speaks of them) are left out.
 */
export interface DayView {
  readonly on: Day
  readonly length: number
  readonly person: Int32Array
  readonly row: Int32Array
  readonly part: Int32Array
  readonly answer: Int32Array
  readonly state: Uint8Array
  readonly kind: Uint8Array
  readonly duty: Int32Array
  readonly house: Uint8Array
  readonly party: Int32Array
  readonly office: Int32Array
  readonly due: Int32Array
  /** Puts in what the roll now says of a person; false when that takes more or fewer lines. */
  renew(person: number): boolean
}

const notListed = standings.indexOf('not-required')

/** What the roll says of a day, person by person. */
export function* viewDay(roll: Roll, names: NameIndex, on: Day): Work<DayView> {
  const day = dayNumber(on)
  let room = 0
  for (const person of names.order) {
    const [first, end] = roll.rowsOf(person)
    room += end - first
  }
  const numbers = () => new Int32Array(room)
  const small = () => new Uint8Array(room)
  const view = {
    on,
    person: numbers(),
    row: numbers(),
    part: numbers(),
    answer: numbers(),
    state: small(),
    kind: small(),
    duty: numbers(),
    house: small(),
    party: numbers(),
    office: numbers(),
    due: numbers(),
  }
  const starts = new Int32Array(roll.size).fill(none)
  let length = 0

  /** Writes a person's lines from a place on, as far as `limit`; answers the place after them. */
  function write(person: number, from: number, limit: number): number {
    let at = from
    const [first, end] = roll.rowsOf(person)
    for (let row = first; row < end; row++) {
      const answer = roll.answerOn(row, day)
      if (answer === none) continue
      const state = roll.answer(answer, 'state')
      const part = roll.partOn(row, day)
      if (state === notListed || part === none) continue
      if (at < limit) {
        view.person[at] = person
        view.row[at] = row
        view.part[at] = part
        view.answer[at] = answer
        view.state[at] = state
        view.kind[at] = roll.kind(row)
        view.duty[at] = roll.duty(row)
        view.house[at] = roll.part(part, 'house')
        view.party[at] = roll.part(part, 'party')
        view.office[at] = roll.part(part, 'office')
        view.due[at] = roll.answer(answer, 'due')
      }
      at++
    }
    return at
  }

  for (const person of names.order) {
    starts[person] = length
    length = write(person, length, room)
    yield
  }
  return {
    ...view,
    length,
    renew(person) {
      const start = starts[person] ?? none
      // Somebody who is new takes lines that are not there.
      if (start === none) return false
      let end = start
      while (end < length && view.person[end] === person) end++
      // Counted first, with no room to write: nothing is changed where the lines do not fit.
      if (write(person, start, start) !== end) return false
      write(person, start, end)
      return true
    },
  }
}
