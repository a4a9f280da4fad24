import { BrokenMessage, headerLength } from './message.js'

/** Puts the pieces in which bytes arrive together to messages. */
export class Frames {
  readonly #largest: number
  #pieces: Buffer[] = []
  #length = 0
  #needed = 4

  constructor(largest: number) {
    this.#largest = largest
  }

  /** The messages that are complete with these bytes. Throws where a length cannot be right. */
  add(bytes: Buffer): Buffer[] {
    this.#pieces.push(bytes)
    this.#length += bytes.length
    const messages: Buffer[] = []
    while (this.#length >= this.#needed) {
      const [only] = this.#pieces
      const all = only && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces)
      this.#pieces = [all]
      const size = all.readInt32LE(0)
      if (size < headerLength || size > this.#largest)
        throw new BrokenMessage(`a message claims ${size} bytes`)
      this.#needed = size
      if (this.#length < size) break
      messages.push(all.subarray(0, size))
      this.#pieces = [all.subarray(size)]
      this.#length -= size
      this.#needed = 4
    }
    return messages
  }
}
