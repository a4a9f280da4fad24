import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { load as loadHtml } from 'cheerio'
import { loadCatalogue } from '../../../src/courses/courses.js'
import { loadWords } from '../../../src/language.js'
import { courseFolder, type CourseFolder } from '../../support/course-folder.js'

const words = loadWords('views/text')
const en = 'test-course/modules/01-pages/en.md'

describe('the catalogue under bad input', () => {
  let folder: CourseFolder
  beforeEach(() => {
    folder = courseFolder()
  })
  afterEach(() => {
    folder.dispose()
  })
  const load = () => loadCatalogue(folder.root)
  const says = () => load().faults.map((fault) => words.say('en', fault.say))
  const taught = () => [...load().courses.keys()]

  it('does not follow a link out of the tree', () => {
    symlinkSync('/etc', join(folder.root, 'etc'))
    symlinkSync('/etc/hostname', join(folder.root, 'test-course/modules/01-pages/images/host.png'))
    expect(taught()).to.deep.equal([])
    expect(load().faults.map(({ file, say }) => [file, say.key])).to.deep.equal([
      ['etc', 'content.outside'],
      ['test-course/modules/01-pages/images/host.png', 'content.outside'],
    ])
  })

  it('is not caught in a link that goes round', () => {
    folder.write('second/course.yaml', folder.read('test-course/course.yaml'))
    symlinkSync(folder.root, join(folder.root, 'second/again'))
    expect(taught()).to.deep.equal(['test-course'])
    expect(says().join(' ')).to.include('This folder lies too deep.')
  })

  it('does not read an image of 100 MB', () => {
    folder.write('test-course/modules/01-pages/images/square.png', Buffer.alloc(100_000_000))
    expect(taught()).to.deep.equal([])
    expect(says()).to.include('This file is 100 MB. The largest allowed is 600 KB.')
  })

  it('refuses a YAML bomb at once', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
      .concat(
        'bcdefghi'.split('').map((name, index) => {
          const before = 'abcdefgh'.charAt(index)
          return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`
        }),
      )
      .join('\n')
    folder.write('test-course/course.yaml', bomb)
    const began = performance.now()
    expect(says()).to.include(
      'References (&name, *name and <<) are not allowed. Write the text out.',
    )
    expect(performance.now() - began).to.be.lessThan(1000)
  })

  for (const [what, text] of [
    ['nesting without end', '['.repeat(250_000)],
    ['a hundred thousand keys', `{${Array.from({ length: 40_000 }, (_, n) => `a${n}`).join(',')}}`],
    ['nothing', ''],
    ['bytes that are no text', '\0\x01\x02\xff'],
  ] as const) {
    it(`answers quickly to a course file with ${what}`, () => {
      folder.write('test-course/course.yaml', text)
      const began = performance.now()
      expect(taught()).to.deep.equal([])
      expect(performance.now() - began).to.be.lessThan(2000)
    })
  }

  it('shows script in Markdown as text', () => {
    folder.replace(en, 'A note.', 'A <script>alert(1)</script> <img src=x onerror=alert(1)> note.')
    const page = load().courses.get('test-course')!.pages['pages#first']!
    const html = loadHtml(page.parts.en.map((part) => part.html).join(''))
    expect(html('script, img').length).to.equal(0)
    expect(html.text()).to.include('<script>alert(1)</script>')
  })

  for (const drawing of [
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="https://example.org/x.png"/></svg>',
    '<!DOCTYPE svg [<!ENTITY x "y">]><svg xmlns="http://www.w3.org/2000/svg"></svg>',
    'GIF89a',
  ]) {
    it(`refuses the drawing ${drawing.slice(0, 60)}`, () => {
      folder.write('test-course/modules/01-pages/images/circles.svg', drawing)
      expect(says()).to.include('“images/circles.svg” is not a PNG, JPEG, WebP or plain SVG image.')
    })
  }
})
