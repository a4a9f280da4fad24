import type { Connection } from 'mongoose'
import { fingerprintsOf, type KeyRing } from '../keys/keys.js'

interface FingerprintsDocument {
  /** The ring's name. */
  _id: string
  /** Of every key it ever had, oldest first. */
  keys: string[]
}

/**
 * Compares the keys of this process with those of all others that use the database, by their public
 * fingerprints. A ring that has grown is noted. Answers the names of rings that are other ones, or that
 * lack a key which others have: nothing may be signed with those.
 */
export async function strangeRings(
  connection: Connection,
  rings: readonly KeyRing[],
): Promise<string[]> {
  const known = connection.collection<FingerprintsDocument>('key_fingerprints')
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
