/** Bytes written one after another into a buffer that grows as they come. */
export class Bytes {
  protected bytes: Buffer
  protected at: number

  /** `reserved` bytes stay free at the front. */
  constructor(size: number, reserved = 0) {
    this.bytes = Buffer.allocUnsafe(size + reserved)
    this.at = reserved
  }

  protected reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + size))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
  }

  protected byte(byte: number): void {
    this.reserve(1)
    this.bytes[this.at++] = byte
  }

  protected copy(bytes: Buffer, from = 0, to = bytes.length): void {
    this.reserve(to - from)
    this.at += bytes.copy(this.bytes, this.at, from, to)
  }
}
