import type { Fault } from '../errors.js'
import type { Bilingual, Language } from '../language.js'
import type { Log } from '../log.js'
import type { Certificate } from './certificate.js'
import { createCrew } from './crew.js'
import type { Printed, PrintOrder } from './printing.js'

/** Designs as they were packed at issue, by hash, where their folders may hold something else by now. */
export type PackedDesigns = Readonly<Record<string, Uint8Array>>

/** Many certificates to be drawn into one document. */
interface BookOrder {
  certificates: readonly Certificate[]
  packed: PackedDesigns
  title: string
  language: Language
}

/** A design as its folder has it now. */
export interface LookedAt {
  name?: Bilingual
  faults: readonly Fault[]
}

export type PressOrder =
  | { print: PrintOrder; packed: PackedDesigns }
  | { book: BookOrder }
  | { sample: Certificate }
  | { look: string }
export type PressResult = Printed | LookedAt

/** Draws and signs certificates in threads of their own, so that pages stay quick meanwhile. */
export interface Press {
  /**
   * Draws and signs one certificate, after those that came before. Throws `unavailable` when too many
   * wait (nothing is lost: whoever issues keeps what waits), or when drawing failed twice.
   */
  print(order: PrintOrder, packed?: PackedDesigns): Promise<Printed>
  /** Draws many into one document for printing, neither signed nor with credentials. Throws as `print` does. */
  book(order: BookOrder): Promise<Uint8Array>
  /** Draws a sample in a design as its folder has it now, unsigned. Throws as `print` does, and for faults. */
  sample(certificate: Certificate): Promise<Uint8Array>
  /** What is wrong with a design in its folder. */
  look(design: string): Promise<LookedAt>
  /** Takes nothing more, finishes what is being drawn, and lets the threads go. */
  close(): Promise<void>
}

/**
 * Sets up a press.
 *
 * @param options.workers how many certificates are drawn at the same time
 * @param options.waiting how many orders may wait before more are turned away
 * @param options.patience milliseconds after which a thread counts as stuck
 */
export function createPress(options: {
  designsDir: string
  log: Pick<Log, 'warn' | 'error'>
  workers?: number
  waiting?: number
  patience?: number
}): Press {
  const { designsDir, log, workers = 2, waiting = 1000, patience = 30_000 } = options
  const crew = createCrew<PressOrder, PressResult>({
    file: 'press-worker',
    say: 'certificates.press',
    log,
    workerData: { designsDir },
    workers,
    waiting,
    patience,
    tries: 2,
  })
  const printed = async (order: PressOrder, longest = patience): Promise<Printed> =>
    (await crew.carryOut(order, longest)) as Printed
  return {
    print: (print, packed = {}) => printed({ print, packed }),
    book: async (book) => (await printed({ book }, patience * 10)).pdf,
    sample: async (sample) => (await printed({ sample })).pdf,
    look: async (look) => (await crew.carryOut({ look })) as LookedAt,
    close: () => crew.close(),
  }
}
