import { chunk, pick } from 'es-toolkit'
import { Schema, trusted, type Connection } from 'mongoose'
import {
  addMissing,
  reviseMany,
  type CollectionPlan,
  type Versioned,
} from '../database/database.js'
import type { Random } from '../random.js'
import type { DirectoryContent, PlannedChange, StoredRow } from './directory-plan.js'
import { directoryFiles, type DirectoryFile, type Field, type Fields } from './directory-rows.js'
import type { Named } from './name-index.js'

type RowFields = Fields & { retracted: boolean }

/** A row of the directory as it lies in its collection: the fields of its file, null where empty. */
export interface DirectoryDocument extends Fields, Versioned<RowFields> {
  _id: string
  source: string
  key: string
}

const text = { type: String, default: null }
const needed = { type: String, required: true }
const fieldsOf = {
  people: { name: needed, email: text, language: needed, preferredName: text },
  offices: { name: needed, house: needed, kind: needed, parent: text, employer: text },
  terms: {
    person: needed,
    kind: needed,
    house: needed,
    party: text,
    office: text,
    title: text,
    from: needed,
    to: text,
  },
  absences: { person: needed, kind: needed, from: needed, to: text },
  managers: { office: needed, person: needed, from: needed, to: text },
} as const satisfies Record<DirectoryFile, object>

const rowSchema = (file: DirectoryFile) =>
  new Schema(
    {
      _id: { type: String, required: true },
      source: needed,
      key: needed,
      ...fieldsOf[file],
      retracted: { type: Boolean, default: false },
      recordedAt: { type: Date, required: true },
      earlier: { type: [Object], default: [] },
    },
    { versionKey: false, collection: file, strict: 'throw' },
  )

interface RevisionDocument {
  _id: string
  revision: string
}
const revisionSchema = new Schema(
  { _id: { type: String, required: true }, revision: String },
  { versionKey: false, collection: 'people_revisions', strict: 'throw' },
)

const byKey = { key: { source: 1, key: 1 }, options: { unique: true } } as const

/** The indexes of the directory's five collections. */
export const peopleCollections: readonly CollectionPlan[] = [
  { collection: 'people', indexes: [{ key: { email: 1 } }] },
  { collection: 'people_revisions', indexes: [] },
  { collection: 'offices', indexes: [{ key: { parent: 1 } }, { key: { employer: 1 } }] },
  { collection: 'terms', indexes: [byKey, { key: { person: 1 } }, { key: { office: 1 } }] },
  { collection: 'absences', indexes: [byKey, { key: { person: 1 } }] },
  { collection: 'managers', indexes: [byKey, { key: { person: 1 } }, { key: { office: 1 } }] },
]

const forFacts = { source: 0, key: 0 } as const
// Few enough that one batch is read while the next is being looked up.
const batchOfRows = 5000
// Few enough that a request beside an import does not wait for the batch that is being read.
const batchOfTurn = 500

const idIsKey = (file: DirectoryFile): boolean => file === 'people' || file === 'offices'

/** Which names a person bears and bore, as they lie in the collection. */
type NamesDocument = Pick<DirectoryDocument, '_id' | 'name' | 'preferredName'> & {
  earlier: Pick<Fields, 'name' | 'preferredName'>[]
}

const namesOf = ({ name, preferredName }: Fields): string[] =>
  [name, preferredName].filter((one) => typeof one === 'string')

export type PeopleStore = ReturnType<typeof createPeopleStore>

