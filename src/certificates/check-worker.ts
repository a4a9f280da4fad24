import type { CheckOrder, CheckResult } from './checker.js'
import { serialInFile } from './serial-in-file.js'
import { takeOrders } from './thread.js'
import { verifyFile } from './verification.js'

// Looks into files that strangers sent, in a thread with little memory and little time.
async function carryOut(order: CheckOrder): Promise<CheckResult> {
  if ('known' in order) return { verification: await verifyFile(order.bytes, order.known) }
  const serial = await serialInFile(order.bytes)
  return serial ? { serial } : {}
}

takeOrders(carryOut)
