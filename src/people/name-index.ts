import { createVocabulary, type Vocabulary } from './name-vocabulary.js'
import {
  comparedWords,
  likeness,
  likenesses,
  wordsOf,
  type Fitting,
  type Likeness,
} from './name-words.js'

/** The names of one person: what they are called now, and what they were called before. */
export interface Named {
  id: string
  now: readonly string[]
  before: readonly string[]
}

/** People whose name is like what was written, all equally like it. */
export interface Likely {
  likeness: Likeness
  people: string[]
}

/**
 * Everybody's names in memory, by their words: a hundred thousand people are searched in a few
 * milliseconds. A former name is found like any other and comes out as the person's id alone.
 */
export interface NameIndex {
  /** Ids of people in one of whose names every word of `text` begins some word; the likest first. */
  search(text: string, limit: number): string[]
  /** Those to whom a name on a register may belong: of the likest kind there is, at most `limit`. */
  likely(name: string, limit: number): Likely | undefined
}

interface Form {
  person: number
  former: boolean
  /** Its words by number: all of them, and those by which it is compared. */
  words: readonly number[]
  compared: readonly number[]
}

// A word that so many bear says too little to look at each of them.
const common = 4000

const setOfWords = (words: readonly number[]): string => words.toSorted((a, b) => a - b).join(' ')

/** Gathers names, which takes a while for many: give it some at a time and let others in between. */
export function createNameIndex() {
  const ids: string[] = []
  const vocabulary = createVocabulary()
  const forms: Form[] = []
  const bearers: number[][] = []
  const bySet = new Map<string, number[]>()

  function addForm(person: number, name: string, former: boolean): void {
    const words = [...new Set(wordsOf(name))].map(vocabulary.number)
    const compared = comparedWords(name).map(vocabulary.number)
    const form = forms.push({ person, former, words, compared }) - 1
    for (const word of words) (bearers[word] ??= []).push(form)
    const key = setOfWords(compared)
    const others = bySet.get(key)
    if (others) others.push(form)
    else bySet.set(key, [form])
  }

  return {
    add({ id, now, before }: Named): void {
      const person = ids.push(id) - 1
      for (const name of new Set(now)) addForm(person, name, false)
      for (const name of new Set(before)) if (!now.includes(name)) addForm(person, name, true)
    },
    finish: (): NameIndex => finish({ ids, vocabulary, forms, bearers, bySet }),
  }
}

/** Passes over, without a closer look, those who have too few words that fit. */
function mayFit(fit: ReadonlySet<number>, written: number, name: readonly number[]): boolean {
  let missing = name.length - Math.min(written, name.length)
  for (const word of name) if (!fit.has(word) && --missing < 0) return false
  return true
}

interface Gathered {
  ids: readonly string[]
  vocabulary: Vocabulary
  forms: readonly Form[]
  bearers: readonly (readonly number[])[]
  bySet: ReadonlyMap<string, readonly number[]>
}

function finish({ ids, vocabulary, forms, bearers, bySet }: Gathered): NameIndex {
  const borneBy = (words: Iterable<number>): number => {
    let count = 0
    for (const word of words) count += bearers[word]?.length ?? 0
    return count
  }

  /** Sorts forms by how like the written words they are. */
  function compare(
    written: readonly string[],
    among: readonly number[],
    found: Map<Likeness, Set<number>>,
    fitting: (word: string) => Fitting = vocabulary.fitting,
  ): void {
    if (among.length === 0) return
    const fittings = written.map(fitting)
    const fit = new Set(fittings.flatMap(({ itself = -1, nearly }) => [itself, ...nearly.keys()]))
    for (const number of among) {
      const form = forms[number]
      if (!form || !mayFit(fit, written.length, form.compared)) continue
      const how = likeness(fittings, form.compared)
      if (how === undefined) continue
      const kind = form.former ? 'former' : how
      found.set(kind, (found.get(kind) ?? new Set()).add(form.person))
    }
  }

  /** For names of the very same words no word need be sought that is only like another. */
  const itself = (word: string): Fitting => ({ itself: vocabulary.find(word), nearly: new Map() })

  return {
    search(text, limit) {
      const sought = wordsOf(text)
      const ranges = sought
        .map(vocabulary.beginningWith)
        .toSorted((one, other) => borneBy(one) - borneBy(other))
      const [rarest, ...others] = ranges
      const exact = new Set(sought.map(vocabulary.find))
      const best = new Map<number, number>()
      for (const number of [...(rarest ?? [])].flatMap((word) => bearers[word] ?? [])) {
        const form = forms[number]
        if (!form || !others.every((range) => form.words.some((word) => range.has(word)))) continue
        const whole = form.words.filter((word) => exact.has(word)).length
        const rank = whole * 2 + (form.former ? 0 : 1)
        if (rank > (best.get(form.person) ?? -1)) best.set(form.person, rank)
      }
      const ranked = [...best].toSorted(([, one], [, other]) => other - one)
      return ranked.slice(0, limit).map(([person]) => ids[person] ?? '')
    },

    likely(name, limit) {
      const written = comparedWords(name)
      const known = [...new Set(written)].flatMap((word) => vocabulary.find(word) ?? [])
      const found = new Map<Likeness, Set<number>>()
      if (known.length === new Set(written).size) {
        compare(written, bySet.get(setOfWords(known)) ?? [], found, itself)
      }
      // Whoever bears the very name leaves no need to look for others.
      if (!found.has('same')) {
        const lists = known.map((word) => bearers[word] ?? [])
        const [rarest = [], next = []] = lists.toSorted((a, b) => a.length - b.length)
        compare(written, rarest, found)
        // One wrong word that happens to be somebody else's name must not hide all the others.
        if (next.length <= common) compare(written, next, found)
      }
      const kind = likenesses.find((candidate) => found.has(candidate))
      if (kind === undefined) return undefined
      const people = [...(found.get(kind) ?? [])].slice(0, limit)
      return { likeness: kind, people: people.map((person) => ids[person] ?? '') }
    },
  }
}
