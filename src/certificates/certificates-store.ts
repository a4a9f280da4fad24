import { chunk } from 'es-toolkit'
import { Schema, trusted, type Connection } from 'mongoose'
import { addMissing, type CollectionPlan, type StoredFile } from '../database/database.js'
import type { Afterlife, Certificate } from './certificate.js'
import { issueKey, type Issued } from './issued.js'
import { revocationReasonOf } from './revocation.js'
import type { Serial } from './serial.js'
import type { Place, Purpose } from './status-list.js'

/** Earlier on the reason was written in an officer’s own words. */
type StoredRevocation = Pick<NonNullable<Afterlife['revoked']>, 'on'> & { reason: string }

const revocationOf = ({ on, reason }: StoredRevocation): NonNullable<Afterlife['revoked']> => ({
  on,
  reason: revocationReasonOf(reason),
})

interface CertificateDocument {
  _id: Serial
  /** See `issueKey`. */
  key: string
  completion: string
  person: string
  certificate: Certificate
  issuedAt: Date
  place: Place
  replaces?: Issued['replaces']
  revoked?: StoredRevocation
  superseded?: Afterlife['superseded']
  masked?: true
  nameless?: true
  drawAt?: Date
  pdf?: StoredFile
  credential?: string
  /** In which published lists its place is marked: `<list>/<purpose>`. */
  listed?: string[]
  follows?: string
}

const text = { type: String, required: true }
const thing = { type: Object, required: true }
const maybe = { type: Object, default: undefined }
const schema = new Schema(
  {
    _id: text,
    key: text,
    completion: text,
    person: text,
    certificate: thing,
    issuedAt: { type: Date, required: true },
    place: { list: text, index: { type: Number, required: true } },
    replaces: maybe,
    revoked: maybe,
    superseded: maybe,
    masked: Boolean,
    nameless: Boolean,
    drawAt: Date,
    pdf: maybe,
    credential: String,
    listed: { type: [String], default: undefined },
    follows: String,
  },
  { versionKey: false, collection: 'certificates', strict: 'throw', minimize: false },
)

export const certificateCollection: CollectionPlan = {
  collection: 'certificates',
  indexes: [
    { key: { key: 1 }, options: { unique: true } },
    { key: { 'place.list': 1, 'place.index': 1 }, options: { unique: true } },
    { key: { completion: 1 } },
    { key: { person: 1 } },
    { key: { drawAt: 1 }, options: { sparse: true } },
    { key: { listed: 1 }, options: { sparse: true } },
    { key: { follows: 1 }, options: { sparse: true } },
  ],
}

const issuedOf = (document: CertificateDocument): Issued => {
  const { certificate, completion, person, issuedAt, place, replaces, follows } = document
  const { revoked, superseded, drawAt } = document
  return {
    certificate,
    completion,
    person,
    issuedAt,
    place,
    afterlife: {
      ...(revoked ? { revoked: revocationOf(revoked) } : {}),
      ...(superseded ? { superseded } : {}),
    },
    masked: document.masked ?? false,
    nameless: document.nameless ?? false,
    drawn: document.pdf !== undefined,
    ...(replaces ? { replaces } : {}),
    ...(drawAt ? { drawAt } : {}),
    ...(follows === undefined ? {} : { follows }),
  }
}

const without = { pdf: 0, credential: 0 }
const absent = trusted({ $exists: false })
const marked = (place: Place, purpose: Purpose) => ({ listed: `${place.list}/${purpose}` })

export type CertificatesStore = ReturnType<typeof createCertificatesStore>

