import { omit } from 'es-toolkit'
import { Schema, trusted, type Connection } from 'mongoose'
import { addMissing, type CollectionPlan } from '../database/database.js'
import { stands, type Seat } from './seat.js'
import type { SeatChange } from './seating.js'
import type { Deed, Taught, TrainingSession } from './training-session.js'

export interface SessionDocument extends Omit<TrainingSession, 'id'> {
  _id: string
  /** People with a wish that stands: nobody has two. */
  holders: string[]
  /** Somebody has not been told yet what has become of their place. */
  untold?: true
  /** For one that only a register knows: what tells it from others. */
  key?: string
}

const text = { type: String, required: true }
const moment = { type: Date, required: true }
const thing = { type: Object, required: true }
const schema = new Schema(
  {
    _id: text,
    course: text,
    delivery: text,
    on: text,
    from: text,
    to: text,
    venue: String,
    link: String,
    capacity: { type: Number, required: true },
    trainers: [String],
    invited: thing,
    arrangements: [String],
    linesApart: Boolean,
    verified: Boolean,
    startsAt: moment,
    endsAt: moment,
    planned: thing,
    origin: text,
    onlyFor: String,
    cancelled: { type: Object, default: undefined },
    series: String,
    edition: { type: Number, required: true },
    version: { type: Number, required: true },
    seats: { type: [Object], default: [] },
    holders: [String],
    untold: Boolean,
    taught: thing,
    register: thing,
    checkInSecret: text,
    key: String,
  },
  { versionKey: false, collection: 'training_sessions', strict: 'throw', minimize: false },
)

export const sessionCollections: readonly CollectionPlan[] = [
  {
    collection: 'training_sessions',
    indexes: [
      { key: { on: 1, course: 1 } },
      { key: { trainers: 1, on: 1 } },
      { key: { holders: 1, on: 1 } },
      { key: { series: 1 }, options: { sparse: true } },
      { key: { onlyFor: 1 }, options: { sparse: true } },
      { key: { key: 1 }, options: { unique: true, sparse: true } },
      { key: { untold: 1 }, options: { partialFilterExpression: { untold: true } } },
    ],
  },
]

/** A document may have been read without its seats. */
const sessionOf = (
  document: Omit<SessionDocument, 'seats'> & { seats?: SessionDocument['seats'] },
): TrainingSession => {
  const fields = omit(document, ['_id', 'holders', 'untold', 'key'])
  return { ...fields, id: document._id, seats: document.seats ?? [] }
}

/** Everything of a training session but who has a place in it. */
const withoutSeats = { seats: 0, holders: 0, checkInSecret: 0 }

export type SessionsStore = ReturnType<typeof createSessionsStore>

