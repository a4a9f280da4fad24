import { Schema, trusted, type Connection } from 'mongoose'
import { addMissing, type CollectionPlan } from '../database/database.js'
import type { SurveyCounts, SurveyName } from './survey.js'

/** What is kept of a survey: what may be told, and what still waits for company. */
export interface SurveyDocument {
  _id: SurveyName
  /** Sealed answers that are too few to be told, in the order of their cipher text. */
  waiting: string[]
  /** How many people the counts are of. */
  people: number
  counts: SurveyCounts
  /** The batches of words that belong to the counts. */
  batches: string[]
}

interface WordsDocument {
  _id: string
  words: string[]
}

interface MarksDocument {
  _id: string
  marks: string[]
}

const text = { type: String, required: true }
const plain = { versionKey: false, strict: 'throw', minimize: false } as const
const surveySchema = new Schema(
  {
    _id: text,
    waiting: { type: [String], default: [] },
    people: { type: Number, default: 0 },
    counts: { type: Object, default: {} },
    batches: { type: [String], default: [] },
  },
  { ...plain, collection: 'surveys' },
)
const wordsSchema = new Schema(
  { _id: text, words: { type: [String], required: true } },
  { ...plain, collection: 'survey_words' },
)
const marksSchema = new Schema(
  { _id: text, marks: { type: [String], default: [] } },
  { ...plain, collection: 'survey_marks' },
)

export const surveyCollections: readonly CollectionPlan[] = [
  { collection: 'surveys', indexes: [] },
  { collection: 'survey_words', indexes: [] },
  { collection: 'survey_marks', indexes: [] },
]

export function createSurveysStore(connection: Connection) {
  const surveys = connection.model<SurveyDocument>('surveys', surveySchema)
  const words = connection.model<WordsDocument>('survey_words', wordsSchema)
  const marks = connection.model<MarksDocument>('survey_marks', marksSchema)

  /** The list of marks that a mark stands in: by its first letters, sorted, so that it tells no order. */
  const bucketOf = (survey: SurveyName, mark: string) => `${survey}/${mark.slice(0, 2)}`

  return {
    async isMarked(survey: SurveyName, mark: string): Promise<boolean> {
      const found = await marks.findById(bucketOf(survey, mark)).lean<MarksDocument>()
      return found?.marks.includes(mark) ?? false
    },
    /** Sets a mark; answers whether it was not there before. */
    async mark(survey: SurveyName, mark: string): Promise<boolean> {
      const _id = bucketOf(survey, mark)
      // Two may want to make the same list at once.
      await addMissing(marks.updateOne({ _id }, { $setOnInsert: { marks: [] } }, { upsert: true }))
      const { modifiedCount } = await marks.updateOne(
        { _id, marks: trusted({ $ne: mark }) },
        { $push: { marks: { $each: [mark], $sort: 1 } } },
      )
      return modifiedCount === 1
    },
    async wait(survey: SurveyName, sealed: string): Promise<void> {
      const _id = survey
      const fresh = { waiting: [], people: 0, counts: {}, batches: [] }
      await addMissing(surveys.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true }))
      await surveys.updateOne({ _id }, { $push: { waiting: { $each: [sealed], $sort: 1 } } })
    },
    find: (survey: SurveyName) => surveys.findById(survey).lean<SurveyDocument>(),
    /** Keeps the words of a batch; twice the same changes nothing. */
    async keepWords(batch: string, said: readonly string[]): Promise<void> {
      await words.updateOne({ _id: batch }, { $set: { words: said } }, { upsert: true })
    },
    /** Puts what has been counted in place of what was waiting; answers whether nobody came between. */
    async tell(
      { _id, waiting }: SurveyDocument,
      told: Pick<SurveyDocument, 'people' | 'counts' | 'batches'>,
    ): Promise<boolean> {
      const { modifiedCount } = await surveys.updateOne(
        { _id, waiting },
        { $set: { ...told, waiting: [] } },
      )
      return modifiedCount === 1
    },
    async forgetWords(batch: string): Promise<void> {
      await words.deleteOne({ _id: batch })
    },
    async words(batches: readonly string[]): Promise<string[]> {
      const found = await words.find({ _id: trusted({ $in: batches }) }).lean<WordsDocument[]>()
      return found.flatMap((one) => one.words).toSorted()
    },
  }
}
