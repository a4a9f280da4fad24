import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Words } from '../../language.js'
import type { People, PlannedChange, Rehearsal } from '../../people/people.js'
import { writeCsv, type Cell } from '../../tables/tables.js'
import { directoryUploadOf } from '../directory-upload.js'
import { file, go, page, view, type Page } from '../page.js'
import { pagingOf } from '../paging.js'

const pageSize = 50
/** More than these nobody mends on a page; all of them are in the file that it offers. */
const mostFaults = 200
const kinds = ['added', 'changed', 'ended', 'retracted'] as const
const title = { key: 'directory-page.title' }
const done = { key: 'directory-page.done' }
const underWay = { key: 'directory-page.under-way' }

/** A change in words that somebody who keeps the directory reads: who or what, and what becomes of it. */
function changeRow({ kind, file, key, line, fields, stored }: PlannedChange): object {
  const differing = Object.entries(fields).filter(
    ([name, value]) =>
      stored === undefined || value !== (stored.fields[name as keyof typeof fields] ?? null),
  )
  return {
    kind,
    file: `${file}.csv`,
    line,
    key: fields.name ?? key,
    fields: differing.flatMap(([name, value]) =>
      value === null && !stored ? [] : [{ name, value: value ?? '–' }],
    ),
  }
}

function rehearsalModel(
  rehearsal: Rehearsal,
  number: number,
  kind?: (typeof kinds)[number],
): object {
  const shown = rehearsal.changes.filter((change) => kind === undefined || change.kind === kind)
  const address = (page: number): string => {
    const query = new URLSearchParams({ ...(kind ? { kind } : {}), page: String(page) })
    return `/directory/${rehearsal.id}?${query.toString()}`
  }
  return {
    id: rehearsal.id,
    counts: rehearsal.counts,
    unchanged: rehearsal.unchanged,
    waiting: rehearsal.waiting,
    faultCount: rehearsal.faults.length,
    faultList: rehearsal.faults.slice(0, mostFaults),
    moreFaults: rehearsal.faults.length > mostFaults,
    nothing: rehearsal.changes.length === 0,
    asks: rehearsal.asks ? Math.round(rehearsal.endingShare * 100) : undefined,
    changes: shown.slice((number - 1) * pageSize, number * pageSize).map(changeRow),
    tabs: kinds.map((one) => ({
      kind: one,
      count: rehearsal.counts[one],
      current: one === kind,
      href: `/directory/${rehearsal.id}?kind=${one}`,
    })),
    all: { href: `/directory/${rehearsal.id}`, current: kind === undefined },
    ...pagingOf({ total: shown.length, size: pageSize, number }, address),
  }
}

/** Bringing the directory up to date: send the files, see what they would change, confirm. */
export function directoryPages({ people, words }: { people: People; words: Words }): Page[] {
  const { directory } = people
  const form = () => view('directory/upload', title)
  return [
    page({
      method: 'get',
      path: '/directory',
      permission: 'keep-directory',
      input: z.object({}),
      audit: 'nothing',
      handle: form,
    }),
    page({
      method: 'post',
      path: '/directory',
      permission: 'keep-directory',
      input: z.object({
        source: z
          .string()
          .regex(/^[a-z0-9-]{1,40}$/)
          .default('directory'),
      }),
      audit: 'act',
      upload: 'file',
      async handle({ actor, files, input }) {
        const { id } = await directory.rehearse(actor, directoryUploadOf(files), input.source)
        return go(`/directory/${id}`)
      },
      again: form,
    }),
    page({
      method: 'get',
      path: '/directory/:id',
      permission: 'keep-directory',
      input: z.object({
        id: z.string().max(40),
        kind: z.enum(kinds).optional(),
        page: z.coerce.number().int().min(1).max(100_000).default(1),
      }),
      audit: 'nothing',
      async handle({ input }) {
        const rehearsal = await directory.review(input.id)
        const { state, counts } = rehearsal
        if (state === 'done') return view('directory/done', done, { counts })
        if (state === 'confirmed') return view('directory/under-way', underWay)
        const model = rehearsalModel(rehearsal, input.page, input.kind)
        return view('directory/rehearsal', { key: 'directory-page.rehearsal' }, model)
      },
    }),
    page({
      method: 'get',
      path: '/directory/:id/faults.csv',
      permission: 'keep-directory',
      input: z.object({ id: z.string().max(40) }),
      audit: 'nothing',
      async handle({ input, language }) {
        const { faults } = await directory.review(input.id)
        const header = ['file', 'line', 'column', 'what'].map((column) =>
          words.say(language, { key: `directory-page.column-${column}` }),
        )
        const rows = function* (): Generator<Cell[]> {
          for (const fault of faults) {
            yield [fault.file, fault.line, fault.column, words.say(language, fault.say)]
          }
        }
        const bytes = Readable.from(writeCsv(header, rows()))
        return file(bytes, 'text/csv; charset=utf-8', { name: 'faults.csv' })
      },
    }),
    page({
      method: 'post',
      path: '/directory/:id/confirm',
      permission: 'keep-directory',
      input: z.object({ id: z.string().max(40), sure: z.literal('yes').optional() }),
      audit: 'act',
      async handle({ actor, input }) {
        await directory.confirm(actor, input.id, { allowEnding: input.sure === 'yes' })
        return go(`/directory/${input.id}`)
      },
      async again({ input }) {
        const model = rehearsalModel(await directory.review(String(input['id'])), 1)
        return view('directory/rehearsal', { key: 'directory-page.rehearsal' }, model)
      },
      faultsAt: 'sure',
    }),
  ]
}
