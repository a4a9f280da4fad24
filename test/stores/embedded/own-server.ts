import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, type Document, serialize } from 'bson'
import { type EmbeddedServer, startEmbedded } from '../../../src/database/embedded/embedded.js'
import type { Log } from '../../../src/log.js'

/** A data directory for a group of tests, gone when they are through. */
export function useDirectory(): { readonly path: string } {
  let path = ''
  before(() => {
    path = mkdtempSync(join(tmpdir(), 'gs-own-'))
  })
  after(() => rmSync(path, { recursive: true, force: true }))
  return {
    get path() {
      return path
    },
  }
}

/** A log that remembers what it was told. */
export function remembering(): {
  readonly log: Log
  readonly lines: { level: string; fields: object }[]
} {
  const lines: { level: string; fields: object }[] = []
  const write = (level: string) => (fields: object) => {
    lines.push({ level, fields })
  }
  const log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  }
  return { log: { ...log, child: () => log } as unknown as Log, lines }
}

/** An embedded server of one's own, whatever MONGODB_URI says. */
export async function ownServer(
  dir: string,
): Promise<EmbeddedServer & { readonly lines: { level: string; fields: object }[] }> {
  const { log, lines } = remembering()
  const server = await startEmbedded({ dir, log })
  return { ...server, lines }
}

export const socketOf = (uri: string): string => decodeURIComponent(uri.replace('mongodb://', ''))

/** An OP_MSG with a body and lists beside it, as bytes. */
export function message(
  body: Document,
  lists: Record<string, Document[]> = {},
  flags = 0,
  id = 1,
): Buffer {
  const sections = [Buffer.from([0]), serialize(body)]
  for (const [name, documents] of Object.entries(lists)) {
    const content = Buffer.concat([
      Buffer.from(`${name}\0`),
      ...documents.map((each) => serialize(each)),
    ])
    const size = Buffer.alloc(5)
    size.writeUInt8(1, 0)
    size.writeInt32LE(content.length + 4, 1)
    sections.push(size, content)
  }
  return frame(2013, [int32(flags), ...sections], id)
}

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

export function frame(operation: number, parts: readonly Uint8Array[], id = 1): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([int32(content.length + 16), int32(id), int32(0), int32(operation), content])
}

/** A connection that speaks in bytes. */
export interface Raw {
  readonly socket: Socket
  send(bytes: Uint8Array): void
  /** The next reply, or nothing where the server closes the connection. */
  reply(): Promise<Document | undefined>
  /** Sends a command and waits for its reply. */
  ask(body: Document, lists?: Record<string, Document[]>): Promise<Document | undefined>
  readonly closed: Promise<void>
}

export async function rawConnection(uri: string): Promise<Raw> {
  const socket = connect(socketOf(uri))
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let held = Buffer.alloc(0)
  const ready: Document[] = []
  const waiting: ((reply: Document | undefined) => void)[] = []
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  socket.on('data', (more) => {
    held = Buffer.concat([held, more])
    while (held.length >= 4 && held.length >= held.readInt32LE(0)) {
      const size = held.readInt32LE(0)
      const old = held.readInt32LE(12) === 1
      const bytes = held.subarray(old ? 36 : 21, size)
      // Like MongoDB the server keeps text as it comes, also where it is no UTF-8.
      const document = deserialize(bytes, { useBigInt64: true, validation: { utf8: false } })
      held = held.subarray(size)
      const next = waiting.shift()
      if (next) next(document)
      else ready.push(document)
    }
  })
  void closed.then(() => {
    for (const next of waiting.splice(0)) next(undefined)
  })
  const reply = async (): Promise<Document | undefined> => {
    const first = ready.shift()
    if (first ?? socket.destroyed) return first
    return await new Promise((resolve) => waiting.push(resolve))
  }
  const send = (bytes: Uint8Array): void => void socket.write(bytes)
  return {
    socket,
    send,
    reply,
    closed,
    ask(body, lists) {
      send(message(body, lists))
      return reply()
    },
  }
}
