import { createHash } from 'node:crypto'

/** SHA-256 as hexadecimal. */
export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

/** The hash of plain data, whatever order its keys were written in. */
export const hashOf = (value: unknown): string =>
  sha256(
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ),
  )

/** The hash of a set of files by name; line endings do not count, so a checkout on any system agrees. */
export function hashOfFiles(files: Iterable<readonly [path: string, bytes: Buffer]>): string {
  const lines = [...files].map(([path, bytes]) => {
    const text = /\.(yaml|md|svg)$/.test(path)
    const content = text ? bytes.toString('utf8').replaceAll('\r\n', '\n') : bytes
    return `${sha256(content)}  ${path}\n`
  })
  return sha256(lines.sort().join(''))
}
