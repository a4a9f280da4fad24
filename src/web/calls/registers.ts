import { z } from 'zod'
import { invalid } from '../../errors.js'
import type {
  TrainingSessions,
  KeptRow,
  Upload,
} from '../../training-sessions/training-sessions.js'
import { call, reply, type Asked, type Call } from '../call.js'

// A reply holds so many rows; whoever has more asks for the next ones.
const rowsInReply = 1000

const id = z.string().max(40)
const from = z.coerce.number().int().min(0).max(20_000).default(0)

/** A row with its verdict, and every sentence about it in the reader's language. */
const rowJson = ({ line, judged }: KeptRow, { say }: Asked<unknown>): object => ({
  line,
  ...(judged
    ? {
        verdict: judged.verdict,
        because: say(judged.say),
        remarks: judged.remarks.map(say),
        faults: judged.faults.map(({ field, say: fault, suggestion }) => ({
          field,
          detail: say(fault),
          suggestion,
        })),
        session: judged.session,
        person: judged.person,
        suggestions: judged.suggestions,
        attendance: judged.mark?.attendance,
        minutes: judged.mark?.minutes,
      }
    : {}),
})

const uploadJson = (upload: Upload, rows: readonly KeptRow[], asked: Asked<unknown>): object => ({
  id: upload.id,
  state: upload.state,
  file: { name: upload.file.name, sha256: upload.file.sha256 },
  count: upload.rows,
  counts: upload.counts,
  recorded: upload.progress.done,
  notes: upload.notes.map(({ say }) => asked.say(say)),
  faults: upload.faults.map(({ column, say }) => ({ column, detail: asked.say(say) })),
  rows: rows.map((row) => rowJson(row, asked)),
})

/** Registers that another system sends (interface, *API*). */
export function registerCalls({ training }: { training: TrainingSessions }): Call[] {
  const { uploads } = training

  async function answer(asked: Asked<unknown>, upload: Upload, first: number) {
    const query = { from: first, size: rowsInReply }
    return reply(uploadJson(upload, await uploads.rows(asked.actor, upload.id, query), asked))
  }

  return [
    call({
      method: 'post',
      path: '/registers',
      scope: 'registers',
      says: 'Rehearses a register, CSV or XLSX: every row with its verdict, and nothing recorded.',
      input: z.object({ session: id.optional() }),
      audit: 'act',
      upload: 'file',
      async handle(asked) {
        const [sent] = asked.files.filter(({ bytes }) => bytes.length > 0)
        if (!sent) throw invalid('registers.no-file')
        const upload = await uploads.rehearse(asked.actor, sent, asked.input.session)
        return answer(asked, upload, 0)
      },
    }),
    call({
      method: 'get',
      path: '/registers/:id',
      scope: 'registers',
      says: 'A register that was sent, with a thousand of its rows from a place on.',
      input: z.object({ id, from }),
      audit: 'nothing',
      handle: async (asked) =>
        answer(asked, await uploads.get(asked.actor, asked.input.id), asked.input.from),
    }),
    call({
      method: 'post',
      path: '/registers/:id/confirm',
      scope: 'registers',
      says: 'Records what was rehearsed: every row, or with which=good the good ones alone.',
      input: z.object({ id, which: z.enum(['all', 'good']).default('all') }),
      audit: 'act',
      async handle(asked) {
        const { id: upload, which } = asked.input
        return answer(asked, await uploads.confirm(asked.actor, upload, which), 0)
      },
    }),
    call({
      method: 'post',
      path: '/registers/:id/undo',
      scope: 'registers',
      says: 'Takes back everything that came with a register, with the reason why.',
      input: z.object({ id, reason: z.string().max(500) }),
      audit: 'act',
      async handle(asked) {
        const { id: upload, reason } = asked.input
        return answer(asked, await uploads.undo(asked.actor, upload, reason), 0)
      },
    }),
  ]
}
