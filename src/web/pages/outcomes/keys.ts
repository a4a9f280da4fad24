import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { readRoot } from '../../../audit/audit.js'
import { purposes, type Certificates } from '../../../certificates/certificates.js'
import { file, go, json, page, view, type Page } from '../../page.js'
import { bodyName, type OutcomesPagesParts } from './officer-view.js'

const blank = (value: unknown): unknown => (value === '' ? undefined : value)
const body = z.preprocess(blank, z.string().max(64).optional())
const title = { key: 'conduct.keys.title' }
const newest = 30

/** A body's keys, the signed roots of its log, and what checks its certificates elsewhere. */
export function keyPages(
  parts: OutcomesPagesParts & { certificates: Pick<Certificates, 'bodies'> },
  ownBodies: (actor: Actor) => readonly string[],
): Page[] {
  const { sanctions } = parts
  const { bodies } = parts.certificates
  const officer = { permission: 'conduct-body', sealed: true, audit: 'act' } as const
  const named = (actor: Actor, given: string | undefined) => given ?? ownBodies(actor)[0] ?? ''

  async function show(actor: Actor, of: string, more: object = {}, status = 200) {
    const keys = await sanctions.bodyKeys(actor, of)
    const roots = await sanctions.roots(actor, of)
    return view(
      'outcomes/keys',
      title,
      {
        ...keys,
        body: { id: of, name: bodyName(parts, of) },
        roots: roots
          .slice(-newest)
          .toReversed()
          .map((root) => ({ ...root, ...readRoot(root.text) })),
        verifier: roots.at(-1)?.verifier,
        purposes,
        back: '/outcomes',
        backText: { key: 'conduct.title' },
        ...more,
      },
      status,
    )
  }

  return [
    page({
      method: 'get',
      path: '/outcomes/keys',
      ...officer,
      input: z.object({ body }),
      handle: ({ actor, input }) => show(actor, named(actor, input.body)),
    }),
    page({
      method: 'post',
      path: '/outcomes/keys/change',
      ...officer,
      input: z.object({ body }),
      async handle({ actor, input }) {
        const of = named(actor, input.body)
        await sanctions.rotateKeys(actor, of)
        return go(`/outcomes/keys?body=${encodeURIComponent(of)}`)
      },
      again({ actor, input }, { say, status }) {
        const given = typeof input['body'] === 'string' ? input['body'] : undefined
        return show(actor, named(actor, given), { faults: [{ field: 'change', say }] }, status)
      },
    }),
    page({
      method: 'get',
      path: '/outcomes/roots.txt',
      ...officer,
      input: z.object({ body }),
      async handle({ actor, input }) {
        const roots = await sanctions.roots(actor, named(actor, input.body))
        const text = roots.map((root) => root.text).join('\n')
        return file(Buffer.from(text), 'text/plain; charset=utf-8', { name: 'roots.txt' })
      },
    }),
    page({
      method: 'get',
      path: '/outcomes/keys.json',
      ...officer,
      input: z.object({ body }),
      async handle({ actor, input }) {
        const papers = await sanctions.bodyPapers(actor, named(actor, input.body))
        return json(bodies.keys(papers.body))
      },
    }),
    page({
      method: 'get',
      path: '/outcomes/status/:purpose',
      ...officer,
      input: z.object({ body, purpose: z.enum(purposes) }),
      async handle({ actor, input }) {
        const papers = await sanctions.bodyPapers(actor, named(actor, input.body))
        const lists = await bodies.lists(papers.body, papers.revoked)
        const list = lists[purposes.indexOf(input.purpose)] ?? ''
        return file(Buffer.from(list), 'application/vc', { name: `${input.purpose}.json` })
      },
    }),
  ]
}
