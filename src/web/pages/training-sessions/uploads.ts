import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { invalid } from '../../../errors.js'
import type { Language } from '../../../language.js'
import {
  registerFields,
  verdicts,
  type Adjustment,
  type Fixes,
  type Mapping,
  type Verdict,
} from '../../../training-sessions/training-sessions.js'
import { optional } from '../../fields.js'
import { file, go, page, view, type Answer, type Page, type Typed } from '../../page.js'
import {
  namesOfActors,
  recentSessions,
  recognisable,
  id,
  type TrainingSessionPagesParts,
} from './around.js'
import { rehearsalAddress, rowsOnPage, uploadModel } from './rehearsal.js'

const place = {
  id,
  verdict: optional(z.enum(verdicts)),
  page: optional(z.coerce.number().int().min(1).max(10_000)),
}
const title = { key: 'registers.title' }
const permission = 'run-training-sessions'

// What takes longer than this is followed on a page that says how far it is.
const patience = 1500

const fieldOf = (name: string) => registerFields.find((field) => field === name)

/** How columns are to be read, from a form with one field for each of them. */
function mappingIn(form: Typed): Mapping {
  const columns = Object.entries(form).flatMap(([name, value]) => {
    const column = /^column-(\d+)$/.exec(name)?.[1]
    const field = fieldOf(String(value))
    return column === undefined || field === undefined ? [] : [[field, Number(column)] as const]
  })
  const twice = columns.find(([field], at) => columns.findIndex(([one]) => one === field) !== at)
  if (twice) throw invalid('registers.column-twice', { field: twice[0] })
  return Object.fromEntries(columns)
}

/** What was written anew and who was chosen, from a form with fields named by line. */
function adjustmentIn(form: Typed): Adjustment {
  const fixes = new Map<number, Fixes>()
  const choices: { line: number; person?: string }[] = []
  for (const [name, value] of Object.entries(form)) {
    const [, line, field = ''] = /^fix-(\d+)-([a-z-]+)$/.exec(name) ?? []
    const known = fieldOf(field)
    if (line !== undefined && known !== undefined) {
      fixes.set(Number(line), { ...fixes.get(Number(line)), [known]: String(value).slice(0, 500) })
    }
    const chooser = /^who-(\d+)$/.exec(name)?.[1]
    if (chooser === undefined) continue
    const person = String(value)
    choices.push({ line: Number(chooser), ...(person ? { person } : {}) })
  }
  return { fixes: [...fixes].map(([line, cells]) => ({ line, cells })), choices }
}

