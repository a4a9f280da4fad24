import type { Clock } from '../clock.js'

/** What was read a moment ago, so that many requests at once do not all read it again. */
export interface Remembered<Value> {
  /** The value as it was read last, or read now where that was too long ago. */
  of(key: string, read: () => Promise<Value>): Promise<Value>
  /** This process changed it: whoever asks here next reads it again. */
  forget(key: string): void
}

/**
 * @param milliseconds for how long another process's change may go unseen here
 * @param most how many values are held; then all are let go
 */
export function createRemembered<Value>(
  clock: Clock,
  milliseconds: number,
  most = 10_000,
): Remembered<Value> {
  const held = new Map<string, { at: number; value: Value }>()
  return {
    async of(key, read) {
      const now = clock.now().getTime()
      const known = held.get(key)
      if (known && Math.abs(now - known.at) < milliseconds) return known.value
      const value = await read()
      if (held.size >= most) held.clear()
      held.set(key, { at: now, value })
      return value
    },
    forget(key) {
      held.delete(key)
    },
  }
}
