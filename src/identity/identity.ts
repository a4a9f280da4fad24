import { createHash, timingSafeEqual } from 'node:crypto'
import type { Actor, KeyActor, PersonActor, Role, RoleName } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock, Day } from '../clock.js'
import type { Database } from '../database/database.js'
import { conflict, DomainError, invalid, notFound } from '../errors.js'
import { base32, type Random } from '../random.js'
import type { Account, Invitation, Key, KeyRequest } from './account.js'
import { createAttempts } from './attempts.js'
import { createIdentityStore, type AccountDocument, type Grant } from './identity-store.js'
import { fits, hashPassword } from './passwords.js'

export type { Account } from './account.js'
export { identityCollections } from './identity-store.js'
export { may, type Permission } from './permissions.js'

/** Who may sign in, and what they have been trusted with. */
export interface Identity {
  /**
   * The account that an e-mail address and password open, or nothing. Throws `too-many` after
   * repeated failures from one network address.
   */
  authenticate(email: string, password: string, address: string): Promise<PersonActor | undefined>
  /** The actor that an account is at this moment; nothing when it has been closed. */
  actor(account: string): Promise<PersonActor | undefined>
  /**
   * Makes an account and the token of its single-use link, valid for seven days. Throws `conflict`
   * where the address, or the person, has an account already.
   */
  invite(actor: Actor, invitation: Invitation): Promise<{ account: string; token: string }>
  /** Whose invitation a token is, as long as it is good. Reading it does not use it up. */
  invitation(token: string): Promise<{ email: string } | undefined>
  /** Sets the password of an invited account; the link is used up. Throws not-found for a used or old one. */
  accept(token: string, password: string): Promise<PersonActor>
  /**
   * Trusts an account with a role from a day on, until its last day where one is given. Throws
   * not-found.
   */
  grant(actor: Actor, account: string, role: Role, from: Day, to?: Day): Promise<Grant>
  /** Ends a grant; `to` is its last day. Throws not-found. */
  endGrant(actor: Actor, account: string, grant: string, to: Day): Promise<void>
  /** The account of an e-mail address, in whatever case it is written. */
  findAccount(email: string): Promise<Account | undefined>
  /** Throws not-found. */
  getAccount(id: string): Promise<Account>
  /** Accounts whose address begins so, in order; `page` counts from 1. */
  accounts(prefix: string, page: number, size: number): Promise<Account[]>
  /** Nobody signs in with it any more; its sessions end with their next request. */
  close(actor: Actor, account: string): Promise<void>
  /** Every API key there is, revoked and expired ones included; never their tokens. */
  keys(): Promise<Key[]>
  /** People who hold a role today, by account. */
  holders(name: RoleName): Promise<Account[]>
  /** Makes an API key; its token is answered once and never stored. */
  createKey(actor: Actor, key: KeyRequest): Promise<{ id: string; token: string }>
  /** The actor that a bearer token is, or nothing when it is wrong, revoked or expired. */
  authenticateKey(token: string): Promise<KeyActor | undefined>
  /** The key opens nothing from now on. Throws not-found. */
  revokeKey(actor: Actor, id: string): Promise<void>
}

const invitationDays = 7
const shortestPassword = 12
const longestPassword = 200

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const normal = (email: string): string => email.trim().toLowerCase()

export interface IdentityParts {
  database: Database
  audit: Audit
  clock: Clock
  random: Random
}