export function createCertificatesStore(connection: Connection) {
  const certificates = connection.model<CertificateDocument>('certificates', schema)
  const { collection } = certificates
  /** The credential is left out: lists need to know only that there is one. */
  const find = async (filter: object): Promise<Issued[]> =>
    (await certificates.find(filter, { credential: 0 }).lean<CertificateDocument[]>()).map(issuedOf)
  const isOneOf = (values: readonly string[]) => trusted({ $in: [...values] })

  return {
    /** Adds certificates; one whose key, serial or place is taken is left out. Answers whether all were added. */
    async add(many: readonly Issued[]): Promise<boolean> {
      let all = true
      for (const batch of chunk([...many], 1000)) {
        const documents = batch.map((issued): CertificateDocument => {
          const { certificate, completion, person, issuedAt, place, replaces, follows } = issued
          return {
            _id: certificate.serial,
            key: issueKey(completion, replaces?.serial),
            completion,
            person,
            certificate,
            issuedAt,
            place,
            ...(issued.masked ? { masked: true as const } : {}),
            ...(issued.drawAt ? { drawAt: issued.drawAt } : {}),
            ...(replaces ? { replaces } : {}),
            ...(follows === undefined ? {} : { follows }),
          }
        })
        const added = certificates.insertMany(documents, { ordered: false, lean: true })
        all = (await addMissing(added)) && all
      }
      return all
    },
    find: async (serial: Serial): Promise<Issued | undefined> => (await find({ _id: serial }))[0],
    bySerials: (serials: readonly Serial[]) => find({ _id: isOneOf(serials) }),
    byKeys: (keys: readonly string[]) => find({ key: isOneOf(keys) }),
    ofCompletions: (completions: readonly string[]) => find({ completion: isOneOf(completions) }),
    ofPeople: (people: readonly string[]) => find({ person: isOneOf(people) }),
    /** Which of these places in a list are taken. */
    async taken(list: string, places: readonly number[]): Promise<Set<number>> {
      const found = await certificates
        .find(
          { 'place.list': list, 'place.index': trusted({ $in: [...places] }) },
          { 'place.index': 1 },
        )
        .lean<Pick<CertificateDocument, 'place'>[]>()
      return new Set(found.map(({ place }) => place.index))
    },

    /** Waiting to be drawn, the one that is due longest first. */
    async toDraw(now: Date, limit: number): Promise<Issued[]> {
      const found = await certificates
        .find({ drawAt: trusted({ $lte: now }) }, without)
        .sort({ drawAt: 1 })
        .limit(limit)
        .lean<CertificateDocument[]>()
      return found.map(issuedOf)
    },
    countToDraw: (): Promise<number> =>
      certificates.countDocuments({ drawAt: trusted({ $exists: true }) }),
    countDrawn(serials: readonly string[]): Promise<number> {
      const drawn: object = { _id: isOneOf(serials), drawAt: absent }
      return certificates.countDocuments(drawn)
    },
    /** Keeps a certificate's bytes, once: false where somebody else's are there already. */
    async keep(serial: Serial, pdf: StoredFile, credential: string): Promise<boolean> {
      const { modifiedCount } = await certificates.updateOne(
        { _id: serial, pdf: absent },
        { $set: { pdf, credential }, $unset: { drawAt: 1 } },
      )
      return modifiedCount === 1
    },
    async drawLater(serial: Serial, drawAt: Date): Promise<void> {
      await certificates.updateOne({ _id: serial, pdf: absent }, { $set: { drawAt } })
    },
    async bytes(serial: Serial): Promise<{ pdf: StoredFile; credential: string } | undefined> {
      const found = await certificates
        .findOne({ _id: serial }, { pdf: 1, credential: 1 })
        .lean<CertificateDocument>()
      const { pdf, credential } = found ?? {}
      return pdf && credential !== undefined ? { pdf, credential } : undefined
    },

    /** Revokes those that have not been; an earlier revocation keeps its reason and date. */
    async revoke(
      many: readonly Issued[],
      revoked: NonNullable<Afterlife['revoked']>,
      follows: string,
    ): Promise<void> {
      if (many.length === 0) return
      await collection.bulkWrite(
        many.map(({ certificate, place }) => ({
          updateOne: {
            filter: { _id: certificate.serial as never, revoked: { $exists: false } },
            update: {
              $set: { revoked, follows },
              $addToSet: marked(place, 'revocation'),
            },
          },
        })),
        { ordered: false },
      )
    },
    /** Notes what has taken a certificate's place. The first to do so stays. */
    async supersede(
      { certificate, place }: Issued,
      superseded: NonNullable<Afterlife['superseded']>,
      follows: string,
    ): Promise<void> {
      await certificates.updateOne(
        { _id: certificate.serial, superseded: absent },
        { $set: { superseded, follows }, $addToSet: marked(place, 'refresh') },
      )
    },
    /** Every certificate of a completion but one loses its name in public. */
    async hideNames(completion: string, but: Serial): Promise<void> {
      const others: object = { completion, _id: trusted({ $ne: but }) }
      await certificates.updateMany(others, { $set: { nameless: true } })
    },
    async mask(serial: Serial, masked: boolean): Promise<void> {
      await certificates.updateOne(
        { _id: serial },
        masked ? { $set: { masked: true } } : { $unset: { masked: 1 } },
      )
    },
    /** The places of a list that are marked. */
    async listed(list: string, purpose: Purpose): Promise<number[]> {
      const found = await certificates
        .find(marked({ list, index: 0 }, purpose), { 'place.index': 1 })
        .lean<Pick<CertificateDocument, 'place'>[]>()
      return found.map(({ place }) => place.index)
    },

    /** Changes that a crash left without what follows from them. */
    unfollowed: async (limit: number): Promise<Issued[]> => {
      const found = await certificates
        .find({ follows: trusted({ $exists: true }) }, { credential: 0 })
        .limit(limit)
        .lean<CertificateDocument[]>()
      return found.map(issuedOf)
    },
    /** What followed from these changes is done; a change made since keeps its mark. */
    async followed(many: readonly Issued[]): Promise<void> {
      const marks = new Set(many.flatMap(({ follows }) => follows ?? []))
      if (marks.size === 0) return
      const serials = many.map(({ certificate }) => certificate.serial)
      const own: object = { _id: isOneOf(serials), follows: isOneOf([...marks]) }
      await certificates.updateMany(own, { $unset: { follows: 1 } })
    },
  }
}
