/** More results are not held: then all are let go. */
const most = 20_000

/** A function that remembers what it made: for what follows from the key alone and is never changed. */
export function remembering<Key, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const held = new Map<Key, { value: Value }>()
  return (key) => {
    const known = held.get(key)
    if (known) return known.value
    const value = work(key)
    if (held.size >= most) held.clear()
    held.set(key, { value })
    return value
  }
}
