import type { Socket } from 'node:net'
import type { Log } from '../../../log.js'
import type { Fields } from '../bson/write.js'
import type { Request } from '../commands/commands.js'
import { largestMessage } from '../commands/server-commands.js'
import { CommandError } from '../errors.js'
import { BrokenMessage, headerLength, readMessage, writeReply } from './message.js'

/** Messages that wait while one is answered; beyond this the client is made to wait. */
const mostWaiting = 16

/** Resolves when a socket takes more, or is gone. Whichever comes, no listener for the other stays. */
const roomIn = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      socket.off('drain', go).off('close', go)
      resolve()
    }
    socket.on('drain', go).on('close', go)
  })

/** Puts the pieces in which bytes arrive together to messages. Throws where a length cannot be right. */
function framing(): (bytes: Buffer) => Buffer[] {
  let pieces: Buffer[] = []
  let [length, needed] = [0, 4]
  return (bytes) => {
    pieces.push(bytes)
    length += bytes.length
    const messages: Buffer[] = []
    while (length >= needed) {
      const [only] = pieces
      const all = only && pieces.length === 1 ? only : Buffer.concat(pieces)
      needed = all.readInt32LE(0)
      if (needed < headerLength || needed > largestMessage)
        throw new BrokenMessage(`a message claims ${needed} bytes`)
      pieces = [all]
      if (length < needed) break
      messages.push(all.subarray(0, needed))
      length -= needed
      pieces = length > 0 ? [all.subarray(needed)] : []
      needed = 4
    }
    return messages
  }
}

/** Answers what comes over one connection, message by message in the order of arrival. */
export function serve(
  socket: Socket,
  connection: number,
  log: Pick<Log, 'warn' | 'error'>,
  respond: (request: Request) => Promise<Fields>,
): void {
  const messagesWith = framing()
  const waiting: Buffer[] = []
  let busy = false
  let replies = 0

  const fail = (error: unknown): void => {
    const broken = error instanceof BrokenMessage || error instanceof CommandError
    if (broken)
      log.warn({ connection, reason: error.message }, 'embedded database: connection closed')
    else log.error({ connection, err: error }, 'embedded database: connection failed')
    waiting.length = 0
    socket.destroy()
  }

  const answerOne = async (bytes: Buffer): Promise<void> => {
    const message = readMessage(bytes)
    const reply = await respond({ body: message.body, sequences: message.sequences, connection })
    if (message.silent || socket.destroyed) return
    replies = (replies + 1) & 0x7fffffff
    if (socket.write(writeReply(message, replies, reply))) return
    await roomIn(socket)
  }

  const work = async (): Promise<void> => {
    if (busy) return
    busy = true
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (waiting.length < mostWaiting && socket.isPaused()) socket.resume()
        await answerOne(next)
      }
    } catch (error) {
      fail(error)
    }
    busy = false
  }

  socket.on('data', (bytes: Buffer) => {
    try {
      waiting.push(...messagesWith(bytes))
    } catch (error) {
      fail(error)
      return
    }
    if (waiting.length >= mostWaiting) socket.pause()
    void work()
  })
  // A client that goes away in the middle of anything is nothing to report.
  socket.on('error', () => socket.destroy())
}
