import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { load as loadHtml } from 'cheerio'
import fc from 'fast-check'
import { z } from 'zod'
import { collector, parseYaml } from '../../../src/courses/courses.js'
import { courseFolderForEach } from '../../support/course-folder.js'
import { property } from '../../support/property.js'

const en = 'test-course/modules/01-pages/en.md'

describe('the catalogue under bad input', () => {
  const folder = courseFolderForEach()
  const { load, says, taught } = folder
  const told = () => load().faults.map(({ file, line, say }) => [file, line, say.key])

  it('does not follow a link out of the tree', () => {
    symlinkSync('/etc', join(folder.root, 'etc'))
    symlinkSync('/etc/hostname', join(folder.root, 'test-course/modules/01-pages/images/host.png'))
    expect(taught()).to.deep.equal([])
    expect(told()).to.deep.equal([
      ['etc', 1, 'content.outside'],
      ['test-course/modules/01-pages/images/host.png', 1, 'content.outside'],
    ])
  })

  it('is not caught in a link that goes round', () => {
    folder.write('second/course.yaml', folder.read('test-course/course.yaml'))
    symlinkSync(folder.root, join(folder.root, 'second/again'))
    expect(taught()).to.deep.equal(['test-course'])
    expect(says().join(' ')).to.include('This folder lies too deep.')
  })

  it('does not wait for what is no file', () => {
    // Whoever opens a pipe waits until somebody writes to it.
    execFileSync('mkfifo', [join(folder.root, 'test-course/modules/01-pages/images/pipe.png')])
    expect(says()).to.deep.equal([])
    expect(taught()).to.deep.equal(['test-course'])
  })

  const square = 'test-course/modules/01-pages/images/square.png'

  it('refuses an image of 100 MB', () => {
    folder.write(square, Buffer.alloc(100_000_000))
    expect(taught()).to.deep.equal([])
    expect(says()).to.include('This file is 100 MB. The largest allowed is 600 KB.')
  })

  it('does not read what it refuses', () => {
    // A file of which nothing is written, larger than can be read at once.
    truncateSync(join(folder.root, square), 5_000_000_000)
    expect(() => readFileSync(join(folder.root, square))).to.throw('2 GiB')
    expect(says()).to.include('This file is 5000 MB. The largest allowed is 600 KB.')
  })

  it('refuses a YAML bomb at the first thing that it names', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
      .concat(
        'bcdefghi'.split('').map((name, index) => {
          const before = 'abcdefgh'.charAt(index)
          return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`
        }),
      )
      .join('\n')
    folder.write('test-course/course.yaml', bomb)
    expect(told()).to.deep.equal([['test-course/course.yaml', 1, 'content.alias']])
    expect(says()).to.deep.equal([
      'References (&name, *name and <<) are not allowed. Write the text out.',
    ])
  })

  const unread: [what: string, text: string, say: string, times: number][] = [
    ['nesting without end', '['.repeat(250_000), 'too-nested', 1],
    [
      'forty thousand unknown names',
      `{${Array.from({ length: 40_000 }, (_, n) => `a${n}`).join(',')}}`,
      'unknown-field',
      20,
    ],
    ['a reference to nothing', 'title: *name', 'alias', 1],
    ['a name in the midst of it', 'title: {"en":&name "x"}', 'alias', 1],
    ['nothing', '', 'not-yaml', 1],
    ['two documents', 'a: 1\n---\nb: 2', 'not-yaml', 1],
    ['bytes that are no text', '\0\x01\x02\xff', 'not-yaml', 1],
  ]
  for (const [what, text, say, times] of unread) {
    it(`says what is wrong with a course file with ${what}, no more than twenty times`, () => {
      folder.write('test-course/course.yaml', text)
      expect(taught()).to.deep.equal([])
      const keys = told().map(([, , key]) => key)
      expect(keys.filter((key) => key === `content.${say}`).length).to.equal(times)
      expect(keys.length).to.be.at.most(40)
    })
  }

  it('has an answer to anything that looks like YAML: a value and its lines, or what is wrong where', () => {
    const pieces = [
      'a',
      'b: ',
      '- ',
      '\n',
      '\n  ',
      '? ',
      ...Array.from('{}[],:&*|>#!%@`"\'\t~<0-. \r\ufeff'),
    ]
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 30 }),
        (written) => {
          const text = written.join('')
          const lines = text.split(/\r\n|\r|\n/).length
          const { report, faults } = collector()
          const read = parseYaml('a.yaml', Buffer.from(text), z.unknown(), report)
          expect(faults.length).to.equal(read ? 0 : 1)
          for (const { line } of faults) expect(line).to.be.within(1, lines + 1)
          const at = read?.lineOf(['b', 0, 'a']) ?? 1
          expect(at).to.be.within(1, lines)
        },
      ),
      property(500, 100_000),
    )
  })

  it('takes an ampersand and an asterisk in a text for what they are', () => {
    const questions = 'test-course/modules/02-questions/questions.yaml'
    folder.replace(questions, 'cy: Pump', 'cy: Pump &mwy *pwyslais*')
    expect(says()).to.deep.equal([])
    const told = JSON.stringify(load().courses.get('test-course')!.questions)
    expect(told).to.include('Pump &amp;mwy <em>pwyslais</em>')
  })

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
