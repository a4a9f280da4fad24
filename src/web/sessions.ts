import MongoStore from 'connect-mongo'
import session, { type SessionData, type Store } from 'express-session'
import { cloneDeep } from 'es-toolkit'
import type { Request, RequestHandler } from 'express'
import passport from 'passport'
import { publicActor, type Actor, type PersonActor } from '../actor.js'
import { systemClock } from '../clock.js'
import type { CollectionPlan, Database } from '../database/database.js'
import type { Identity } from '../identity/identity.js'

declare module 'express-session' {
  interface SessionData {
    /** What the person is called, for the header. */
    name: string
    /** A form whose sign-in had run out: given back on the page it came from. */
    kept: { path: string; form: Readonly<Record<string, unknown>> }
  }
}

/** Who the session of a request belongs to; the public where it has none. */
export const actorOf = (request: Request): Actor =>
  (request.user as PersonActor | undefined) ?? publicActor

export interface SessionOptions {
  database: Database
  identity: Identity
  secret: string
  /** Whether the site is served under HTTPS, so that its cookies can say so. */
  secure: boolean
}

const hours = 3600

/** Where sessions are kept; those that have run out are removed by the database. */
export const sessionCollections: readonly CollectionPlan[] = [
  {
    collection: 'sessions',
    indexes: [{ key: { expires: 1 }, options: { expireAfterSeconds: 0 } }],
  },
]

/** A session as connect-mongo keeps it. */
interface Kept {
  session: SessionData
  expires: Date
}

/** connect-mongo's store, except that what every request reads is read by the shortest way. */
function createStore({ connection, read }: Database): Store {
  const store = MongoStore.create({
    client: connection.getClient(),
    dbName: connection.name,
    collectionName: 'sessions',
    // Its index is made with all others, before anybody is answered.
    autoRemove: 'disabled',
    stringify: false,
    ttl: 12 * hours,
  })
  // A page that is only read writes nothing. The browser's cookie ends twelve hours after signing in,
  // and a session that went on behind it would serve only whoever had copied the cookie.
  Object.defineProperty(store, 'touch', { value: undefined })
  store.get = (id, callback) => {
    read<Kept>('sessions', { _id: id }).then(([kept]) => {
      // A cookie's age is counted by the system's time, and so is this. The database removes later.
      const isCurrent = kept !== undefined && kept.expires > systemClock.now()
      // A request writes into its session, and what was read may be another's too.
      callback(null, isCurrent ? cloneDeep(kept.session) : null)
    }, callback)
  }
  return store
}

/** Signed-in sessions, kept in the database, and who each belongs to at this moment. */
export function createSessions({
  database,
  identity,
  secret,
  secure,
}: SessionOptions): RequestHandler[] {
  const keeper = new passport.Passport()
  keeper.serializeUser((user, done) => done(null, (user as PersonActor).account))
  keeper.deserializeUser((account: string, done) => {
    identity.actor(account).then(
      (actor) => done(null, actor ?? false),
      (error: unknown) => done(error),
    )
  })
  return [
    session({
      name: secure ? '__Host-sid' : 'sid',
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: 12 * hours * 1000 },
      store: createStore(database),
    }),
    keeper.session() as RequestHandler,
  ]
}
