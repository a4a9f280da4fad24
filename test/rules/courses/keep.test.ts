import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect } from 'chai'
import { loadCatalogue, type Catalogue } from '../../../src/courses/courses.js'
import { courseFolderForEach } from '../../support/course-folder.js'

/** A catalogue as plain data, the images by their bytes. */
const plain = ({ courses, images, faults }: Catalogue) => ({
  courses: [...courses],
  images: [...images].map(([hash, { type, bytes }]) => [hash, type, [...bytes]]),
  faults,
})

describe('a catalogue that was kept', () => {
  const folder = courseFolderForEach()
  const kept = join(folder.root, '.kept', 'courses')
  const made = () => plain(loadCatalogue(folder.root))
  /** Reads it, and lets it be kept. */
  const read = async () => {
    const catalogue = plain(loadCatalogue(folder.root, kept))
    await nextTurn()
    return catalogue
  }
  const en = 'test-course/modules/01-pages/en.md'

  it('is the one that was made, image for image and fault for fault', async () => {
    folder.write('second/course.yaml', 'title: nothing more')
    folder.write('test-course/modules/01-pages/images/heavy.png', Buffer.alloc(700_000))
    folder.write('third/course.yaml', folder.read('test-course/course.yaml'))
    expect(await read()).to.deep.equal(made())
    expect(await read()).to.deep.equal(made())
    expect(made().faults.length).to.be.greaterThan(2)
  })

  it('is read and not made again while no file changes', async () => {
    await read()
    const before = statSync(kept)
    await read()
    expect(statSync(kept)).to.include({ ino: before.ino, mtimeMs: before.mtimeMs })
  })

  const changes: [string, () => void][] = [
    ['a word', () => folder.replace(en, 'A moment', 'A minute')],
    [
      'the institution’s words',
      () => folder.replace('texts/behaviour-code.yaml', 'Act professionally', 'Act well'),
    ],
    ['a course more', () => folder.write('second/course.yaml', 'title: nothing more')],
    ['an image less', () => folder.remove('test-course/modules/01-pages/images/square.png')],
    [
      'an image too heavy',
      () => folder.write('test-course/modules/heavy.png', Buffer.alloc(700_000)),
    ],
  ]
  for (const [what, change] of changes) {
    it(`is made again when there is ${what}`, async () => {
      const before = await read()
      change()
      expect(await read()).to.deep.equal(made())
      expect(await read()).not.to.deep.equal(before)
    })
  }

  for (const [what, bytes] of [
    ['nothing', ''],
    ['half of it', undefined],
    ['something else', 'title: Good Standing'],
  ] as const) {
    it(`costs nothing but time where the file holds ${what}`, async () => {
      await read()
      writeFileSync(kept, bytes ?? readFileSync(kept).subarray(0, 5000))
      expect(await read()).to.deep.equal(made())
      expect(readdirSync(join(kept, '..'))).to.deep.equal(['courses'])
    })
  }

  it('costs nothing but time where it cannot be kept', async () => {
    folder.write('.kept', 'a file where a folder should be')
    expect(await read()).to.deep.equal(made())
  })
})