/** Registers that are uploaded: sent, rehearsed, mended, recorded, taken back, undone. */
export function uploadPages(parts: TrainingSessionPagesParts): Page[] {
  const { training, courseTitle } = parts
  const { uploads } = training

  async function list(actor: Actor, chosen: unknown): Promise<Answer> {
    const [all, sessions] = await Promise.all([uploads.list(actor), recentSessions(parts, actor)])
    const nameOf = await namesOfActors(
      parts,
      all.map(({ uploaded }) => uploaded.by),
    )
    const model = {
      uploads: all.map((upload) => ({ ...upload, by: nameOf(upload.uploaded.by) })),
      sessions: sessions.map((session) => ({
        ...session,
        title: courseTitle(session.course),
      })),
      chosen,
    }
    return view('registers/list', title, model)
  }

  async function show(
    actor: Actor,
    uploadId: string,
    where: { verdict?: Verdict | undefined; page?: number | undefined } = {},
  ): Promise<Answer> {
    const { verdict, page: number = 1 } = where
    const upload = await uploads.get(actor, uploadId)
    const from = (number - 1) * rowsOnPage
    const query = { ...(verdict ? { verdict } : {}), from, size: rowsOnPage }
    const rows = await uploads.rows(actor, uploadId, query)
    const meant = rows.flatMap(({ judged, choice }) => [
      ...(judged?.suggestions ?? []),
      ...(choice === undefined ? [] : [choice]),
    ])
    const known = await recognisable(parts, [...new Set(meant)])
    const sessions = upload.faults.length > 0 ? await recentSessions(parts, actor) : []
    const model = {
      ...uploadModel(upload, rows, known, { courseTitle, verdict, page: number }),
      sessions: sessions.map((session) => ({
        ...session,
        title: courseTitle(session.course),
      })),
    }
    const shown = { key: 'registers.one', with: { name: upload.file.name } }
    return view('registers/upload', shown, model)
  }

  const again = ({ actor, input }: { actor: Actor; input: Typed }) =>
    show(actor, String(input['id']))

  /** Does long work, and sends the browser to its page when it is done or takes its time. */
  async function follow(uploadId: string, work: Promise<unknown>): Promise<Answer> {
    // What fails after this page has been answered is finished by the reconciler.
    const settled = work.catch((error: unknown) => ({ error }))
    const first = await Promise.race([settled, pause(patience)])
    if (first !== null && typeof first === 'object' && 'error' in first) throw first.error
    return go(rehearsalAddress(uploadId))
  }

  return [
    page({
      method: 'get',
      path: '/registers',
      permission,
      input: z.object({ session: optional(id) }),
      audit: 'nothing',
      handle: ({ actor, input }) => list(actor, input.session),
    }),
    page({
      method: 'post',
      path: '/registers',
      permission,
      input: z.object({ session: optional(id) }),
      audit: 'act',
      upload: 'file',
      async handle({ actor, files, input }) {
        const [sent] = files.filter(({ bytes }) => bytes.length > 0)
        if (!sent) throw invalid(files.length > 0 ? 'table.empty' : 'registers.no-file')
        const upload = await uploads.rehearse(actor, sent, input.session)
        return go(rehearsalAddress(upload.id))
      },
      again: ({ actor, input }) => list(actor, input['session']),
    }),
    page({
      method: 'get',
      path: '/registers/:id',
      permission,
      input: z.object(place),
      audit: 'nothing',
      handle: ({ actor, input }) => show(actor, input.id, input),
    }),
    page({
      method: 'post',
      path: '/registers/:id/columns',
      permission,
      input: z.looseObject({ id, session: optional(id) }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const { session } = input
        const chosen = session === undefined ? {} : { session }
        await uploads.adjust(actor, input.id, { mapping: mappingIn(input), ...chosen })
        return go(rehearsalAddress(input.id))
      },
      again,
      faultsAt: 'columns',
    }),
    page({
      method: 'post',
      path: '/registers/:id/rows',
      permission,
      input: z.looseObject(place),
      audit: 'nothing',
      async handle({ actor, input }) {
        await uploads.adjust(actor, input.id, adjustmentIn(input))
        return go(rehearsalAddress(input.id, input.verdict, input.page))
      },
      again,
      faultsAt: 'rows',
    }),
    page({
      method: 'post',
      path: '/registers/:id/confirm',
      permission,
      input: z.object({ id, which: z.enum(['all', 'good']) }),
      audit: 'act',
      async handle({ actor, input }) {
        await uploads.decide(actor, input.id, input.which)
        return follow(input.id, uploads.carryOut(actor, input.id))
      },
      again,
      faultsAt: 'confirm',
    }),
    page({
      method: 'post',
      path: '/registers/:id/undo',
      permission,
      input: z.object({ id, reason: z.string().max(500).default('') }),
      audit: 'act',
      handle: ({ actor, input }) => follow(input.id, uploads.undo(actor, input.id, input.reason)),
      again,
      faultsAt: 'reason',
    }),
    page({
      method: 'get',
      path: '/registers/:id/sheet',
      permission,
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ actor, input, language }) {
        return sheet(actor, input.id, language)
      },
    }),
  ]

  async function sheet(actor: Actor, uploadId: string, language: Language): Promise<Answer> {
    const { name, type, pieces } = await training.annotated(actor, uploadId, language)
    return file(Readable.from(pieces), type, { name })
  }
}
