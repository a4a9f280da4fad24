import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { purposes, type Certificates } from '../../../certificates/certificates.js'
import { invalid } from '../../../errors.js'
import type { Bilingual } from '../../../language.js'
import type { CheckingPapers, Sanctions } from '../../../sanctions/sanctions.js'
import { linesOf } from '../certificate-lines.js'
import { file, json, page, view, type Answer, type Page } from '../../page.js'

export interface CheckingPagesParts {
  sanctions: Sanctions
  certificates: Pick<Certificates, 'bodies'>
  courseTitle: (course: string) => Bilingual
}

const id = z.string().max(64)
const token = z.string().max(100)
const title = { key: 'private.check' }

/**
 * Certificates that the public register does not know, checked: signed in, by their holder or their
 * body; elsewhere, by whoever was given the link, with the keys and the list that lie beside it.
 */
export function checkingPages(parts: CheckingPagesParts): Page[] {
  const { sanctions, courseTitle } = parts
  const { bodies } = parts.certificates
  const own = { permission: 'own-training', sealed: true, audit: 'act' } as const
  const officer = { permission: 'conduct-body', sealed: true, audit: 'act' } as const
  const anybody = { permission: 'public', sealed: true, audit: 'nothing' } as const

  const keysOf = ({ body }: CheckingPapers): Answer => json(bodies.keys(body))
  async function listOf(papers: CheckingPapers, purpose: (typeof purposes)[number]) {
    const lists = await bodies.lists(papers.body, papers.revoked)
    const list = lists[purposes.indexOf(purpose)] ?? ''
    return file(Buffer.from(list), 'application/vc', { name: `${purpose}.json` })
  }

  const ask = (model: object) => view('private/check', title, model)

  async function check(actor: Actor, outcome: string, sent: Buffer | undefined, around: object) {
    const kept = await sanctions.keptCertificates(actor, outcome)
    if (!sent || sent.length === 0) throw invalid('verify-page.no-file')
    const { fields, ...verification } = await bodies.verify(sent, kept)
    const lines = fields ? linesOf(fields, courseTitle) : {}
    return ask({ ...around, result: { ...verification, ...lines } })
  }

  const pagesAt = (base: '/private' | '/outcomes', rights: typeof own | typeof officer): Page[] => {
    const around = (outcome: string) => ({
      address: `${base}/${outcome}`,
      back: `${base}/${outcome}`,
    })
    return [
      page({
        method: 'get',
        path: `${base}/:id/check`,
        ...rights,
        input: z.object({ id }),
        async handle({ actor, input }) {
          await sanctions.keptCertificates(actor, input.id)
          return ask(around(input.id))
        },
      }),
      page({
        method: 'post',
        path: `${base}/:id/check`,
        ...rights,
        input: z.object({ id }),
        upload: 'file',
        files: 1,
        handle: ({ actor, input, files }) =>
          check(actor, input.id, files[0]?.bytes, around(input.id)),
        again: ({ input }) => ask(around(String(input['id']))),
      }),
      page({
        method: 'get',
        path: `${base}/:id/keys.json`,
        ...rights,
        input: z.object({ id }),
        handle: async ({ actor, input }) => keysOf(await sanctions.checkingPapers(actor, input.id)),
      }),
      page({
        method: 'get',
        path: `${base}/:id/status/:purpose`,
        ...rights,
        input: z.object({ id, purpose: z.enum(purposes) }),
        handle: async ({ actor, input }) =>
          listOf(await sanctions.checkingPapers(actor, input.id), input.purpose),
      }),
    ]
  }

  return [
    // Where the code on such a certificate leads: the same for everybody, with and without one.
    page({
      method: 'get',
      path: '/verify/private',
      ...anybody,
      input: z.object({}),
      handle: () => view('verify/private', { key: 'verify-page.private' }, {}),
    }),
    ...pagesAt('/private', own),
    ...pagesAt('/outcomes', officer),
    page({
      method: 'get',
      path: '/verify/private/:token/keys.json',
      ...anybody,
      input: z.object({ token }),
      handle: async ({ input }) => keysOf(await sanctions.sharedPapers(input.token)),
    }),
    page({
      method: 'get',
      path: '/verify/private/:token/status/:purpose',
      ...anybody,
      input: z.object({ token, purpose: z.enum(purposes) }),
      handle: async ({ input }) => listOf(await sanctions.sharedPapers(input.token), input.purpose),
    }),
  ]
}
