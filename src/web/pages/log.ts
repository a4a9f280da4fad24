import { z } from 'zod'
import type { Audit, LogName } from '../../audit/audit.js'
import type { Permission } from '../../identity/identity.js'
import { dayField } from '../fields.js'
import { file, json, page, view, type Page } from '../page.js'

export interface LogPagesParts {
  audit: Pick<Audit, 'logs'>
}

const nothing = z.object({})
const day = dayField()
const size = z.coerce.number().int().min(0).max(1e12)
const text = (written: string) => file(Buffer.from(written), 'text/plain')

/** What is shown of each log, where, and to whom: the world sees that of certificates, auditors both. */
const shown: readonly { name: LogName; base: string; permission: Permission }[] = [
  { name: 'certificates', base: '/log', permission: 'public' },
  { name: 'record', base: '/record-log', permission: 'read-audit' },
]

/** The tamper-evident logs: their signed heads and roots, and the proofs that they were only added to. */
export const logPages = (parts: LogPagesParts): Page[] =>
  shown.flatMap((one) => pagesOf(parts, one))

function pagesOf({ audit }: LogPagesParts, { name, base, permission }: (typeof shown)[number]) {
  const log = audit.logs[name]
  const isPublic = permission === 'public'
  const title = { key: `log-page.title.${name}` }
  const pages: Page[] = [
    page({
      method: 'get',
      path: base,
      permission,
      input: nothing,
      audit: 'nothing',
      async handle() {
        const [head, roots] = await Promise.all([log.head(), log.roots()])
        const listed = roots
          .toReversed()
          .map((root) => ({ ...root, href: `${base}/roots/${root.on}` }))
        return view('log/log', title, {
          name,
          base,
          origin: log.origin,
          head,
          roots: listed,
          isPublic,
        })
      },
    }),
    page({
      method: 'get',
      path: `${base}/head`,
      permission,
      input: nothing,
      audit: 'nothing',
      handle: async () => text((await log.head()).text),
    }),
    page({
      method: 'get',
      path: `${base}/roots.json`,
      permission,
      input: nothing,
      audit: 'nothing',
      handle: async () => json(await log.roots()),
    }),
    page({
      method: 'get',
      path: `${base}/roots/:on`,
      permission,
      input: z.object({ on: day }),
      audit: 'nothing',
      handle: async ({ input: { on } }) => text((await log.root(on)).text),
    }),
    page({
      method: 'get',
      path: `${base}/consistency.json`,
      permission,
      input: z.object({ older: size, newer: size }),
      audit: 'nothing',
      async handle({ input: { older, newer } }) {
        const path = await log.consistency(older, newer)
        return json({ older, newer, path: path.map((hash) => hash.toString('hex')) })
      },
    }),
    // It reads the whole log, so it is not for everybody to set off.
    page({
      method: 'post',
      path: `${base}/check`,
      permission: 'read-audit',
      input: nothing,
      audit: 'nothing',
      async handle() {
        const [head, faults] = [await log.head(), await log.check()]
        return view('log/checked', title, { size: head.size, broken: faults, back: base })
      },
    }),
  ]
  return pages
}