/** The directory's collections. Plain objects come out; a retracted row never does, but for an import. */
export function createPeopleStore(connection: Connection, random: Random) {
  const model = (file: DirectoryFile) => connection.model<DirectoryDocument>(file, rowSchema(file))
  const models = {
    people: model('people'),
    offices: model('offices'),
    terms: model('terms'),
    absences: model('absences'),
    managers: model('managers'),
  }
  const revisions = connection.model<RevisionDocument>('people_revisions', revisionSchema)
  const rows = (file: DirectoryFile, filter: object): Promise<DirectoryDocument[]> =>
    models[file].find({ ...filter, retracted: false }).lean<DirectoryDocument[]>()
  /** With retracted rows, which were facts as known before. */
  const history = (file: DirectoryFile, filter: object): Promise<DirectoryDocument[]> =>
    models[file].find(filter).lean<DirectoryDocument[]>()
  /** Every row of a file as it is now, or with all that it was; without what only imports ask for. */
  const every = (file: DirectoryFile, wholly: boolean): Promise<DirectoryDocument[]> =>
    models[file]
      .find(wholly ? {} : { retracted: false }, wholly ? forFacts : { ...forFacts, earlier: 0 })
      .batchSize(batchOfRows)
      .lean<DirectoryDocument[]>()

  async function stored(file: DirectoryFile, source: string): Promise<StoredRow[]> {
    const names = Object.keys(fieldsOf[file]) as Field[]
    const rows: StoredRow[] = []
    // A batch at a time: what others wait for meanwhile is one batch, and none of it is kept but this.
    const cursor = models[file].collection.find<DirectoryDocument>(
      {},
      { projection: { earlier: 0 }, batchSize: batchOfTurn },
    )
    for await (const document of cursor) {
      rows.push({
        id: document._id,
        key: document.key,
        own: document.source === source,
        fields: pick(document, names),
        retracted: document.retracted,
        recordedAt: document.recordedAt,
      })
    }
    return rows
  }

  async function insert(
    file: DirectoryFile,
    source: string,
    added: readonly PlannedChange[],
    recordedAt: Date,
  ): Promise<void> {
    const empty = Object.fromEntries(Object.keys(fieldsOf[file]).map((name) => [name, null]))
    for (const batch of chunk([...added], 1000)) {
      const documents = batch.map(({ key, fields }) => ({
        _id: idIsKey(file) ? key : random.id(),
        source,
        key,
        ...empty,
        ...fields,
        retracted: false,
        recordedAt,
        earlier: [],
      }))
      // Rows have been checked one by one as they were read; to do so again takes longer than to
      // write them. One that an interrupted run of the same import has put there is left as it is.
      await addMissing(models[file].insertMany(documents, { ordered: false, lean: true }))
    }
  }

  return {
    /** Every stored row of every file, for planning an import of one source. */
    async directory(source: string): Promise<DirectoryContent<StoredRow>> {
      const all = await Promise.all(
        directoryFiles.map(async (file) => [file, await stored(file, source)] as const),
      )
      return Object.fromEntries(all) as unknown as DirectoryContent<StoredRow>
    },

    /** Writes one file's changes; running the same ones again changes nothing. */
    async write(
      file: DirectoryFile,
      source: string,
      changes: readonly PlannedChange[],
      recordedAt: Date,
    ): Promise<void> {
      await insert(
        file,
        source,
        changes.filter((change) => change.kind === 'added'),
        recordedAt,
      )
      const changed = changes.flatMap(({ kind, stored: row, fields }) =>
        row
          ? {
              id: row.id,
              replaces: { ...row.fields, retracted: row.retracted, recordedAt: row.recordedAt },
              fields: { ...fields, retracted: kind === 'retracted' },
            }
          : [],
      )
      const names = [...Object.keys(fieldsOf[file]), 'retracted']
      await reviseMany<Record<string, unknown>>(models[file], names, changed, recordedAt)
    },

    people: (ids: readonly string[]) => rows('people', { _id: trusted({ $in: ids }) }),
    everybody: () => rows('people', {}),
    peopleByEmail: (emails: readonly string[]) =>
      rows('people', { email: trusted({ $in: emails }) }),
    /** Tells every process that names may have changed; asked for whenever people were written. */
    async renew(): Promise<void> {
      const change = { $set: { revision: random.stream('people').id() } }
      await revisions.updateOne({ _id: 'names' }, change, { upsert: true })
    },
    async revision(): Promise<string | undefined> {
      return (await revisions.findOne({ _id: 'names' }).lean())?.revision
    },
    /** Everybody's names, now and before, a thousand people at a time. */
    async *names(): AsyncGenerator<Named[]> {
      const fields = { name: 1, preferredName: 1, 'earlier.name': 1, 'earlier.preferredName': 1 }
      const cursor = models.people.collection.find<NamesDocument>(
        { retracted: false },
        { projection: fields, batchSize: 1000 },
      )
      for (let some: Named[] = []; ;) {
        const document = await cursor.next()
        if (document) {
          const before = document.earlier.flatMap(namesOf)
          some.push({ id: document._id, now: namesOf(document), before })
        }
        if (some.length > 0 && (!document || some.length >= 1000)) yield some
        if (!document) return
        if (some.length >= 1000) some = []
      }
    },
    termsOf: (people: readonly string[]) => history('terms', { person: trusted({ $in: people }) }),
    termsAt: (offices: readonly string[]) => rows('terms', { office: trusted({ $in: offices }) }),
    absencesOf: (people: readonly string[]) =>
      history('absences', { person: trusted({ $in: people }) }),
    /** Those that were retracted too, and earlier versions, only where it is asked what was known before. */
    allTerms: (wholly: boolean) => every('terms', wholly),
    allAbsences: (wholly: boolean) => every('absences', wholly),
    /** Everybody's names, and nothing else of them. */
    everybodyCalled: () =>
      models.people
        .find({ retracted: false }, { name: 1, preferredName: 1 })
        .batchSize(batchOfRows)
        .lean<Pick<DirectoryDocument, '_id' | 'name' | 'preferredName'>[]>(),
    offices: (ids: readonly string[]) => rows('offices', { _id: trusted({ $in: ids }) }),
    allOffices: () => rows('offices', {}),
    officesBelow: (parents: readonly string[]) =>
      rows('offices', { parent: trusted({ $in: parents }) }),
    officesOf: (employers: readonly string[]) =>
      rows('offices', { employer: trusted({ $in: employers }) }),
    managing: (people: readonly string[]) => rows('managers', { person: trusted({ $in: people }) }),
    managersAt: (offices: readonly string[]) =>
      rows('managers', { office: trusted({ $in: offices }) }),
  }
}
