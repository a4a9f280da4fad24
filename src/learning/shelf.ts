import type { Clock } from '../clock.js'
import type { Catalogue, CourseImage, CourseVersion } from '../courses/courses.js'
import type { Database } from '../database/database.js'
import { createShelfStore, type Edition } from './shelf-store.js'

/**
 * Every version of every course that was ever taught here, kept by its hash, and which of them is
 * taught to whoever begins today. Files may change or go: what somebody is half way through stays.
 */
export interface Shelf {
  /** Keeps what a catalogue holds, and teaches it from now on. */
  stock(catalogue: Catalogue): Promise<void>
  /** What is taught now, as it was last stocked. */
  catalogue(): Catalogue
  /** The version taught to whoever begins now; nothing where the course is withheld or gone. */
  current(course: string): CourseVersion | undefined
  /** A version by its hash, from memory or as it was kept. */
  version(hash: string): Promise<CourseVersion | undefined>
  /** The version taught now, where it first stood here later than the given one. */
  newerThan(hash: string): Promise<CourseVersion | undefined>
  /**
   * When a version first stood here, later than the given one, that asks for the course to be taken
   * again; nothing where whatever came since was minor.
   */
  retakeSince(hash: string): Promise<Date | undefined>
  /** An image of a course by its hash, from memory or as it was kept. */
  image(hash: string): Promise<CourseImage | undefined>
}

export function createShelf(parts: { database: Database; clock: Clock }): Shelf {
  const store = createShelfStore(parts.database.connection)
  const versions = new Map<string, CourseVersion>()
  const editions = new Map<string, Edition>()
  let taught: Catalogue = { courses: new Map(), images: new Map(), faults: [] }

  async function editionOf(hash: string): Promise<Edition | undefined> {
    const known = editions.get(hash) ?? (await store.edition(hash))
    if (known) editions.set(hash, known)
    return known
  }

  return {
    async stock(catalogue) {
      for (const edition of await store.editions()) editions.set(edition.hash, edition)
      const all = [...catalogue.courses.values()]
      const fresh = all.filter(({ hash }) => !editions.has(hash))
      await store.addImages([...catalogue.images.values()])
      await store.add(fresh, parts.clock.now())
      for (const { hash } of fresh) await editionOf(hash)
      for (const version of all) versions.set(version.hash, version)
      taught = catalogue
    },
    catalogue: () => taught,
    current: (course) => taught.courses.get(course),
    async version(hash) {
      const known = versions.get(hash) ?? (await store.version(hash))
      if (known) versions.set(hash, known)
      return known
    },
    async newerThan(hash) {
      const from = await editionOf(hash)
      const current = from && taught.courses.get(from.course)
      const to = current && (await editionOf(current.hash))
      return to && to.keptAt > from.keptAt ? current : undefined
    },
    async retakeSince(hash) {
      const from = await editionOf(hash)
      if (!from) return undefined
      const later = [...editions.values()].filter(
        ({ course, change, keptAt }) =>
          course === from.course && change === 'must-retake' && keptAt > from.keptAt,
      )
      return later.map(({ keptAt }) => keptAt).sort((a, b) => a.getTime() - b.getTime())[0]
    },
    image: async (hash) => taught.images.get(hash) ?? (await store.image(hash)),
  }
}
