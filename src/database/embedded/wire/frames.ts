import { BrokenMessage, headerLength } from './message.js'

/** Puts the pieces in which bytes arrive together to messages. */
export interface Frames {
  /** The messages that are complete with these bytes. Throws where a length cannot be right. */
  add(bytes: Buffer): Buffer[]
}

export function createFrames(largest: number): Frames {
  let pieces: Buffer[] = []
  let length = 0
  let needed = 4

  /** All that has arrived, in one piece. */
  const joined = (): Buffer => {
    const [only] = pieces
    const whole = only && pieces.length === 1 ? only : Buffer.concat(pieces, length)
    pieces = [whole]
    return whole
  }

  return {
    add(bytes) {
      pieces.push(bytes)
      length += bytes.length
      const messages: Buffer[] = []
      while (length >= needed) {
        const whole = joined()
        const size = whole.readInt32LE(0)
        if (size < headerLength || size > largest)
          throw new BrokenMessage(`a message claims ${size} bytes`)
        if (length < size) {
          needed = size
          break
        }
        messages.push(whole.subarray(0, size))
        pieces = [whole.subarray(size)]
        length -= size
        needed = 4
      }
      return messages
    },
  }
}