export function createSessionsStore(connection: Connection) {
  const sessions = connection.model<SessionDocument>('training_sessions', schema)

  async function find(filter: object, projection: object = {}): Promise<TrainingSession[]> {
    const found = await sessions
      .find(filter, projection)
      .sort({ on: 1, from: 1, _id: 1 })
      .lean<SessionDocument[]>()
    return found.map(sessionOf)
  }

  return {
    /** Adds training sessions; one whose id or key is there already is left as it is. */
    async add(many: readonly (TrainingSession & { key?: string })[]): Promise<void> {
      const documents = many.map(({ id, ...fields }) => ({
        _id: id,
        ...fields,
        holders: fields.seats.filter(stands).map(({ person }) => person),
      }))
      await addMissing(sessions.insertMany(documents, { ordered: false, lean: true }))
    },
    async find(id: string): Promise<TrainingSession | undefined> {
      const document = await sessions.findOne({ _id: id }).lean<SessionDocument>()
      return document ? sessionOf(document) : undefined
    },
    byIds: (ids: readonly string[]) => find({ _id: trusted({ $in: ids }) }, withoutSeats),
    /** Those of some courses on some days, without their seats. */
    onDays: (days: readonly string[], courses: readonly string[]) =>
      find({ on: trusted({ $in: days }), course: trusted({ $in: courses }) }, withoutSeats),
    async byKeys(keys: readonly string[]): Promise<Map<string, TrainingSession>> {
      const found = await sessions
        .find({ key: trusted({ $in: keys }) }, withoutSeats)
        .lean<SessionDocument[]>()
      return new Map(found.map((document) => [document.key ?? '', sessionOf(document)]))
    },
    /** From one day to another, both included. */
    between: (from: string, to: string, trainer?: string) =>
      find({ on: trusted({ $gte: from, $lte: to }), ...(trainer ? { trainers: trainer } : {}) }),
    inSeries: (series: string) => find({ series }),
    /** Where some people, or anybody, have a wish that stands, on a day or after it. */
    withPlacesOf: (people: readonly string[] | undefined, from: string) =>
      find({
        ...(people ? { holders: trusted({ $in: people }) } : {}),
        on: trusted({ $gte: from }),
      }),
    onlyFor: (people: readonly string[]) => find({ onlyFor: trusted({ $in: people }) }),
    untold: () => find({ untold: true }),
    async holdersOf(ids: readonly string[]): Promise<Map<string, readonly string[]>> {
      const found = await sessions
        .find({ _id: trusted({ $in: ids }) }, { holders: 1 })
        .lean<Pick<SessionDocument, '_id' | 'holders'>[]>()
      return new Map(found.map(({ _id, holders }) => [_id, holders]))
    },
    /** Changes an edition that nobody has changed since; answers whether it did. */
    async change(
      { id, edition, version }: Pick<TrainingSession, 'id' | 'edition' | 'version'>,
      fields: Partial<TrainingSession>,
    ): Promise<boolean> {
      const next = { ...fields, edition: edition + 1, version: version + 1, untold: true }
      const result = await sessions.updateOne({ _id: id, edition, version }, { $set: next })
      return result.modifiedCount === 1
    },
    /** Notes what is taught, and that its register has been begun, if nobody has yet. */
    async begin(id: string, begun: Deed, taught: Taught): Promise<void> {
      const filter = { _id: id, 'register.begun': trusted({ $exists: false }) }
      await sessions.updateOne(filter, { $set: { 'register.begun': begun, taught } })
    },
    /** The same for many at once. */
    async beginMany(
      many: readonly Pick<TrainingSession, 'id' | 'taught'>[],
      begun: Deed,
    ): Promise<void> {
      if (many.length === 0) return
      await sessions.collection.bulkWrite(
        many.map(({ id, taught }) => ({
          updateOne: {
            filter: { _id: id as never, 'register.begun': { $exists: false } },
            update: { $set: { 'register.begun': begun, taught } as never },
          },
        })),
        { ordered: false },
      )
    },
    /** Signed registers whose entries may not all know of it yet. */
    signing: () => find({ 'register.signing': true }),
    async signedThrough(id: string): Promise<void> {
      await sessions.updateOne({ _id: id }, { $unset: { 'register.signing': 1 } })
    },
    /** Moves a register on from a state it is in; answers whether it did. */
    async moveRegister(
      id: string,
      from: TrainingSession['register']['state'],
      register: Partial<TrainingSession['register']>,
    ): Promise<boolean> {
      const set = Object.fromEntries(
        Object.entries(register).map(([name, value]) => [`register.${name}`, value]),
      )
      const filter = { _id: id, 'register.state': from }
      return (await sessions.updateOne(filter, { $set: set })).modifiedCount === 1
    },
    /** Those to come in which an offer may run out, or a wish was left unsettled by a crash. */
    unsettled: (now: Date) =>
      find({
        startsAt: trusted({ $gt: now }),
        'seats.state': trusted({ $in: ['asked', 'offered'] }),
      }),
    /** Puts a wish at the end of the list, unless the person has one that stands or it is too late. */
    async ask(id: string, seat: Seat): Promise<boolean> {
      const { person, asked } = seat
      const result = await sessions.updateOne(
        {
          _id: id,
          holders: trusted({ $ne: person }),
          cancelled: trusted({ $exists: false }),
          startsAt: trusted({ $gt: asked.at }),
        },
        { $push: { seats: seat, holders: person } },
      )
      return result.modifiedCount === 1
    },
    /** Changes seats, if nobody has changed any since this version; answers whether it did. */
    async settle(
      { id, version, seats }: Pick<TrainingSession, 'id' | 'version' | 'seats'>,
      changes: readonly SeatChange[],
      gone: readonly string[],
    ): Promise<boolean> {
      const set: Record<string, unknown> = { version: version + 1, untold: true }
      const unset: Record<string, 1> = {}
      for (const { place, state, until } of changes) {
        set[`seats.${place}.state`] = state
        set[`seats.${place}.moves`] = (seats[place]?.moves ?? 0) + 1
        if (until) set[`seats.${place}.until`] = until
        else unset[`seats.${place}.until`] = 1
      }
      const result = await sessions.updateOne(
        { _id: id, version },
        {
          $set: set,
          ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}),
          ...(gone.length > 0 ? { $pullAll: { holders: [...gone] } } : {}),
        },
      )
      return result.modifiedCount === 1
    },
    /** Notes what people have been told, if seats are as they were then. */
    async told(
      { id, version }: Pick<TrainingSession, 'id' | 'version'>,
      told: readonly { place: number; told: string }[],
    ): Promise<void> {
      const set = Object.fromEntries(told.map(({ place, told }) => [`seats.${place}.told`, told]))
      const update =
        told.length > 0 ? { $set: set, $unset: { untold: 1 } } : { $unset: { untold: 1 } }
      await sessions.updateOne({ _id: id, version }, update)
    },
  }
}
