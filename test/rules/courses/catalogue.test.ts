import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { load as loadHtml } from 'cheerio'
import { checkContent, loadCatalogue } from '../../../src/courses/courses.js'
import { courseFolderForEach } from '../../support/course-folder.js'

const en = 'test-course/modules/01-pages/en.md'

describe('the catalogue', () => {
  const folder = courseFolderForEach()
  const { load, says, taught } = folder
  const version = () => load().courses.get('test-course')!
  const second = (change: (course: string) => string = (course) => course) => {
    folder.write('second/course.yaml', change(folder.read('test-course/course.yaml')))
    folder.write('second/modules/01-only/module.yaml', ONLY)
    folder.write('second/modules/01-only/en.md', '# A page {#page}\n\nHello.\n')
    folder.write('second/modules/01-only/cy.md', '# Tudalen {#page}\n\nHelo.\n')
  }

  it('reads a course into a version that can be stored as plain data', () => {
    const read = version()
    expect(JSON.parse(JSON.stringify(read))).to.deep.equal(read)
    expect(read.label).to.equal('7')
    expect(read.hash).to.match(/^[0-9a-f]{64}$/)
    expect(read.deliveries).to.deep.equal([
      { delivery: 'online', minutes: 10 },
      { delivery: 'remote', minutes: 60, partCountsFrom: 45 },
      { delivery: 'face-to-face', minutes: 90 },
    ])
    expect(read.accreditations).to.deep.equal(['sexual-violence'])
    expect(read.plan?.cy).to.include('Cynllun sesiwn')
  })

  it('withholds a course with a fault and teaches the others', () => {
    second((course) => course.replace('change: minor', 'change: revolutionary'))
    expect(taught()).to.deep.equal(['test-course'])
    const { faults } = load()
    expect(faults.map((fault) => fault.course)).to.deep.equal(['second'])
    expect(says()).to.deep.equal(['“change” must be one of: minor, must-retake.'])
  })

  it('leaves programme.yaml and other files beside the courses alone', () => {
    folder.write('programme.yaml', 'duties: [ this is not for the catalogue')
    folder.write('README.md', '# Courses')
    expect(says()).to.deep.equal([])
    expect(taught()).to.deep.equal(['test-course'])
  })

  it('says that the folder does not exist', () => {
    const faults = loadCatalogue(join(folder.root, 'nowhere')).faults
    expect(faults.map((fault) => fault.say.key)).to.deep.equal(['content.no-folder'])
  })

  it('says that a folder is not named as a course may be, or holds no course', () => {
    folder.write('Second Course/course.yaml', 'title: x')
    mkdirSync(join(folder.root, 'third'))
    expect(says()).to.have.members([
      'A course folder is named in small letters, digits and hyphens, beginning with a letter.',
      'This file is missing.',
    ])
  })

  describe('keeps its version while what is taught stays the same', () => {
    const same: [string, () => void][] = [
      ['read again', () => undefined],
      [
        'with Windows line endings',
        () => folder.write(en, folder.read(en).replaceAll('\n', '\r\n')),
      ],
      [
        'with other sources',
        () => folder.write('test-course/sources.md', 'Checked on 2027-01-01. New.'),
      ],
      ['with a stray note beside it', () => folder.write('test-course/notes.txt', 'to do')],
    ]
    for (const [how, change] of same) {
      it(how, () => {
        const before = version().hash
        change()
        expect(version().hash).to.equal(before)
      })
    }

    const different: [string, () => void][] = [
      ['a word of a page', () => folder.replace(en, 'A moment', 'A minute')],
      [
        'the Welsh of an answer',
        () =>
          folder.replace(
            'test-course/modules/02-questions/questions.yaml',
            'cy: Pump',
            'cy: Chwech',
          ),
      ],
      [
        'an image',
        () => folder.replace('test-course/modules/01-pages/images/circles.svg', 'r="12"', 'r="11"'),
      ],
      [
        'the institution’s text',
        () => folder.replace('texts/behaviour-code.yaml', 'Act professionally', 'Act well'),
      ],
      [
        'the session plan',
        () => folder.replace('test-course/session-plan/en.md', 'Welcome', 'Hello'),
      ],
    ]
    for (const [what, change] of different) {
      it(`and not when ${what} changes`, () => {
        const before = version().hash
        change()
        expect(version().hash).not.to.equal(before)
      })
    }
  })

  it('gives each step the hash of what it shows, and changes only that of what changed', () => {
    const before = new Map(version().steps.map((step) => [step.id, step.hash]))
    folder.replace(en, 'Nobody needs to read', 'Nobody has to read')
    const changed = version().steps.filter((step) => before.get(step.id) !== step.hash)
    expect(changed.map((step) => step.id)).to.deep.equal(['pages/extra'])
  })

  it('teaches the same content under another name, as a version of its own', () => {
    folder.write(
      'second/course.yaml',
      [
        'shares-content-with: test-course',
        'title: { en: Second, cy: Ail }',
        'summary: { en: Second., cy: Ail. }',
        "version: '1'",
        'change: must-retake',
        'audiences: [staff]',
        'review: { specialist: { state: not-yet }, welsh: { state: draft } }',
      ].join('\n'),
    )
    expect(says()).to.deep.equal([])
    const { courses } = load()
    const [one, other] = [courses.get('test-course')!, courses.get('second')!]
    expect(other.course).to.equal('second')
    expect(other.audiences).to.deep.equal(['staff'])
    expect(other.questions).to.deep.equal(one.questions)
    expect(other.hash).not.to.equal(one.hash)
    const links = (of: typeof one) =>
      loadHtml(of.pages['pages#first']!.parts.en[0]!.html)('a[href^="/training"]').attr('href')
    expect(links(one)).to.equal('/training/test-course/stories/before')
    expect(links(other)).to.equal('/training/second/stories/before')
    folder.replace(en, 'A moment', 'A minute')
    expect(load().courses.get('second')!.hash).not.to.equal(other.hash)
  })

  it('does not teach shared content while the course it comes from is withheld', () => {
    folder.write(
      'second/course.yaml',
      'shares-content-with: nothing\ntitle: { en: A, cy: B }\nsummary: { en: A, cy: B }\n' +
        "version: '1'\nchange: minor\naudiences: [mp]\n" +
        'review: { specialist: { state: not-yet }, welsh: { state: draft } }\n',
    )
    expect(taught()).to.deep.equal(['test-course'])
    expect(says()).to.deep.equal([
      'The course takes its content from “nothing”, which cannot be taught at present.',
    ])
  })

  it('says when pages stand in another order in Welsh', () => {
    const cy = 'test-course/modules/03-stories/cy.md'
    folder.write(
      cy,
      folder
        .read(cy)
        .split(/(?=^# )/m)
        .reverse()
        .join('\n'),
    )
    expect(says()).to.include(
      'The page “before” does not stand in the same order in both languages.',
    )
  })

  it('gives every image once, by the hash of its bytes', () => {
    const { images } = load()
    expect([...images.values()].map((image) => image.type).sort()).to.deep.equal([
      'image/jpeg',
      'image/png',
      'image/svg+xml',
      'image/webp',
    ])
    const html = load().courses.get('test-course')!.pages['pages#extra']!.parts.cy[0]!.html
    for (const [hash] of images) expect(html).to.include(`/course-images/${hash}.`)
  })

  it('finds nothing to say of a retired course without content', () => {
    folder.write(
      'old/course.yaml',
      'title: { en: Old, cy: Hen }\nsummary: { en: Old., cy: Hen. }\n' +
        "version: '1'\nchange: minor\nretired-on: 2022-05-23\naudiences: [peer]\n" +
        'deliveries: { remote: { minutes: 60 } }\n' +
        'review: { specialist: { state: not-yet }, welsh: { state: draft } }\n',
    )
    folder.write('old/sources.md', 'Checked on 2026-11-21.')
    expect(checkContent(folder.root)).to.deep.equal([])
    expect(load().courses.get('old')).to.include({ retiredOn: '2022-05-23' })
  })
})

const ONLY = `title: { en: Only, cy: Unig }
minutes: 10
steps:
  - page: page
`
