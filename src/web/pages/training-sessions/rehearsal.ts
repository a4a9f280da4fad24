import { isEqual } from 'es-toolkit'
import type { Bilingual, Sentence } from '../../../language.js'
import {
  registerFields,
  verdicts,
  type CellFault,
  type KeptRow,
  type RegisterField,
  type Upload,
  type Verdict,
} from '../../../training-sessions/training-sessions.js'
import { registerAddress, type Recognisable } from './around.js'
import { pagingOf } from '../../paging.js'

export const rowsOnPage = 40

type CourseTitle = (course: string) => Bilingual

/** The address of a rehearsal, at a page of its rows. */
export function rehearsalAddress(id: string, verdict?: Verdict, page = 1): string {
  const query = new URLSearchParams({
    ...(verdict ? { verdict } : {}),
    ...(page > 1 ? { page: String(page) } : {}),
  }).toString()
  return `/registers/${id}${query ? `?${query}` : ''}`
}

/** What a row's cell says, as mended. */
const textOf = (row: KeptRow, field: RegisterField, { reading }: Upload): string => {
  const column = reading.mapping[field]
  return row.fixes?.[field] ?? (column === undefined ? '' : (row.cells[column] ?? ''))
}

function nameOf(row: KeptRow, upload: Upload): string {
  const firstAndLast = [textOf(row, 'first-name', upload), textOf(row, 'last-name', upload)]
  return (
    textOf(row, 'name', upload) ||
    firstAndLast.filter(Boolean).join(' ') ||
    textOf(row, 'email', upload) ||
    textOf(row, 'person', upload)
  )
}

// What somebody can write anew in a row whose person is not known.
const unknownFields: RegisterField[] = ['name', 'email']

/** The cells of a row that can be written anew here, each with what is wrong with it. */
function mendable(row: KeptRow, upload: Upload): object[] {
  const { judged, line } = row
  if (!judged) return []
  const input = (field: RegisterField, fault?: CellFault) => ({
    id: `fix-${line}-${field}`,
    field,
    value: fault?.suggestion ?? textOf(row, field, upload),
    ...(fault ? { say: fault.say } : {}),
  })
  if (judged.verdict === 'unknown') return unknownFields.map((field) => input(field))
  if (judged.verdict === 'contradictory') return [input('attendance')]
  const seen = new Map(judged.faults.map((fault) => [fault.field, fault]))
  return judged.verdict === 'faulty'
    ? [...seen.values()].map((fault) => input(fault.field, fault))
    : []
}

/** Everything there is to say of a row beyond its verdict's own sentence. */
const remarksOf = ({ judged }: KeptRow): Sentence[] => [...(judged?.remarks ?? [])]

/** The register that a recorded row now stands in. */
function registerOf({ judged, statement }: KeptRow, { unplanned }: Upload): string | undefined {
  const session = judged?.session
  if (session === undefined || statement === undefined) return undefined
  return registerAddress(unplanned.find(({ key }) => key === session)?.id ?? session)
}

function rowModel(row: KeptRow, upload: Upload, people: ReadonlyMap<string, Recognisable>): object {
  const { judged, line } = row
  const fields = mendable(row, upload)
  const saidOfCell =
    upload.state === 'rehearsed' &&
    judged?.verdict === 'faulty' &&
    judged.faults.some(({ say }) => isEqual(say, judged.say))
  const choices = (judged?.suggestions ?? []).flatMap((id) => people.get(id) ?? [])
  const chosen = row.choice === undefined ? undefined : people.get(row.choice)
  return {
    line,
    name: nameOf(row, upload),
    attendance: textOf(row, 'attendance', upload),
    minutes: textOf(row, 'minutes', upload),
    session: [
      textOf(row, 'session', upload),
      textOf(row, 'course', upload),
      textOf(row, 'date', upload),
      textOf(row, 'start', upload),
    ]
      .filter(Boolean)
      .join(', '),
    verdict: judged?.verdict,
    // What is said of a cell stands beside it, and not twice.
    because: saidOfCell ? undefined : judged?.say,
    remarks: remarksOf(row),
    before: judged?.before,
    register: upload.state === 'done' ? registerOf(row, upload) : undefined,
    fields,
    choices,
    chosen,
  }
}

/** How each column is read, for showing and for changing it. */
function columnsOf({ reading, dropped }: Upload): object[] {
  const { headings, mapping } = reading
  return headings.flatMap((heading, column) => {
    if (heading === '') return []
    const isDropped = dropped.includes(heading)
    return [
      {
        id: `column-${column}`,
        heading,
        dropped: isDropped,
        options: ['', ...registerFields].map((field) => ({
          field,
          selected: field !== '' && mapping[field as RegisterField] === column,
        })),
      },
    ]
  })
}

/** Training sessions that only the file knows, and that recording it would make. */
const unplannedOf = ({ unplanned }: Upload, courseTitle: CourseTitle): object[] =>
  unplanned.map(({ course, on, from, to, delivery, venue }) => ({
    title: courseTitle(course),
    on,
    from,
    to,
    delivery,
    venue,
  }))

/** What the page of an upload shows, whatever state it is in. */
export function uploadModel(
  upload: Upload,
  rows: readonly KeptRow[],
  people: ReadonlyMap<string, Recognisable>,
  where: { courseTitle: CourseTitle; verdict?: Verdict | undefined; page: number },
): object {
  const { id, counts, state, rows: total, progress } = upload
  const { verdict, page } = where
  const matching = verdict === undefined ? total : counts[verdict]
  const ready = counts.matched
  const bad = total - counts.matched - counts.recorded
  return {
    upload,
    id,
    state,
    ready,
    bad,
    total,
    counts,
    here: rehearsalAddress(id, verdict, page),
    verdict,
    page,
    readable: upload.faults.length === 0,
    columns: columnsOf(upload),
    unplanned: unplannedOf(upload, where.courseTitle),
    percent: progress.of === 0 ? 100 : Math.floor((progress.done / progress.of) * 100),
    tabs: verdicts
      .filter((one) => counts[one] > 0)
      .map((one) => ({
        verdict: one,
        count: counts[one],
        current: one === verdict,
        href: rehearsalAddress(id, one),
      })),
    all: { href: rehearsalAddress(id), current: verdict === undefined },
    shown: rows.map((row) => rowModel(row, upload, people)),
    mendable: rows.some(
      ({ judged }) => judged && !['matched', 'recorded'].includes(judged.verdict),
    ),
    ...pagingOf({ total: matching, size: rowsOnPage, number: page }, (number) =>
      rehearsalAddress(id, verdict, number),
    ),
  }
}
