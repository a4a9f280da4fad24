import { z } from 'zod'
import { roleNames, type Role } from '../../actor.js'
import { parseDay, type Clock, type Day } from '../../clock.js'
import { invalid } from '../../errors.js'
import type { Account, Identity } from '../../identity/identity.js'
import type { Bilingual } from '../../language.js'
import type { Notifications } from '../../notifications/notifications.js'
import { calledName, type People } from '../../people/people.js'
import { optional } from '../fields.js'
import { go, page, view, type Page } from '../page.js'

export interface AccountsPagesParts {
  identity: Identity
  people: People
  notifications: Notifications
  clock: Clock
  publicUrl: string
  bodies: readonly { id: string; name: Bilingual }[]
}

const pageSize = 25
const id = z.string().max(40)
const title = { key: 'accounts.title' }
const invitation = z.object({
  email: z.email('say:accounts.email').max(254),
  person: optional(z.string().max(64)),
})
const roleInput = z.object({
  id,
  role: z.enum(roleNames),
  party: optional(z.string().max(100)),
  body: optional(z.string().max(100)),
  from: optional(z.string()),
})

/** A role with the party or body that it is held for. */
function roleOf({ role, party, body }: z.output<typeof roleInput>): Role {
  if (role === 'party-officer') {
    if (!party) throw invalid('accounts.which-party')
    return { name: role, party }
  }
  if (role === 'conduct-officer') {
    if (!body) throw invalid('accounts.which-body')
    return { name: role, body }
  }
  return { name: role }
}

/** Accounts: who may sign in, and what they have been trusted with. */
export function accountsPages(parts: AccountsPagesParts): Page[] {
  const { identity, people, notifications, clock, publicUrl, bodies } = parts

  const dayOf = (text: string | undefined): Day => {
    const day = text === undefined ? clock.today() : parseDay(text)
    if (!day) throw invalid('list.not-a-date')
    return day
  }

  async function list(q = '', number = 1, more: object = {}) {
    const found = await identity.accounts(q, number, pageSize + 1)
    const named = await people.byId(found.flatMap(({ person }) => person ?? []))
    const address = (to: number) =>
      `/accounts?${new URLSearchParams({ q, page: String(to) }).toString()}`
    const accounts = found.slice(0, pageSize).map((account) => {
      const person = named.get(account.person ?? '')
      return { ...account, name: person && calledName(person) }
    })
    const paging = {
      previous: number > 1 ? address(number - 1) : undefined,
      next: found.length > pageSize ? address(number + 1) : undefined,
    }
    return view('accounts/list', title, { accounts, q, ...paging, ...more })
  }

  async function show(account: Account, more: object = {}) {
    const person = account.person ? await people.find(account.person) : undefined
    const model = { account, person, roleNames, bodies, today: clock.today(), ...more }
    return view('accounts/account', { key: 'accounts.one' }, model)
  }

  return [
    page({
      method: 'get',
      path: '/accounts',
      permission: 'keep-accounts',
      input: z.object({
        q: z.string().max(100).optional(),
        page: z.coerce.number().int().min(1).max(100_000).optional(),
      }),
      audit: 'nothing',
      handle: ({ input }) => list(input.q, input.page),
    }),
    page({
      method: 'post',
      path: '/accounts',
      permission: 'keep-accounts',
      input: invitation,
      audit: 'act',
      async handle({ actor, input: { email, person } }) {
        if (person !== undefined) await people.get(person)
        const { account, token } = await identity.invite(actor, {
          email,
          ...(person ? { person } : {}),
        })
        const link = `${publicUrl}/invitation/${token}`
        const language = (person ? await people.find(person) : undefined)?.language ?? 'en'
        await notifications.tell([
          {
            key: `invitation:${link}`,
            to: email,
            language,
            subject: { key: 'accounts.mail-subject' },
            paragraphs: [
              { key: 'accounts.mail-says' },
              { key: 'accounts.mail-link', with: { link } },
              { key: 'accounts.mail-ends' },
            ],
            ...(person ? { person } : {}),
          },
        ])
        return show(await identity.getAccount(account), { link })
      },
      again: ({ input }) => list('', 1, { typed: input }),
      faultsAt: 'email',
    }),
    page({
      method: 'get',
      path: '/accounts/:id',
      permission: 'keep-accounts',
      input: z.object({ id }),
      audit: 'nothing',
      handle: async ({ input }) => show(await identity.getAccount(input.id)),
    }),
    page({
      method: 'post',
      path: '/accounts/:id/roles',
      permission: 'keep-accounts',
      input: roleInput,
      audit: 'act',
      async handle({ actor, input }) {
        await identity.grant(actor, input.id, roleOf(input), dayOf(input.from))
        return go(`/accounts/${input.id}`)
      },
      again: async ({ input }) => show(await identity.getAccount(String(input['id']))),
      faultsAt: 'role',
    }),
    page({
      method: 'post',
      path: '/accounts/:id/roles/:grant/end',
      permission: 'keep-accounts',
      input: z.object({ id, grant: id }),
      audit: 'act',
      async handle({ actor, input }) {
        await identity.endGrant(actor, input.id, input.grant, clock.today())
        return go(`/accounts/${input.id}`)
      },
    }),
    page({
      method: 'post',
      path: '/accounts/:id/close',
      permission: 'keep-accounts',
      input: z.object({ id }),
      audit: 'act',
      async handle({ actor, input }) {
        await identity.close(actor, input.id)
        return go(`/accounts/${input.id}`)
      },
    }),
  ]
}
