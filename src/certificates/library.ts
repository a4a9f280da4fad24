import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parse } from 'yaml'
import type { Files } from '../database/database.js'
import { invalid } from '../errors.js'
import { loadDesign, unpackDesign, type Design } from './design-files.js'
import { packDesign } from './design-source.js'

/** The designs there are, and every one that a certificate was ever frozen with. */
export interface Library {
  /** The design of new certificates. Throws where it cannot be used; issuing then waits. */
  current(): Design
  /** Keeps a design as it is, so that what is frozen with it can always be drawn. */
  keep(design: Design): Promise<void>
  /** A design as it was kept; nothing where no certificate was frozen with it. */
  packed(hash: string): Promise<Uint8Array | undefined>
  /** A design by what a certificate was frozen with. Throws where it was not kept. */
  frozen(design: { id: string; hash: string }): Promise<Design>
  /** The folders in `CERTIFICATES_DIR`, by name. */
  ids(): readonly string[]
}

const choice = z.strictObject({ design: z.string().regex(/^[a-z][a-z0-9-]*$/) })
/** The file beside the designs that says which of them new certificates are drawn in. */
const choiceFile = 'certificates.yaml'
const fileId = (hash: string): string => `design:${hash}`

function chosenIn(designsDir: string): string {
  try {
    return choice.parse(parse(readFileSync(join(designsDir, choiceFile), 'utf8'))).design
  } catch {
    throw invalid('certificates.design.no-choice', { file: choiceFile })
  }
}

export function createLibrary({
  designsDir,
  files,
}: {
  designsDir: string
  files: Files
}): Library {
  let current: Design | undefined
  const kept = new Set<string>()
  let unpacked: Design | undefined

  return {
    // Read once: a change on disk is taken up at the next start, by every process alike.
    current: () => (current ??= loadDesign(join(designsDir, chosenIn(designsDir)))),
    async keep({ hash, files: parts }) {
      if (kept.has(hash)) return
      await files.put(packDesign(parts), fileId(hash))
      kept.add(hash)
    },
    packed: (hash) => files.find(fileId(hash)),
    async frozen({ id, hash }) {
      if (current?.hash === hash) return current
      if (unpacked?.hash === hash) return unpacked
      const packed = await files.find(fileId(hash))
      if (!packed) throw invalid('certificates.design.unusable', { design: id })
      unpacked = unpackDesign(id, packed)
      return unpacked
    },
    ids: () =>
      readdirSync(designsDir, { withFileTypes: true })
        .filter((one) => one.isDirectory() && existsSync(join(designsDir, one.name, 'design.yaml')))
        .map(({ name }) => name)
        .sort(),
  }
}
