import { createHash } from 'node:crypto'
import { Schema, trusted } from 'mongoose'
import type { Audience } from '../courses/courses.js'
import type { CollectionPlan, Database } from '../database/database.js'
import { keyOf, placeOf, type Fact } from './facts.js'
import type { Told } from './statistics.js'

/** One time that somebody takes a course: what was settled when it began, and how it ended. */
export interface AttemptRecord {
  /** Random; what a completion names as its evidence. */
  attempt: string
  person: string
  course: string
  /** From 1, for each person and course. */
  number: number
  /** The account that began it. */
  account: string
  /** The hash of the version it is taken on. */
  version: string
  seed: string
  audience: Audience
  mayShorten: boolean
  /** When it began. */
  at: Date
  /** Earlier attempts of which every step still counts that has not changed since. */
  carries?: string[]
  /** Newer versions it went over to, every step done before still standing. */
  moved?: { from: string; at: Date }[]
  /** While it is under way. */
  open?: true
  /** When the last needed step was done. */
  endedAt?: Date
}

interface AttemptDocument extends AttemptRecord {
  _id: string
}

/** A fact as it is kept: whose it is, and the place that only one may hold. */
type FactDocument = Fact & {
  _id: string
  attempt: string
  person: string
  course: string
  place?: string
}

/** Whose fact it is. */
export type Owner = Pick<AttemptRecord, 'attempt' | 'person' | 'course'>

/** Everything kept of somebody's learning, or of one course of theirs. */
export interface Kept {
  attempts: AttemptRecord[]
  facts: (Owner & Fact)[]
}

// Attempts and their answers lie in one collection, so that a page is one indexed find.
const schema = new Schema(
  {
    _id: { type: String, required: true },
    attempt: { type: String, required: true },
    person: { type: String, required: true },
    course: { type: String, required: true },
    number: Number,
    account: String,
    version: String,
    seed: String,
    audience: String,
    mayShorten: Boolean,
    carries: { type: [String], default: undefined },
    moved: { type: [Object], default: undefined },
    open: Boolean,
    endedAt: Date,
    kind: String,
    step: String,
    hash: String,
    place: String,
    question: String,
    form: Number,
    answer: { type: [String], default: undefined },
    again: Boolean,
    scene: String,
    choice: String,
    text: String,
    language: String,
    at: Date,
  },
  { versionKey: false, collection: 'learning', strict: 'throw' },
)

export const learningCollections: readonly CollectionPlan[] = [
  {
    collection: 'learning',
    indexes: [
      { key: { person: 1, course: 1 } },
      // Of two answers in one place at the same moment the database keeps one, and says so.
      {
        key: { attempt: 1, place: 1 },
        options: { unique: true, partialFilterExpression: { place: { $exists: true } } },
      },
      { key: { open: 1, person: 1 }, options: { partialFilterExpression: { open: true } } },
      { key: { at: 1 }, options: { partialFilterExpression: { at: { $exists: true } } } },
      { key: { course: 1, kind: 1 } },
    ],
  },
  { collection: 'learning_resumed', indexes: [] },
]

const short = (...parts: readonly (string | number)[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 32)

const isDuplicate = (error: unknown): error is { code: 11000; keyPattern?: object } =>
  (error as { code?: unknown }).code === 11000

export type LearningStore = ReturnType<typeof createLearningStore>

export function createLearningStore({ connection, read }: Pick<Database, 'connection' | 'read'>) {
  const model = connection.model<AttemptDocument | FactDocument>('learning', schema)
  // Straight to the driver: what is written here is made of checked parts, and is written often.
  const records = connection.collection<AttemptDocument | FactDocument>('learning')
  const resumed = connection.collection<{ _id: string; at: Date }>('learning_resumed')

  async function insert(document: AttemptDocument | FactDocument): Promise<object | undefined> {
    try {
      await records.insertOne(document)
      return undefined
    } catch (error) {
      if (isDuplicate(error)) return error.keyPattern ?? {}
      throw error
    }
  }

  async function keptOf(owner: Readonly<Record<string, string>>): Promise<Kept> {
    const found = await read<AttemptDocument | FactDocument>('learning', owner)
    const attempts: AttemptRecord[] = []
    const facts: (Owner & Fact)[] = []
    for (const document of found) {
      if ('seed' in document) attempts.push(document)
      else facts.push(document)
    }
    return { attempts: attempts.sort((a, b) => a.number - b.number), facts }
  }

  return {
    /** All that is kept of one person in one course. */
    of: (person: string, course: string) => keptOf({ person, course }),
    /** All that is kept of one person. */
    ofPerson: (person: string) => keptOf({ person }),
    /** Begins an attempt; where the same one has been begun already, nothing happens. */
    async begin(record: AttemptRecord): Promise<void> {
      const _id = short(record.person, record.course, record.number)
      await insert({ _id, ...record })
    },
    /** Ends what is under way: an attempt that is complete, or one that another follows. */
    async end(attempt: string, endedAt?: Date): Promise<void> {
      await model.updateOne(
        { attempt, open: true },
        { $unset: { open: 1 }, ...(endedAt ? { $set: { endedAt } } : {}) },
      )
    },
    /** Takes an attempt over to a newer version, unless somebody has been quicker. */
    async move(attempt: string, from: string, to: string, at: Date): Promise<void> {
      await model.updateOne(
        { attempt, open: true, version: from },
        { $set: { version: to }, $push: { moved: { from, at } } },
      )
    },
    /**
     * Saves a fact under its key, durable when it resolves: `new`, or `known` where the same was
     * saved before, or `again` where another holds its place: kept then as given, and not counted.
     */
    async add({ attempt, person, course }: Owner, fact: Fact): Promise<'new' | 'known' | 'again'> {
      const own = { ...fact, _id: short(attempt, keyOf(fact)), attempt, person, course }
      const place = placeOf(fact)
      const clash = await insert(place === undefined ? own : { ...own, place })
      if (!clash) return 'new'
      if (!('place' in clash)) return 'known'
      const again = await insert({ ...own, again: true } as FactDocument)
      return again ? 'known' : 'again'
    },
    /** The attempts under way of some people, or of everybody. */
    underWay: (people?: readonly string[]) =>
      model
        .find(
          { open: true, ...(people ? { person: trusted({ $in: people }) } : {}) },
          { person: 1, course: 1 },
        )
        .lean<Pick<AttemptDocument, 'person' | 'course'>[]>(),
    /** Whose attempts were begun, or facts saved, from a moment on. */
    async savedSince(at: Date): Promise<{ person: string; course: string }[]> {
      const found = await model.aggregate<{ _id: { person: string; course: string } }>([
        { $match: { at: { $gte: at } } },
        { $group: { _id: { person: '$person', course: '$course' } } },
      ])
      return found.map(({ _id }) => _id)
    },
    /** Up to when everything has been seen to that a crash may have left. */
    async resumedUpTo(): Promise<Date | undefined> {
      return (await resumed.findOne({ _id: 'resumed' }))?.at
    },
    async resumed(at: Date): Promise<void> {
      await resumed.updateOne({ _id: 'resumed' }, { $set: { at } }, { upsert: true })
    },
    /** Every attempt and every fact of a course, one at a time, for counting. */
    each: (course: string): AsyncIterable<Told> =>
      records.find<Told & { _id: string }>(
        { course },
        { batchSize: 1000, projection: { person: 0, account: 0 } },
      ),
  }
}