export function createIdentity({ database, audit, clock, random }: IdentityParts): Identity {
  const store = createIdentityStore(database.connection, clock)
  const attempts = createAttempts(database.limits)

  const holdsOn = (grant: Grant, on: Day): boolean =>
    grant.from <= on && (grant.to === undefined || on <= grant.to)

  const actorOf = (account: AccountDocument): PersonActor => ({
    kind: 'person',
    account: account._id,
    roles: account.grants.filter((grant) => holdsOn(grant, clock.today())).map(({ role }) => role),
    ...(account.person ? { person: account.person } : {}),
  })

  const accountOf = (document: AccountDocument): Account => {
    const { _id, email, person, grants, password, closedAt } = document
    return {
      id: _id,
      email,
      grants,
      open: password !== undefined,
      closed: closedAt !== undefined,
      ...(person ? { person } : {}),
    }
  }

  const checkPassword = (password: string): void => {
    if (password.length < shortestPassword) {
      throw invalid('identity.password-short', { least: shortestPassword })
    }
    if (password.length > longestPassword) {
      throw invalid('identity.password-long', { most: longestPassword })
    }
  }

  const grantOf = (role: Role, from: Day, to?: Day): Grant => ({
    id: random.id(),
    role,
    from,
    ...(to ? { to } : {}),
  })

  return {
    async authenticate(email, password, address) {
      const key = normal(email)
      if (!(await attempts.allowed(key, address))) {
        throw new DomainError('too-many', { key: 'identity.too-many-attempts' })
      }
      const account = await store.accountByEmail(key)
      // An over-long password is never hashed: that would cost us, not them.
      const right = password.length <= longestPassword && (await fits(account?.password, password))
      if (!account || !right || account.closedAt) {
        await attempts.failed(key, address)
        return undefined
      }
      await attempts.succeeded(key, address)
      const actor = actorOf(account)
      await audit.record(actor, { act: 'account.signed-in', account: account._id })
      return actor
    },

    async actor(id) {
      const account = await store.account(id)
      return account && !account.closedAt ? actorOf(account) : undefined
    },

    async invite(actor, { email, person, roles = [] }) {
      const key = normal(email)
      const known = await store.accountByEmail(key)
      if (known?.password) throw conflict('identity.has-account')
      const [other] = person === undefined ? [] : await store.accountsOf([person])
      if (other && other._id !== known?._id) throw conflict('identity.person-has-account')
      const account = known?._id ?? random.id()
      if (!known) {
        await store.addAccount({
          _id: account,
          email: key,
          grants: roles.map((role) => grantOf(role, clock.today())),
          createdAt: clock.now(),
          ...(person ? { person } : {}),
        })
      }
      const token = base32(random.bytes(20), 32)
      const expiresAt = new Date(clock.now().getTime() + invitationDays * 86_400_000)
      await store.addInvitation({ _id: sha256(token), account, expiresAt })
      await audit.record(actor, {
        act: 'account.invited',
        account,
        ...(person ? { people: [person] } : {}),
      })
      return { account, token }
    },

    async invitation(token) {
      const invitation = await store.invitation(sha256(token))
      if (!invitation || invitation.expiresAt <= clock.now()) return undefined
      const account = await store.account(invitation.account)
      return account && !account.closedAt ? { email: account.email } : undefined
    },

    async accept(token, password) {
      checkPassword(password)
      const hashed = await hashPassword(password)
      const invitation = await store.takeInvitation(sha256(token))
      const account = invitation && (await store.account(invitation.account))
      if (!account || invitation.expiresAt <= clock.now() || account.closedAt) {
        throw notFound('identity.invitation-used')
      }
      await store.setPassword(account._id, hashed)
      const actor = actorOf(account)
      await audit.record(actor, { act: 'account.opened', account: account._id })
      return actor
    },

    async grant(actor, account, role, from, to) {
      if (!(await store.account(account))) throw notFound()
      const grant = grantOf(role, from, to)
      await store.grant(account, grant)
      await audit.record(actor, { act: 'role.granted', account, role, from, ...(to ? { to } : {}) })
      return grant
    },

    async endGrant(actor, account, grant, to) {
      if (!(await store.endGrant(account, grant, to))) throw notFound()
      await audit.record(actor, { act: 'role.ended', account, grant, to })
    },

    async findAccount(email) {
      const account = await store.accountByEmail(normal(email))
      return account ? accountOf(account) : undefined
    },

    async getAccount(id) {
      const account = await store.account(id)
      if (!account) throw notFound()
      return accountOf(account)
    },

    async accounts(prefix, page, size) {
      const found = await store.startingWith(normal(prefix), (page - 1) * size, size)
      return found.map(accountOf)
    },

    async close(actor, id) {
      if (!(await store.account(id))) throw notFound()
      await store.close(id, clock.now())
      await audit.record(actor, { act: 'account.closed', account: id })
    },

    async keys() {
      const keys = await store.allKeys()
      return keys.map(({ _id, name, scopes, body, expiresAt, revokedAt }) => ({
        id: _id,
        name,
        scopes,
        expiresAt,
        revoked: revokedAt !== undefined,
        ...(body ? { body } : {}),
      }))
    },

    async holders(name) {
      const accounts = await store.accountsWithRole(name)
      const today = clock.today()
      return accounts
        .filter(
          ({ grants, closedAt }) =>
            !closedAt && grants.some((grant) => grant.role.name === name && holdsOn(grant, today)),
        )
        .map(accountOf)
    },

    async createKey(actor, { name, scopes, body, expiresAt }) {
      if (scopes.includes('outcomes') !== (body !== undefined)) throw invalid('identity.key-body')
      const id = random.id()
      const secret = base32(random.bytes(25), 40)
      await store.addKey({
        _id: id,
        name,
        secret: sha256(secret),
        scopes: [...scopes],
        createdAt: clock.now(),
        expiresAt,
        ...(body ? { body } : {}),
      })
      await audit.record(actor, { act: 'key.created', key: id, scopes: [...scopes] })
      return { id, token: `gs_${id}_${secret}` }
    },

    async authenticateKey(token) {
      const [, id = '', secret = ''] = /^gs_([0-9a-z]{20})_([0-9a-z]{40})$/.exec(token) ?? []
      const key = id ? await store.key(id) : undefined
      if (!key || key.revokedAt || key.expiresAt <= clock.now()) return undefined
      if (!timingSafeEqual(Buffer.from(sha256(secret)), Buffer.from(key.secret))) return undefined
      return { kind: 'key', key: id, scopes: key.scopes, ...(key.body ? { body: key.body } : {}) }
    },

    async revokeKey(actor, id) {
      if (!(await store.key(id))) throw notFound()
      await store.revokeKey(id, clock.now())
      await audit.record(actor, { act: 'key.revoked', key: id })
    },
  }
}
