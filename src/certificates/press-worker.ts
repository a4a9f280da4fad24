import { join } from 'node:path'
import { workerData } from 'node:worker_threads'
import { conflict } from '../errors.js'
import type { Certificate } from './certificate.js'
import { drawBook, drawCertificate } from './certificate-pdf.js'
import { checkDesign } from './design-check.js'
import { loadDesign, readDesign, unpackDesign, type Design } from './design-files.js'
import type { PackedDesigns, PressOrder, PressResult } from './press.js'
import { printCertificate } from './printing.js'
import { takeOrders } from './thread.js'

// One hand at the press: a thread that draws and signs one certificate after another.
const { designsDir } = workerData as { designsDir: string }
const designs = new Map<string, Design>()

/** The design as it was at issue: as it was packed then, or in its folder where that has not changed. */
function designFor({ design: { id, hash } }: Certificate, packed: PackedDesigns): Design {
  const known = designs.get(hash)
  if (known) return known
  const bytes = packed[hash]
  const design = bytes ? unpackDesign(id, bytes) : loadDesign(join(designsDir, id))
  if (design.hash !== hash) throw conflict('certificates.press.design-changed', { design: id })
  designs.set(hash, design)
  return design
}

function lookAt(id: string): PressResult {
  const read = readDesign(join(designsDir, id))
  const faults = checkDesign(join(designsDir, id))
  return { ...('design' in read ? { name: read.design.file.name } : {}), faults }
}

async function carryOut(order: PressOrder): Promise<PressResult> {
  if ('print' in order) {
    return printCertificate(order.print, designFor(order.print.certificate, order.packed))
  }
  if ('look' in order) return lookAt(order.look)
  if ('sample' in order) {
    const { sample } = order
    const pdf = await drawCertificate(sample, loadDesign(join(designsDir, sample.design.id)))
    return { pdf, credential: '' }
  }
  const { certificates, packed, title, language } = order.book
  const drawings = certificates.map((certificate) => ({
    certificate,
    design: designFor(certificate, packed),
  }))
  return { pdf: await drawBook(drawings, title, language), credential: '' }
}

takeOrders(carryOut)
