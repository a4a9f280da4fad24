import { hash as hashAtOnce } from 'node:crypto'

/** SHA-256 as hexadecimal. */
export const sha256 = (content: string | Uint8Array): string => hashAtOnce('sha256', content)

/** The hash of several texts one after another. */
export const hashOfTexts = (texts: readonly string[]): string =>
  sha256(texts.map((text) => `${text}\0`).join(''))

/** The hash of plain data that one piece of code makes, its keys always in the same order. */
export const hashOf = (value: unknown): string => sha256(JSON.stringify(value))

/** The hash of a set of files by name; line endings do not count, so a checkout on any system agrees. */
export function hashOfFiles(files: Iterable<readonly [path: string, bytes: Buffer]>): string {
  const lines = [...files].map(([path, bytes]) => {
    const foreign = bytes.includes('\r\n') && /\.(yaml|md|svg)$/.test(path)
    const content = foreign ? bytes.toString('utf8').replaceAll('\r\n', '\n') : bytes
    return `${sha256(content)}  ${path}\n`
  })
  return sha256(lines.sort().join(''))
}
