import { unbakePng, unbakeSvg } from './badge.js'
import { fieldsOf } from './credential-fields.js'
import { readPdf } from './pdf-reading.js'
import { parseSerial, type Serial } from './serial.js'

const written = /\bGS(-[0-9A-Z]{7}){3}\b/
const largest = 5 * 1024 * 1024

/** The serial of a credential, as its text tells it. */
function inCredential(text: string | undefined): Serial | undefined {
  try {
    const told = fieldsOf(JSON.parse(text ?? ''))
    return told && parseSerial(told.fields.serial)
  } catch {
    return undefined
  }
}

/**
 * Which certificate a file says that it is, so that the institution's own record of it can be put beside it.
 * Nothing in the file is believed by that. A PDF tells it by its credential, else by what stands on its page.
 */
export async function serialInFile(bytes: Uint8Array): Promise<Serial | undefined> {
  if (bytes.length > largest) return undefined
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!buffer.subarray(0, 1024).includes('%PDF-')) {
    const baked = unbakePng(buffer) ?? unbakeSvg(buffer.toString('utf8'))
    return inCredential(baked ?? buffer.toString('utf8'))
  }
  const reading = await readPdf(buffer)
  if (reading.state !== 'read') return undefined
  for (const file of reading.attached) {
    const serial = inCredential(file.toString('utf8'))
    if (serial) return serial
  }
  const [shown] = written.exec(reading.lines.map(({ text }) => text).join('\n')) ?? []
  return shown === undefined ? undefined : parseSerial(shown)
}
