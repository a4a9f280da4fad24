import { chunk, omit } from 'es-toolkit'
import { Schema, trusted, type Connection } from 'mongoose'
import { revocationReasonOf } from '../certificates/certificates.js'
import { addMissing, type CollectionPlan } from '../database/database.js'
import { stood, type Completion, type CompletionOutline } from './completion.js'

type Annulled = NonNullable<Completion['annulled']>

interface CompletionDocument extends Omit<Completion, 'id' | 'annulled'> {
  _id: string
  /** Earlier on there was one reason for everybody, in an officer's own words. */
  annulled?: Pick<Annulled, 'at' | 'by' | 'note'> & { why?: string; reason?: string }
  /** Present until its certificate, outcomes and record have followed. */
  waiting?: true
}

const text = { type: String, required: true }
const schema = new Schema(
  {
    _id: text,
    person: text,
    course: text,
    version: { hash: text, label: text },
    delivery: text,
    on: text,
    evidence: { kind: text, id: text },
    recordedAt: { type: Date, required: true },
    by: { type: Object, required: true },
    waiting: Boolean,
    annulled: { type: Object, default: undefined },
  },
  { versionKey: false, collection: 'completions', strict: 'throw' },
)

export const completionCollections: readonly CollectionPlan[] = [
  {
    collection: 'completions',
    indexes: [
      // A person completes a course once by the same evidence, however often it is uploaded.
      {
        key: { person: 1, course: 1, 'evidence.kind': 1, 'evidence.id': 1 },
        options: { unique: true },
      },
      { key: { recordedAt: 1, _id: 1 } },
      { key: { 'evidence.id': 1 } },
      { key: { waiting: 1 }, options: { partialFilterExpression: { waiting: true } } },
    ],
  },
]

type FactDocument = Pick<
  CompletionDocument,
  '_id' | 'person' | 'course' | 'delivery' | 'on' | 'recordedAt' | 'annulled'
>
const factFields = {
  person: 1,
  course: 1,
  delivery: 1,
  on: 1,
  recordedAt: 1,
  'annulled.at': 1,
} as const
// Few enough that one batch is read while the next is being looked up.
const batchOfFacts = 5000

function annulledOf({ at, by, why, note, reason }: NonNullable<CompletionDocument['annulled']>) {
  const words = note ?? reason
  const annulled: Annulled = { at, by, why: revocationReasonOf(why) }
  return words === undefined ? annulled : { ...annulled, note: words }
}

const completionOf = ({ _id, annulled, ...document }: CompletionDocument): Completion => ({
  id: _id,
  ...omit(document, ['waiting']),
  ...(annulled ? { annulled: annulledOf(annulled) } : {}),
})

export function createCompletionsStore(connection: Connection) {
  const completions = connection.model<CompletionDocument>('completions', schema)
  const find = async (filter: object): Promise<Completion[]> =>
    (await completions.find(filter).lean<CompletionDocument[]>()).map(completionOf)

  return {
    /** Adds completions; one that is there by the same evidence is left as it is. Answers whether all were added. */
    async add(many: readonly Completion[]): Promise<boolean> {
      let all = true
      for (const batch of chunk([...many], 1000)) {
        const documents = batch.map(({ id, ...fields }) => ({ _id: id, ...fields, waiting: true }))
        const added = completions.insertMany(documents, { ordered: false, lean: true })
        all = (await addMissing(added)) && all
      }
      return all
    },
    byIds: (ids: readonly string[]) => find({ _id: trusted({ $in: ids }) }),
    byEvidence: (ids: readonly string[]) => find({ 'evidence.id': trusted({ $in: ids }) }),
    of: (people: readonly string[]) => find({ person: trusted({ $in: people }) }),
    all: () => find({}),
    /** What standing asks about of those that stood, of some people or of everybody, by person. */
    async facts(
      people: readonly string[] | undefined,
      knownAt: Date | undefined,
    ): Promise<Map<string, CompletionOutline[]>> {
      const found = await completions
        .find(people ? { person: trusted({ $in: people }) } : {}, factFields)
        .batchSize(batchOfFacts)
        .lean<FactDocument[]>()
      const byPerson = new Map<string, CompletionOutline[]>()
      for (const document of found) {
        if (!stood(document, knownAt)) continue
        const { _id: id, person, course, delivery, on } = document
        const fact = { id, person, course, delivery, on }
        const own = byPerson.get(person)
        if (own) own.push(fact)
        else byPerson.set(person, [fact])
      }
      return byPerson
    },
    async waiting(limit: number): Promise<Completion[]> {
      const documents = await completions
        .find({ waiting: true })
        .limit(limit)
        .lean<CompletionDocument[]>()
      return documents.map(completionOf)
    },
    async followed(ids: readonly string[]): Promise<void> {
      await completions.updateMany({ _id: trusted({ $in: ids }) }, { $unset: { waiting: 1 } })
    },
    /** Takes completions back; one that has been taken back already keeps its first reason. */
    async annul(ids: readonly string[], annulled: Annulled): Promise<void> {
      await completions.updateMany(
        { _id: trusted({ $in: ids }), annulled: trusted({ $exists: false }) },
        {
          $set: { annulled, waiting: true },
        },
      )
    },
    /** Recorded after a place in the order of recording, oldest first. */
    async since(at: Date, id: string, limit: number): Promise<Completion[]> {
      const documents = await completions
        .find({
          $or: [
            { recordedAt: trusted({ $gt: at }) },
            { recordedAt: at, _id: trusted({ $gt: id }) },
          ],
        })
        .sort({ recordedAt: 1, _id: 1 })
        .limit(limit)
        .lean<CompletionDocument[]>()
      return documents.map(completionOf)
    },
  }
}
