import type { Sentence } from '../language.js'
import { counting, entryKey, inForce, type Entry } from './entry.js'
import { completes, sameMark, type Mark } from './mark.js'
import type { Recognised } from './recognise.js'
import type { CellFault, RowFacts } from './row.js'
import type { Whereabouts } from './whereabouts.js'

/** What a rehearsal says of a row. Only `matched` rows change anything when the file is committed. */
export const verdicts = [
  'matched',
  'suggested',
  'unknown',
  'recorded',
  'contradictory',
  'faulty',
] as const
export type Verdict = (typeof verdicts)[number]

/** A row with its verdict and the one sentence that says why. */
export interface JudgedRow {
  line: number
  verdict: Verdict
  say: Sentence
  faults: readonly CellFault[]
  remarks: readonly Sentence[]
  /** A training session's id, or the key of one that the file itself brings. */
  session?: string
  person?: string
  /** Who may be meant; somebody chooses. */
  suggestions?: readonly string[]
  mark?: Mark
  /** What the register says of the person so far. */
  before?: Mark
  /** It counts once a second person has signed it. */
  countersign?: true
}

/** What is known of the world when a file is judged. */
export interface Bench {
  entries: ReadonlyMap<string, Entry>
  /** SHA-256 of the file: what it has brought before it does not bring again. */
  file: string
  uploader: string | undefined
  /** The uploader's managers, employers and staff. */
  line: ReadonlySet<string>
  nameOf: (person: string) => string
}

export interface RowInWorld {
  facts: RowFacts
  where: Whereabouts | undefined
  who: Recognised | undefined
}

const key = (name: string, params?: Sentence['with']): Sentence =>
  params ? { key: `register.row.${name}`, with: params } : { key: `register.row.${name}` }

/** Whether the register says already what the row says, or has heard it from this very file. */
function isRecorded(entry: Entry | undefined, mark: Mark, file: string): boolean {
  if (!entry) return false
  const brought = entry.statements.some(
    (statement) => statement.file === file && !statement.withdrawn && sameMark(statement, mark),
  )
  const current = inForce(entry)
  const says = current && counting(entry) === current && current.attendance === mark.attendance
  return brought || (says === true && (mark.minutes ?? current.minutes) === current.minutes)
}

/** Judges a row by itself. */
export function judgeRow({ facts, where, who }: RowInWorld, bench: Bench): JudgedRow {
  const { line, mark } = facts
  const base = { line, faults: facts.faults, remarks: facts.remarks, ...(mark ? { mark } : {}) }
  const faulty = (say: Sentence, faults = facts.faults): JudgedRow => ({
    ...base,
    verdict: 'faulty',
    say,
    faults,
  })
  const [first] = facts.faults
  if (first || !mark || !where || !who) {
    return faulty(first?.say ?? { key: 'register.cell.missing' })
  }
  if ('say' in where) return faulty(where.say, [{ field: where.field, say: where.say }])
  const held = 'held' in where ? where.held : undefined
  const session = 'held' in where ? where.held.id : where.unplanned.key
  const trainers = 'held' in where ? where.held.trainers : where.unplanned.trainers
  const placed = { ...base, session }
  if ('unknown' in who) return { ...placed, verdict: 'unknown', say: who.unknown }
  if ('suggestions' in who) {
    return { ...placed, verdict: 'suggested', say: who.say, suggestions: who.suggestions }
  }
  const { person } = who
  const name = bench.nameOf(person)
  const known = { ...placed, person }
  const refuse = (say: Sentence): JudgedRow => ({ ...known, verdict: 'faulty', say })
  if (person === bench.uploader) return refuse(key('own'))
  if (trainers.includes(person)) return refuse(key('gave-it', { name }))

  const entry = bench.entries.get(entryKey(session, person))
  const before = entry && inForce(entry)
  const was = before ? { before: markOf(before) } : {}
  if (isRecorded(entry, mark, bench.file)) {
    return { ...known, ...was, verdict: 'recorded', say: key('recorded', { name }) }
  }
  if (held && held.register.state !== 'open') return { ...refuse(key('signed', { name })), ...was }
  const says = before ? 'changes' : 'will-be'
  const params = { name, minutes: mark.minutes ?? 0 }
  const remarks = [...facts.remarks]
  const { partCountsFrom: from } = 'held' in where ? where.held.taught : where.unplanned.taught
  if (mark.attendance === 'part' && !completes(mark, from)) {
    remarks.push(
      key(from === undefined ? 'part-never-counts' : 'part-too-short', { from: from ?? 0 }),
    )
  }
  const countersign = bench.line.has(person)
  if (countersign) remarks.push(key('countersign', { name }))
  return {
    ...known,
    ...was,
    verdict: 'matched',
    say: key(`${says}.${mark.attendance}`, params),
    remarks,
    ...(countersign ? { countersign } : {}),
  }
}

const markOf = ({ attendance, minutes }: Mark): Mark => ({
  attendance,
  ...(minutes === undefined ? {} : { minutes }),
})

/**
 * Judges rows against each other: one that says the same again is passed over, and of rows that
 * contradict each other none counts.
 */
export function againstEachOther(judged: readonly JudgedRow[]): (row: JudgedRow) => JudgedRow {
  const subjectOf = ({ session, person, verdict }: JudgedRow): string | undefined =>
    session === undefined || person === undefined || verdict === 'faulty'
      ? undefined
      : entryKey(session, person)
  const bySubject = new Map<string, JudgedRow[]>()
  for (const row of judged) {
    const subject = subjectOf(row)
    if (subject === undefined) continue
    const others = bySubject.get(subject)
    if (others) others.push(row)
    else bySubject.set(subject, [row])
  }
  return (row) => {
    const others = bySubject.get(subjectOf(row) ?? '') ?? []
    const { mark } = row
    const rival = mark && others.find((other) => other.mark && !sameMark(other.mark, mark))
    if (rival) {
      return { ...row, verdict: 'contradictory', say: key('contradicts', { line: rival.line }) }
    }
    const [first] = others
    return first && first !== row
      ? { ...row, verdict: 'recorded', say: key('twice', { line: first.line }) }
      : row
  }
}
