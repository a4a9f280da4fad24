import { checkDocument } from '../bson/check.js'
import { documentAt, type Value } from '../bson/value.js'
import { BsonWriter, type Writable } from '../bson/write.js'
import { crc32c } from './crc32c.js'

/** A message breaks the protocol; its connection is closed. */
export class BrokenMessage extends Error {}

const opReply = 1
const opQuery = 2004
const opMsg = 2013
export const headerLength = 16

const flag = { checksum: 1, moreToCome: 2 }

export interface Message {
  readonly id: number
  /** Whether it came in the old form that only a handshake may have. */
  readonly old: boolean
  /** Whether the client wants to hear nothing. */
  readonly silent: boolean
  readonly body: Value
  readonly sequences: ReadonlyMap<string, readonly Value[]>
}

function documentIn(bytes: Buffer, at: number, limit: number): Value {
  checkDocument(bytes, at, limit)
  return documentAt(bytes, at)
}

/** Reads a whole message. Throws where it breaks the protocol, or where its BSON is broken. */
export function readMessage(bytes: Buffer): Message {
  const id = bytes.readInt32LE(4)
  const operation = bytes.readInt32LE(12)
  if (operation === opMsg) return readMsg(bytes, id)
  if (operation === opQuery) return readQuery(bytes, id)
  throw new BrokenMessage(`operation ${operation} is not spoken here`)
}

function readMsg(bytes: Buffer, id: number): Message {
  if (bytes.length < headerLength + 5) throw new BrokenMessage('a message without a section')
  const flags = bytes.readUInt32LE(headerLength)
  const known = flag.checksum | flag.moreToCome
  // The upper half of the flags is optional: what is not known there may be passed over.
  if ((flags & 0xffff & ~known) !== 0) throw new BrokenMessage(`unknown flags ${flags}`)
  let end = bytes.length
  if (flags & flag.checksum) {
    end -= 4
    const given = end > headerLength + 4 ? bytes.readUInt32LE(end) : undefined
    if (given !== crc32c(bytes.subarray(0, end))) throw new BrokenMessage('the checksum is wrong')
  }
  let body: Value | undefined
  const sequences = new Map<string, readonly Value[]>()
  let at = headerLength + 4
  while (at < end) {
    const kind = bytes[at]
    if (kind === 0 && !body) {
      body = documentIn(bytes, at + 1, end)
      at = body.end
    } else if (kind === 1) at = readSequence(bytes, at + 1, end, sequences)
    else
      throw new BrokenMessage(kind === 0 ? 'more than one body' : `section of kind ${kind ?? -1}`)
  }
  if (!body) throw new BrokenMessage('a message without a body')
  return { id, old: false, silent: (flags & flag.moreToCome) !== 0, body, sequences }
}

function readSequence(
  bytes: Buffer,
  start: number,
  limit: number,
  sequences: Map<string, readonly Value[]>,
): number {
  const size = start + 4 <= limit ? bytes.readInt32LE(start) : 0
  const end = start + size
  const nameEnd = bytes.indexOf(0, start + 4)
  if (size < 5 || end > limit || nameEnd < 0 || nameEnd >= end) {
    throw new BrokenMessage('a sequence is cut short')
  }
  const name = bytes.toString('utf8', start + 4, nameEnd)
  if (sequences.has(name)) throw new BrokenMessage(`more than one sequence '${name}'`)
  const list: Value[] = []
  let at = nameEnd + 1
  while (at < end) {
    const document = documentIn(bytes, at, end)
    list.push(document)
    at = document.end
  }
  sequences.set(name, list)
  return end
}

/** The old form: flags, a namespace, two numbers, a document. Only a handshake may come in it. */
function readQuery(bytes: Buffer, id: number): Message {
  const nameEnd = bytes.indexOf(0, headerLength + 4)
  if (bytes.length < headerLength + 4 || nameEnd < 0)
    throw new BrokenMessage('a query without a namespace')
  const body = documentIn(bytes, nameEnd + 9, bytes.length)
  const first = bytes.toString('latin1', body.at + 5, bytes.indexOf(0, body.at + 5))
  if (!['ismaster', 'isMaster', 'hello'].includes(first)) {
    throw new BrokenMessage(`OP_QUERY is only for the handshake, not for '${first}'`)
  }
  return { id, old: true, silent: false, body, sequences: new Map() }
}

/** The bytes of an answer to a message. */
export function writeReply(
  to: Message,
  id: number,
  reply: Readonly<Record<string, Writable | undefined>>,
): Buffer {
  const front = headerLength + (to.old ? 20 : 5)
  const writer = new BsonWriter(512, front)
  writer.fields(reply)
  const bytes = writer.finish()
  bytes.fill(0, headerLength, front)
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(id, 4)
  bytes.writeInt32LE(to.id, 8)
  bytes.writeInt32LE(to.old ? opReply : opMsg, 12)
  if (to.old) {
    // Eight: the server can await; one document is returned.
    bytes.writeInt32LE(8, headerLength)
    bytes.writeInt32LE(1, headerLength + 16)
  }
  return bytes
}
