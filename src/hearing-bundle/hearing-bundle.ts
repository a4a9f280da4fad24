import { createHash } from 'node:crypto'
import { zipSync, type Zippable } from 'fflate'
import type { Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import type { Completion, Completions } from '../completions/completions.js'
import { DomainError } from '../errors.js'
import type { Bilingual } from '../language.js'
import type { Redaction, Sanctions, Which } from '../sanctions/sanctions.js'
import { fileNames } from './files.js'

export { checkHearing } from './check.js'

export type HearingBundles = ReturnType<typeof createHearingBundles>

/** A completion in a bundle: what was taught and when, never what anybody answered. */
interface BundledCompletion {
  id: string
  course: string
  title: Bilingual
  version: Completion['version']
  delivery: Completion['delivery']
  on: Completion['on']
  recordedAt: Date
  evidence: Completion['evidence']['kind']
  annulled?: Date
}

/**
 * Hearing bundles (issue 8, part 7): everything about one outcome in one file that proves itself. It
 * lies on nobody's disk but the one it is saved to.
 */
export function createHearingBundles(parts: {
  sanctions: Pick<Sanctions, 'bundle' | 'find' | 'certificate'>
  completions: Pick<Completions, 'get'>
  courseTitle: (course: string) => Bilingual
  clock: Clock
}) {
  const { sanctions, completions, courseTitle, clock } = parts

  async function completionOf(id: string): Promise<BundledCompletion | undefined> {
    // A completion of bespoke training is in the steps, and in no ordinary collection.
    const found = await completions.get(id).catch(() => undefined)
    if (!found) return undefined
    const { course, version, delivery, on, recordedAt, evidence, annulled } = found
    return {
      id,
      course,
      title: courseTitle(course),
      version,
      delivery,
      on,
      recordedAt,
      evidence: evidence.kind,
      ...(annulled ? { annulled: annulled.at } : {}),
    }
  }

  return {
    /**
     * A zip of the decision, every step with its proof, completions with the versions that were taught,
     * the certificate of bespoke training, what was left out and why, and the hash of each file.
     * Throws not-found for whoever does not act for the body; the reading stands in the body's log.
     */
    async gather(actor: Actor, which: Which, redactions: readonly Redaction[]): Promise<Buffer> {
      const bundle = await sanctions.bundle(actor, which, redactions)
      const { id } = await sanctions.find(actor, which)
      const known = await Promise.all(bundle.completions.map(completionOf))
      const certificate = await sanctions.certificate(actor, id).catch((error: unknown) => {
        if (error instanceof DomainError && error.kind === 'not-found') return undefined
        throw error
      })
      const files: Record<string, Uint8Array> = {
        [fileNames.hearing]: json({
          madeAt: clock.now(),
          ...bundle,
          completions: known.filter((one) => one !== undefined),
          notRecordedHere: bundle.completions.filter((_, n) => known[n] === undefined),
        }),
        ...(certificate ? { [fileNames.certificate]: certificate.drawn.pdf } : {}),
      }
      const manifest = Object.fromEntries(
        Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]),
      )
      const zipped: Zippable = { ...files, [fileNames.manifest]: json(manifest) }
      return Buffer.from(zipSync(zipped, { mtime: clock.now() }))
    },
  }
}

const json = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
