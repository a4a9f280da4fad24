import type { Sentence } from '../language.js'
import { calledName, foldName, type Likely, type Person } from '../people/people.js'
import type { RowFacts } from './row.js'

/** Whose row it is: surely; perhaps, until a person has confirmed it; or nobody's that is known. */
export type Recognised =
  { person: string } | { suggestions: readonly string[]; say: Sentence } | { unknown: Sentence }

/** What has been looked up for a whole file. */
export interface Known {
  byId: ReadonlyMap<string, Person>
  byEmail: ReadonlyMap<string, Person>
  /** By the name as it was written, for rows that nothing surer finds. */
  byName: ReadonlyMap<string, Likely>
}

const sharesWord = (one: string, other: string): boolean => {
  const words = new Set(foldName(one).split(' '))
  return foldName(other)
    .split(' ')
    .some((word) => word.length > 1 && words.has(word))
}

/** Whether a name that was written may be that of somebody who is found by a surer sign. */
const fits = (person: Person, written: string, known: Known): boolean =>
  sharesWord(person.name, written) ||
  (person.preferredName !== undefined && sharesWord(person.preferredName, written)) ||
  (known.byName.get(written)?.people.includes(person.id) ?? false)

/** The name by which a row can be looked up: the one given, else what the e-mail address is made of. */
const nameToLookUp = ({ name, email }: Pick<RowFacts, 'name' | 'email'>): string =>
  name ?? (email ?? '').replace(/@.*/, '').replace(/[._\-\d]+/g, ' ')

/**
 * The name that has to be compared with everybody's: only where neither id nor address finds
 * somebody whom the name fits.
 */
export function nameInDoubt(facts: RowFacts, known: Known): string | undefined {
  const { person, email, name } = facts
  const found = person === undefined ? known.byEmail.get(email ?? '') : known.byId.get(person)
  if (found && (name === undefined || fits(found, name, known))) return undefined
  const sought = nameToLookUp(facts)
  return sought.trim() === '' ? undefined : sought
}

/** Why it is asked never says more than that somebody may be meant: a former name finds in silence. */
function suggest(people: readonly string[], known: Known, key: string): Recognised {
  const [first] = people
  const likeliest = first === undefined ? undefined : known.byId.get(first)
  if (!likeliest) return { unknown: { key: 'register.row.unknown-person' } }
  return { suggestions: people, say: { key, with: { name: calledName(likeliest) } } }
}

/**
 * Says whose row it is. An id, an e-mail address, or the very name that exactly one person bears is
 * sure, as long as nothing else in the row speaks against it; everything else is suggested, and a
 * person confirms it. Among several of one name whoever had a place comes first.
 */
export function recognise(
  facts: RowFacts,
  known: Known,
  hasPlace: (person: string) => boolean,
): Recognised {
  const { person: id, email, name } = facts
  const alike = known.byName.get(nameToLookUp(facts))
  const others = (alike?.people ?? []).toSorted(
    (one, other) => Number(hasPlace(other)) - Number(hasPlace(one)),
  )
  const withAddress = known.byEmail.get(email ?? '')
  if (id !== undefined) {
    const person = known.byId.get(id)
    if (!person) return { unknown: { key: 'register.row.unknown-id', with: { value: id } } }
    if (withAddress && withAddress.id !== id) {
      return suggest([id, withAddress.id], known, 'register.row.address-of-another')
    }
    if (name === undefined || fits(person, name, known)) return { person: id }
    return suggest([id, ...others], known, 'register.row.name-differs')
  }
  if (withAddress) {
    if (name === undefined || fits(withAddress, name, known)) return { person: withAddress.id }
    return suggest([withAddress.id, ...others], known, 'register.row.name-differs')
  }
  if (alike?.likeness === 'same' && email === undefined) {
    const [only, another] = alike.people
    if (only !== undefined && another === undefined) return { person: only }
    return suggest(others, known, 'register.row.several-of-that-name')
  }
  return suggest(others, known, 'register.row.may-be')
}
