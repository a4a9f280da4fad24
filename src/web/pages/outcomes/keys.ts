import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { readRoot } from '../../../audit/audit.js'
import { purposes, type Certificates } from '../../../certificates/certificates.js'
import { file, go, json, page, view, type Page } from '../../page.js'
import type { OutcomesPagesParts } from './officer-view.js'
import { bodyAddress, bodyField, bodyModel, bodyOf } from './own-bodies.js'

const ofBody = z.object({ body: bodyField })
const title = { key: 'conduct.keys.title' }
const newest = 30
const follows = ['sealed', 'work', 'former', 'copies', 'told', 'undone'] as const

/** A body's keys, the signed roots of its log, and what checks its certificates elsewhere. */
export function keyPages(
  parts: OutcomesPagesParts & { certificates: Pick<Certificates, 'bodies'> },
): Page[] {
  const { sanctions } = parts
  const { bodies } = parts.certificates
  const officer = { permission: 'conduct-body', sealed: true, audit: 'act' } as const

  async function show(actor: Actor, named: unknown) {
    const of = bodyOf(actor, named)
    const keys = await sanctions.bodyKeys(actor, of)
    const roots = await sanctions.roots(actor, of)
    return view('outcomes/keys', title, {
      ...bodyModel(parts, of),
      ...keys,
      roots: roots
        .slice(-newest)
        .toReversed()
        .map((root) => ({ ...root, ...readRoot(root.text) })),
      verifier: roots.at(-1)?.verifier,
      purposes,
    })
  }

  /** What follows from a new key, before anybody begins one: it cannot be taken back. */
  async function ask(actor: Actor, named: unknown) {
    const of = bodyOf(actor, named)
    const { changingSince } = await sanctions.bodyKeys(actor, of)
    return view(
      'outcomes/key-change',
      { key: 'conduct.keys.change' },
      {
        ...bodyModel(parts, of),
        changingSince,
        follows,
        back: bodyAddress('/outcomes/keys', of),
        backText: title,
      },
    )
  }

  return [
    page({
      method: 'get',
      path: '/outcomes/keys',
      ...officer,
      input: ofBody,
      handle: ({ actor, input }) => show(actor, input.body),
    }),
    page({
      method: 'get',
      path: '/outcomes/keys/change',
      ...officer,
      input: ofBody,
      handle: ({ actor, input }) => ask(actor, input.body),
    }),
    page({
      method: 'post',
      path: '/outcomes/keys/change',
      ...officer,
      input: ofBody.extend({ sure: z.literal('yes', { message: 'say:conduct.keys.not-sure' }) }),
      async handle({ actor, input }) {
        const of = bodyOf(actor, input.body)
        await sanctions.rotateKeys(actor, of)
        return go(bodyAddress('/outcomes/keys', of))
      },
      again: ({ actor, input }) => ask(actor, input['body']),
    }),
    page({
      method: 'get',
      path: '/outcomes/roots.txt',
      ...officer,
      input: ofBody,
      async handle({ actor, input }) {
        const roots = await sanctions.roots(actor, bodyOf(actor, input.body))
        const text = roots.map((root) => root.text).join('\n')
        return file(Buffer.from(text), 'text/plain; charset=utf-8', { name: 'roots.txt' })
      },
    }),
    page({
      method: 'get',
      path: '/outcomes/keys.json',
      ...officer,
      input: ofBody,
      async handle({ actor, input }) {
        const papers = await sanctions.bodyPapers(actor, bodyOf(actor, input.body))
        return json(bodies.keys(papers.body))
      },
    }),
    page({
      method: 'get',
      path: '/outcomes/status/:purpose',
      ...officer,
      input: ofBody.extend({ purpose: z.enum(purposes) }),
      async handle({ actor, input }) {
        const papers = await sanctions.bodyPapers(actor, bodyOf(actor, input.body))
        const lists = await bodies.lists(papers.body, papers.revoked)
        const list = lists[purposes.indexOf(input.purpose)] ?? ''
        return file(Buffer.from(list), 'application/vc', { name: `${input.purpose}.json` })
      },
    }),
  ]
}
