import { unzipSync } from 'fflate'
import { invalid } from '../errors.js'
import { directoryFiles, type DirectoryUpload } from '../people/people.js'
import type { UploadedFile } from './page.js'

// What the five files of a very large institution may come to, unpacked.
const largestFile = 50 * 1024 * 1024

const isZip = ({ bytes }: UploadedFile): boolean =>
  bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))

/** The files in a zip whose names are a directory's, whatever folder they lie in. */
function unpack({ name, bytes }: UploadedFile): UploadedFile[] {
  try {
    const files = unzipSync(bytes, {
      filter({ name: inside, originalSize }) {
        if (fileOf(inside) === undefined) return false
        if (originalSize > largestFile)
          throw invalid('directory.too-large-inside', { file: inside })
        return true
      },
    })
    return Object.entries(files).map(([inside, content]) => ({
      name: inside,
      bytes: Buffer.from(content),
    }))
  } catch (error) {
    if (error instanceof Error && error.name === 'DomainError') throw error
    throw invalid('directory.broken-zip', { file: name })
  }
}

const fileOf = (name: string) =>
  directoryFiles.find((file) => name.toLowerCase().split(/[\\/]/).at(-1) === `${file}.csv`)

/**
 * The files of a directory as they were sent: CSV files named as such, or one zip of them. Throws
 * invalid, naming the file, for what is neither, and when there is none.
 */
export function directoryUploadOf(files: readonly UploadedFile[]): DirectoryUpload {
  const upload: DirectoryUpload = {}
  for (const sent of files.filter(({ bytes, name }) => bytes.length > 0 || name !== '')) {
    for (const { name, bytes } of isZip(sent) ? unpack(sent) : [sent]) {
      const file = fileOf(name)
      if (!file) throw invalid('directory.unknown-file', { file: name })
      upload[file] = bytes
    }
  }
  if (Object.keys(upload).length === 0) throw invalid('directory.no-files')
  return upload
}
