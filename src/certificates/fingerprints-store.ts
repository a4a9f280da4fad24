import type { Connection } from 'mongoose'
import { fingerprintsOf, type KeyRing } from '../keys/keys.js'

interface FingerprintsDocument {
  /** The ring's name. */
  _id: string
  /** Of every key it ever had, oldest first. */
  keys: string[]
}

const collectionName = 'key_fingerprints'

/** Whether the database was ever used with keys. */
export const knowsKeys = async (connection: Connection): Promise<boolean> =>
  (await connection.collection(collectionName).countDocuments({}, { limit: 1 })) > 0

/**
 * Compares the keys of this process with those of all others that use the database, by their public
 * fingerprints. A ring that has grown is noted. Answers the names of rings that are other ones, or that
 * lack a key which others have: nothing may be signed with those.
 */
export async function strangeRings(
  connection: Connection,
  rings: readonly KeyRing[],
): Promise<string[]> {
  const known = connection.collection<FingerprintsDocument>(collectionName)
  const strange: string[] = []
  for (const [name, keys] of Object.entries(fingerprintsOf(rings))) {
    const noted = await known.findOneAndUpdate(
      { _id: name },
      { $setOnInsert: { keys } },
      { upsert: true, returnDocument: 'after' },
    )
    const theirs = noted?.keys ?? keys
    if (!theirs.every((key, at) => keys[at] === key)) strange.push(name)
    else if (keys.length > theirs.length) {
      await known.updateOne({ _id: name, keys: theirs }, { $set: { keys } })
    }
  }
  return strange
}
