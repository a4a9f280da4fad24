import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { conflict, DomainError } from '../errors.js'
import { loadDesign, type Design } from './design-files.js'
import type { PressReply, PressTask } from './press.js'
import { printCertificate } from './printing.js'

// One hand at the press: a thread that draws and signs one certificate after another.
const { designsDir } = workerData as { designsDir: string }
const designs = new Map<string, Design>()

/** The design as it was at issue. One that was changed since is read again once, then refused. */
function designFor({ id, hash }: { id: string; hash: string }): Design {
  const known = designs.get(id)
  if (known?.hash === hash) return known
  const design = loadDesign(join(designsDir, id))
  if (design.hash !== hash) throw conflict('certificates.press.design-changed', { design: id })
  designs.set(id, design)
  return design
}

async function carryOut({ task, order }: PressTask): Promise<PressReply> {
  try {
    return { task, printed: await printCertificate(order, designFor(order.certificate.design)) }
  } catch (error) {
    return error instanceof DomainError
      ? { task, refused: { kind: error.kind, say: error.say, faults: error.faults } }
      : { task, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

parentPort?.on('message', (task: PressTask) => {
  void carryOut(task).then((reply) => parentPort?.postMessage(reply))
})
