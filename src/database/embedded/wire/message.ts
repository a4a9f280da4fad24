import { checkDocument } from '../bson/check.js'
import { documentAt, type Value } from '../bson/value.js'
import { BsonWriter, type Fields } from '../bson/write.js'

/** A message breaks the protocol; its connection is closed. */
export class BrokenMessage extends Error {}

function must(holds: boolean, why: string): asserts holds {
  if (!holds) throw new BrokenMessage(why)
}

const [opReply, opQuery, opMsg] = [1, 2004, 2013]
const moreToCome = 2

/** Length, number, number of the message that is answered, operation: four bytes each. */
export const headerLength = 16

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
  const operation = bytes.readInt32LE(12)
  must(operation === opMsg || operation === opQuery, `operation ${operation} is not spoken here`)
  const id = bytes.readInt32LE(4)
  return operation === opMsg ? readMsg(bytes, id) : readQuery(bytes, id)
}

/** Flags, then sections: one body, and lists of documents beside it. */
function readMsg(bytes: Buffer, id: number): Message {
  must(bytes.length > headerLength + 5, 'a message without a section')
  const flags = bytes.readUInt32LE(headerLength)
  // The upper half is optional. Of the lower, checksums are refused: over a local socket none sends them.
  must((flags & 0xffff & ~moreToCome) === 0, `flags ${flags} are not known here`)
  const sequences = new Map<string, readonly Value[]>()
  let body: Value | undefined
  for (let at = headerLength + 4; at < bytes.length;) {
    const kind = bytes[at] ?? 0
    must(
      kind === 1 || (kind === 0 && !body),
      kind === 0 ? 'more than one body' : `a section of kind ${kind}`,
    )
    if (kind === 1) at = readSequence(bytes, at + 1, sequences)
    else {
      body = documentIn(bytes, at + 1, bytes.length)
      at = body.end
    }
  }
  must(body !== undefined, 'a message without a body')
  return { id, old: false, silent: (flags & moreToCome) !== 0, body, sequences }
}

/** A length, a name, documents one after another. Returns where it ends. */
function readSequence(bytes: Buffer, start: number, sequences: Map<string, readonly Value[]>) {
  const size = start + 4 <= bytes.length ? bytes.readInt32LE(start) : 0
  const end = start + size
  const nameEnd = bytes.indexOf(0, start + 4)
  must(size >= 5 && end <= bytes.length && nameEnd >= 0 && nameEnd < end, 'a sequence is cut short')
  const name = bytes.toString('utf8', start + 4, nameEnd)
  must(!sequences.has(name), `more than one sequence '${name}'`)
  const list: Value[] = []
  for (let at = nameEnd + 1; at < end; at = list.at(-1)?.end ?? end)
    list.push(documentIn(bytes, at, end))
  sequences.set(name, list)
  return end
}

/** Flags, a namespace, two numbers, a document. Only a handshake may come like this. */
function readQuery(bytes: Buffer, id: number): Message {
  const nameEnd = bytes.indexOf(0, headerLength + 4)
  must(nameEnd >= 0, 'a query without a namespace')
  const body = documentIn(bytes, nameEnd + 9, bytes.length)
  const handshake = ['ismaster', 'isMaster', 'hello'].includes(body.firstName() ?? '')
  must(handshake && !body.field('$query'), 'OP_QUERY is only for the handshake')
  return { id, old: true, silent: false, body, sequences: new Map() }
}

/** The bytes of an answer to a message. */
export function writeReply(to: Message, id: number, reply: Fields): Buffer {
  const front = headerLength + (to.old ? 20 : 5)
  const writer = new BsonWriter(1024, front)
  writer.document(() => writer.fields(reply))
  const bytes = writer.finish()
  bytes.fill(0, headerLength, front)
  for (const [i, word] of [bytes.length, id, to.id, to.old ? opReply : opMsg].entries())
    bytes.writeInt32LE(word, i * 4)
  // In the old form one document is returned; a new one has no flags, and one section of kind 0.
  if (to.old) bytes.writeInt32LE(1, headerLength + 16)
  return bytes
}
