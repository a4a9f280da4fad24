import { Readable } from 'node:stream'
import { Zip, ZipPassThrough } from 'fflate'

/** One file of a zip; its bytes are asked for when its turn comes. */
export interface Zipped {
  name: string
  bytes: () => Promise<Uint8Array>
}

/** A name as every system can keep it. */
export const fileName = (parts: readonly string[], ending: string): string =>
  `${parts
    .join(' - ')
    .replaceAll(/[\p{Cc}<>:"/\\|?*]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 120)}.${ending}`

/**
 * A zip made while it is read, one file in memory at a time, so that ten thousand take no more than one.
 * Nothing is packed again: a PDF is. Every file bears the date `at`.
 */
export function zipOf(files: readonly Zipped[], at: Date): Readable {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const ready: Uint8Array[] = []
    let failure: Error | undefined
    const zip = new Zip((error, piece) => {
      if (error) failure = error
      else ready.push(piece)
    })
    for (const { name, bytes } of files) {
      const entry = new ZipPassThrough(name)
      entry.mtime = at
      zip.add(entry)
      entry.push(await bytes(), true)
      if (failure) throw failure
      yield* ready.splice(0)
    }
    zip.end()
    yield* ready.splice(0)
  }
  return Readable.from(pieces(), { objectMode: false })
}
