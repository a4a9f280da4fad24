import type { SealedStore, Shelf } from '../../src/sanctions/sealed-store.js'

/** What a process that was killed says no more. */
export class Killed extends Error {}

/** When the process dies: at which write, and whether that write still reached the disk. */
export interface Death {
  write: number
  reached: boolean
}

const writes = ['insert', 'insertMissing', 'replace', 'settle', 'remove', 'removeTagged'] as const

/** A store whose process is killed at one of its writes; from then on it can neither read nor write. */
export function mortalStore(store: SealedStore, death: Death): SealedStore & { dead(): boolean } {
  let count = 0
  let dead = false
  const mortal = (shelf: Shelf): Shelf => {
    const wrapped = { ...shelf }
    const alive = (): void => {
      if (dead) throw new Killed()
    }
    for (const name of writes) {
      const write = shelf[name].bind(shelf) as (...args: unknown[]) => Promise<unknown>
      Object.assign(wrapped, {
        async [name](...args: unknown[]) {
          alive()
          count += 1
          if (count !== death.write) return write(...args)
          dead = true
          if (death.reached) await write(...args)
          throw new Killed()
        },
      })
    }
    for (const name of ['byIds', 'tagged', 'unique', 'waiting'] as const) {
      const read = shelf[name].bind(shelf) as (...args: unknown[]) => Promise<unknown>
      Object.assign(wrapped, {
        async [name](...args: unknown[]) {
          alive()
          return read(...args)
        },
      })
    }
    return wrapped
  }
  return { outcomes: mortal(store.outcomes), parts: mortal(store.parts), dead: () => dead }
}
