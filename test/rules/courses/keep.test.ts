import { cpSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
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
    ['what an older program kept', serialize({ from: '', catalogue: {} })],
    ['nothing that can be asked', serialize(undefined)],
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

  describe('of several courses', () => {
    const at = (course: string) => join(folder.root, course)
    const sharing = 'sharing/course.yaml'
    beforeEach(() => {
      cpSync(at('test-course'), at('second'), { recursive: true })
      cpSync(at('test-course'), at('third'), { recursive: true })
      folder.write(
        sharing,
        'shares-content-with: test-course\ntitle: { en: A, cy: B }\nsummary: { en: A, cy: B }\n' +
          "version: '1'\nchange: minor\naudiences: [staff]\n" +
          'review: { specialist: { state: not-yet }, welsh: { state: draft } }\n',
      )
    })
    type Keeping = { outcomes: Map<string, { outcome: { version?: { label: string } } }> }
    const keeping = () => deserialize(readFileSync(kept)) as Keeping
    /** Marks whatever is kept of each course, so that a course read again is told by its own label. */
    const mark = () => {
      const marked = keeping()
      for (const { outcome } of marked.outcomes.values()) {
        if (outcome.version) outcome.version.label = 'as kept'
      }
      writeFileSync(kept, serialize(marked))
    }
    const question = (course: string) => `${course}/modules/02-questions/questions.yaml`
    const page = (course: string) => `${course}/modules/01-pages/en.md`
    const all = ['second', 'sharing', 'test-course', 'third']

    const edits: [what: string, change: () => void, again: string[]][] = [
      ['a word of one', () => folder.replace(page('second'), 'A moment', 'A minute'), ['second']],
      [
        'the Welsh of a question',
        () => folder.replace(question('third'), 'cy: Pump', 'cy: Chwech'),
        ['third'],
      ],
      [
        'a word that two share',
        () => folder.replace(page('test-course'), 'A moment', 'A minute'),
        ['sharing', 'test-course'],
      ],
      [
        'the name of one that shares',
        () => folder.replace(sharing, '{ en: A,', '{ en: New,'),
        ['sharing'],
      ],
      [
        'whose content is shared',
        () => folder.replace(sharing, 'test-course', 'second'),
        ['sharing'],
      ],
      [
        'the institution’s words',
        () => folder.replace('texts/behaviour-code.yaml', 'Act professionally', 'Act well'),
        all,
      ],
      ['one course less', () => folder.remove('third'), []],
      ['the name of a folder', () => renameSync(at('third'), at('fourth')), ['fourth']],
      ['one course more', () => cpSync(at('third'), at('fourth'), { recursive: true }), ['fourth']],
      [
        'one that is withheld from now on',
        () => folder.replace('second/course.yaml', 'change: minor', 'change: revolutionary'),
        [],
      ],
      [
        'one that is withheld, and takes another with it',
        () => folder.replace('test-course/course.yaml', 'change: minor', 'change: revolutionary'),
        [],
      ],
      ['one without the course whose content it shares', () => folder.remove('test-course'), []],
    ]
    for (const [what, change, again] of edits) {
      it(`is read again where there is ${what}, and the others are not`, async () => {
        await read()
        mark()
        change()
        const { courses } = await read()
        const labels = courses.filter(([, { label }]) => label !== 'as kept').map(([id]) => id)
        expect(labels.sort()).to.deep.equal(again)
        expect([...keeping().outcomes.keys()].sort()).to.deep.equal(
          readdirSync(folder.root).filter((name) => /^[a-z-]+$/.test(name) && name !== 'texts'),
        )
      })

      it(`is the one that would be made afresh where there is ${what}`, async () => {
        const before = await read()
        change()
        expect(await read()).to.deep.equal(made())
        expect(await read()).to.deep.equal(made())
        expect(made()).not.to.deep.equal(before)
      })
    }

    it('says again what is wrong in a course that was not read again', async () => {
      folder.replace('second/course.yaml', 'change: minor', 'change: revolutionary')
      await read()
      folder.replace(page('third'), 'A moment', 'A minute')
      const { courses, faults } = await read()
      expect(courses.map(([id]) => id)).to.have.members(['sharing', 'test-course', 'third'])
      expect(faults.map(({ course, line }) => [course, line])).to.deep.equal(
        made().faults.map(({ course, line }) => [course, line]),
      )
      expect(faults.map(({ course }) => course)).to.include('second')
    })

    it('is whole again once a course that others share is mended', async () => {
      const before = await read()
      folder.replace('test-course/course.yaml', 'change: minor', 'change: revolutionary')
      expect((await read()).courses).to.have.lengthOf(2)
      folder.replace('test-course/course.yaml', 'change: revolutionary', 'change: minor')
      expect(await read()).to.deep.equal(before)
    })
  })
})
