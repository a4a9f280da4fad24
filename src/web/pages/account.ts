import { z } from 'zod'
import type { Adjustments } from '../../adjustments/adjustments.js'
import type { Identity } from '../../identity/identity.js'
import { calledName, type People } from '../../people/people.js'
import type { PersonActor } from '../../actor.js'
import { firstPlaceOf } from '../navigation.js'
import { go, page, view, type Page, type Visit } from '../page.js'
import type { Envelope } from '../security.js'

const nothing = z.object({})
// Only an address within the site: never another site that a link has slipped in.
const within = z
  .string()
  .regex(/^\/(?![/\\])[^\s]*$/)
  .max(2000)
  .optional()
  .catch(undefined)
const credentials = z.object({
  email: z.string().max(254).default(''),
  password: z.string().max(1000).default(''),
  to: within,
  kept: z.string().max(400_000).optional(),
})

interface Kept {
  path: string
  form: Record<string, unknown>
}

/** Signing in and out, accepting an invitation, choosing a language. */
export function accountPages(parts: {
  adjustments: Pick<Adjustments, 'own'>
  identity: Identity
  people: People
  envelope: Envelope
}): Page[] {
  const { adjustments, identity, people, envelope } = parts
  const title = { key: 'sign-in.title' }

  async function open(visit: Visit<unknown>, actor: PersonActor): Promise<void> {
    const person = actor.person ? await people.find(actor.person) : undefined
    await visit.session.open(actor, person ? calledName(person) : '')
    if (!person) return
    const { language = person.language } = await adjustments.own(actor)
    visit.session.speak(language)
  }

  return [
    page({
      method: 'get',
      path: '/',
      permission: 'public',
      input: nothing,
      audit: 'nothing',
      handle: ({ actor }) =>
        actor.kind === 'person'
          ? go(firstPlaceOf(actor))
          : view('account/welcome', { key: 'welcome.title' }),
    }),
    page({
      method: 'get',
      path: '/sign-in',
      permission: 'public',
      input: z.object({ to: within }),
      audit: 'nothing',
      handle: ({ actor, input }) =>
        actor.kind === 'person' ? go(firstPlaceOf(actor)) : view('account/sign-in', title, input),
    }),
    page({
      method: 'post',
      path: '/sign-in',
      permission: 'public',
      input: credentials,
      audit: 'act',
      async handle(visit) {
        const { email, password, to, kept } = visit.input
        const actor = await identity.authenticate(email, password, visit.address)
        if (!actor) {
          const faults = [{ field: 'email', say: { key: 'sign-in.wrong' } }]
          return view('account/sign-in', title, { email, to, kept, faults }, 400)
        }
        await open(visit, actor)
        const form = kept === undefined ? undefined : (envelope.open(kept) as Kept | undefined)
        if (form) visit.session.keep(form.path, form.form)
        return go(form?.path ?? to ?? firstPlaceOf(actor))
      },
    }),
    page({
      method: 'post',
      path: '/sign-out',
      permission: 'public',
      input: nothing,
      audit: 'nothing',
      async handle({ session }) {
        await session.close()
        return go('/sign-in')
      },
    }),
    page({
      method: 'post',
      path: '/language',
      permission: 'public',
      input: z.object({ language: z.enum(['en', 'cy']), back: within }),
      audit: 'nothing',
      handle({ input, session }) {
        session.speak(input.language)
        return go(input.back ?? '/')
      },
    }),
    page({
      method: 'get',
      path: '/invitation/:token',
      permission: 'public',
      input: z.object({ token: z.string().max(100) }),
      audit: 'nothing',
      async handle({ input }) {
        const invitation = await identity.invitation(input.token)
        return invitation
          ? view('account/invitation', { key: 'invitation.title' }, { ...input, ...invitation })
          : view('account/invitation-used', { key: 'invitation.used-title' }, {}, 404)
      },
    }),
    page({
      method: 'post',
      path: '/invitation/:token',
      permission: 'public',
      input: z.object({ token: z.string().max(100), password: z.string().max(1000).default('') }),
      audit: 'act',
      async handle(visit) {
        const actor = await identity.accept(visit.input.token, visit.input.password)
        await open(visit, actor)
        return go(firstPlaceOf(actor))
      },
      async again({ input }) {
        const invitation = await identity.invitation(String(input['token']))
        const title = { key: 'invitation.title' }
        return view('account/invitation', title, { ...input, ...invitation })
      },
      faultsAt: 'password',
    }),
  ]
}
