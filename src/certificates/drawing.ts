import type { Clock } from '../clock.js'
import type { Files, Lease, Leases } from '../database/database.js'
import { DomainError, notFound } from '../errors.js'
import { keyTroubleOf } from '../keys/keys.js'
import type { Log } from '../log.js'
import type { CertificatesStore } from './certificates-store.js'
import type { Issued } from './issued.js'
import type { Signers } from './keys.js'
import type { Library } from './library.js'
import type { PackedDesigns, Press } from './press.js'
import type { Printed } from './printing.js'

/** A certificate's bytes as they were drawn, once. */
interface Drawn {
  pdf: Buffer
  credential: string
}

/** Draws what was issued, keeps the bytes, and gives out the same ones for ever. */
export interface Drawing {
  /** The bytes of a certificate. One that waits is drawn at once. Throws `unavailable` where it cannot be. */
  bytesOf(issued: Issued): Promise<Drawn>
  /** Draws what waits, in a thread of its own; one process at a time. Answers how many. */
  work(): Promise<number>
  /** The designs of certificates, as they were kept at issue, where they are not today's. */
  packedFor(many: readonly Issued[]): Promise<PackedDesigns>
}

/** How many are drawn before others get their turn at the lease. */
const round = 48
const leaseSeconds = 30
const minute = 60_000

export function createDrawing(parts: {
  store: CertificatesStore
  files: Files
  leases: Leases
  library: Library
  press: Press
  /** Today's keys. Throws `unavailable` with `keys.…` while they cannot be had. */
  signers: () => Signers
  clock: Clock
  log: Pick<Log, 'error' | 'warn'>
}): Drawing {
  const { store, files, leases, library, press, signers, clock, log } = parts

  async function packedFor(many: readonly Issued[], also?: string): Promise<PackedDesigns> {
    const today = library.current().hash
    const hashes = new Set(many.map(({ certificate }) => certificate.design.hash))
    const packed: Record<string, Uint8Array> = {}
    for (const hash of hashes) {
      const bytes = hash === today && hash !== also ? undefined : await library.packed(hash)
      if (bytes) packed[hash] = bytes
    }
    return packed
  }

  async function print(issued: Issued): Promise<Printed> {
    const { certificate, place } = issued
    const order = { certificate, place, signers: signers(), signedOn: clock.today() }
    try {
      return await press.print(order, await packedFor([issued]))
    } catch (error) {
      // The folder was changed since this process began; what was kept at issue is what counts.
      const changed = error instanceof DomainError && error.kind === 'conflict'
      if (!changed) throw error
      return press.print(order, await packedFor([issued], certificate.design.hash))
    }
  }

  async function stored(issued: Issued): Promise<Drawn | undefined> {
    const kept = await store.bytes(issued.certificate.serial)
    const pdf = kept && (await files.find(kept.pdf.id))
    if (kept && !pdf) throw new Error(`the bytes of ${issued.certificate.serial} are gone`)
    return kept && pdf ? { pdf, credential: kept.credential } : undefined
  }

  /** Draws a certificate and keeps its bytes, unless somebody else's are there by then. */
  async function draw(issued: Issued): Promise<void> {
    const { serial } = issued.certificate
    const { pdf, credential } = await print(issued)
    const file = await files.put(pdf)
    if (!(await store.keep(serial, file, credential))) await files.remove(file.id)
  }

  async function drawOne(issued: Issued): Promise<boolean> {
    try {
      await draw(issued)
      return true
    } catch (error) {
      if (keyTroubleOf(error) !== undefined) throw error
      if (isWaitingForPress(error)) return false
      log.warn({ err: error, serial: issued.certificate.serial }, 'a certificate was not drawn')
      const later = new Date(clock.now().getTime() + 5 * minute)
      await store.drawLater(issued.certificate.serial, later)
      return false
    }
  }

  let shouted = false
  async function drawRound(lease: Lease): Promise<number> {
    const due = await store.toDraw(clock.now(), round)
    if (due.length === 0) return 0
    try {
      signers()
      shouted = false
    } catch (error) {
      const reason = String(error)
      if (!shouted) log.error({ reason }, 'certificates cannot be signed; they wait')
      shouted = true
      return 0
    }
    const renewing = setInterval(() => void lease.renew(), (leaseSeconds * 1000) / 3)
    try {
      const drawn = await Promise.all(due.map(drawOne))
      return drawn.filter(Boolean).length
    } finally {
      clearInterval(renewing)
    }
  }

  return {
    async bytesOf(issued) {
      const there = await stored(issued)
      if (there) return there
      await draw(issued)
      const drawn = await stored(issued)
      if (!drawn) throw notFound()
      return drawn
    },
    work: async () => (await leases.hold('press', leaseSeconds, drawRound)) ?? 0,
    packedFor: (many) => packedFor(many),
  }
}

/** The press is closed or full: nothing is wrong with the certificate, and it waits its turn. */
export const isWaitingForPress = (error: unknown): boolean =>
  error instanceof DomainError && /^certificates\.press\.(closed|full)$/.test(error.say.key)
