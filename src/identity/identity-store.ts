import { Schema, trusted, type Connection } from 'mongoose'
import type { Role, Scope } from '../actor.js'
import type { Clock, Day } from '../clock.js'
import { createRemembered, type CollectionPlan } from '../database/database.js'

/** A role, and the days on which it is held; `to` is the last, inclusive. */
export interface Grant {
  id: string
  role: Role
  from: Day
  to?: Day
}

export interface AccountDocument {
  _id: string
  email: string
  /** The person in the directory whose account it is; absent for one that belongs to nobody there. */
  person?: string
  /** argon2id; absent until the invitation has been accepted. */
  password?: string
  grants: Grant[]
  createdAt: Date
  /** Nobody signs in with a closed account. */
  closedAt?: Date
}

export interface InvitationDocument {
  /** SHA-256 of the link's token: the database does not know the link. */
  _id: string
  account: string
  expiresAt: Date
}

export interface KeyDocument {
  _id: string
  name: string
  /** SHA-256 of the secret half. */
  secret: string
  scopes: Scope[]
  body?: string
  createdAt: Date
  expiresAt: Date
  revokedAt?: Date
}

const text = { type: String, required: true }
const date = { type: Date, required: true }
const plain = { versionKey: false, strict: 'throw' } as const

const accountSchema = new Schema(
  {
    _id: text,
    email: text,
    person: String,
    password: String,
    grants: { type: [Object], default: [] },
    createdAt: date,
    closedAt: Date,
  },
  { ...plain, collection: 'accounts' },
)
const invitationSchema = new Schema(
  { _id: text, account: text, expiresAt: date },
  { ...plain, collection: 'invitations' },
)
const keySchema = new Schema(
  {
    _id: text,
    name: text,
    secret: text,
    scopes: [String],
    body: String,
    createdAt: date,
    expiresAt: date,
    revokedAt: Date,
  },
  { ...plain, collection: 'api_keys' },
)

export const identityCollections: readonly CollectionPlan[] = [
  {
    collection: 'accounts',
    indexes: [
      { key: { email: 1 }, options: { unique: true } },
      { key: { person: 1 }, options: { unique: true, sparse: true } },
    ],
  },
  {
    collection: 'invitations',
    indexes: [
      { key: { account: 1 } },
      { key: { expiresAt: 1 }, options: { expireAfterSeconds: 0 } },
    ],
  },
  { collection: 'api_keys', indexes: [] },
]

// Every page asks whose session it is; a closed account is out of other processes so much later.
const rememberedFor = 1_000

export function createIdentityStore(connection: Connection, clock: Clock) {
  const remembered = createRemembered<AccountDocument | null>(clock, rememberedFor)
  const accounts = connection.model<AccountDocument>('accounts', accountSchema)
  const invitations = connection.model<InvitationDocument>('invitations', invitationSchema)
  const keys = connection.model<KeyDocument>('api_keys', keySchema)
  return {
    async addAccount(account: AccountDocument): Promise<void> {
      await accounts.create(account)
      remembered.forget(account._id)
    },
    async addAccounts(many: readonly AccountDocument[]): Promise<void> {
      await accounts.insertMany(many, { lean: true })
    },
    account: (id: string) =>
      remembered.of(id, () => accounts.findOne({ _id: id }).lean<AccountDocument>()),
    accountByEmail: (email: string) => accounts.findOne({ email }).lean<AccountDocument>(),
    accountsOf: (people: readonly string[]) =>
      accounts.find({ person: trusted({ $in: people }) }).lean<AccountDocument[]>(),
    accountsWithRole: (name: string) =>
      accounts.find({ 'grants.role.name': name }).lean<AccountDocument[]>(),
    /** Accounts in the order of their addresses, those that begin with `prefix` only. */
    startingWith: (prefix: string, skip: number, limit: number) =>
      accounts
        .find({ email: trusted({ $gte: prefix, $lt: `${prefix}\uffff` }) })
        .sort({ email: 1 })
        .skip(skip)
        .limit(limit)
        .lean<AccountDocument[]>(),
    async setPassword(id: string, password: string): Promise<void> {
      await accounts.updateOne({ _id: id }, { $set: { password } })
      remembered.forget(id)
    },
    async grant(id: string, grant: Grant): Promise<void> {
      await accounts.updateOne({ _id: id }, { $push: { grants: grant } })
      remembered.forget(id)
    },
    /** Sets the last day of a grant; answers whether there was such a grant. */
    async endGrant(id: string, grant: string, to: Day): Promise<boolean> {
      const { matchedCount } = await accounts.updateOne(
        { _id: id, 'grants.id': grant },
        {
          $set: { 'grants.$.to': to },
        },
      )
      remembered.forget(id)
      return matchedCount === 1
    },
    async close(id: string, closedAt: Date): Promise<void> {
      await accounts.updateOne({ _id: id }, { $set: { closedAt } })
      remembered.forget(id)
    },
    async addInvitation(invitation: InvitationDocument): Promise<void> {
      await invitations.create(invitation)
    },
    invitation: (id: string) => invitations.findOne({ _id: id }).lean<InvitationDocument>(),
    /** Takes an invitation out of the world: whoever gets it here is the only one who does. */
    takeInvitation: (id: string) =>
      invitations.findOneAndDelete({ _id: id }).lean<InvitationDocument>(),
    async addKey(key: KeyDocument): Promise<void> {
      await keys.create(key)
    },
    key: (id: string) => keys.findOne({ _id: id }).lean<KeyDocument>(),
    allKeys: () => keys.find().sort({ createdAt: -1 }).lean<KeyDocument[]>(),
    async revokeKey(id: string, revokedAt: Date): Promise<void> {
      await keys.updateOne({ _id: id }, { $set: { revokedAt } })
    },
  }
}
