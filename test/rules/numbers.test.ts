import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { languages, loadWords, type Sentence } from '../../src/language.js'
import { createRenderer } from '../../src/web/render.js'

const words = loadWords('views/text')

const cases: { says: string; sentence: Sentence; en: string; cy: string }[] = [
  {
    says: 'a count of thousands',
    sentence: { key: 'programme.changes-people', with: { count: 9400 } },
    en: 'This changes 9,400 people',
    cy: 'Mae hyn yn newid 9,400 o bobl',
  },
  {
    says: 'one of them by its word, as before',
    sentence: { key: 'programme.changes-people', with: { count: 1 } },
    en: 'This changes one person',
    cy: 'Mae hyn yn newid un person',
  },
  {
    says: 'several numbers, none of which is called count',
    sentence: { key: 'certificate-bundles.too-many-zip', with: { number: 12_345, most: 2000 } },
    en: '12,345 certificates',
    cy: '12,345',
  },
  {
    says: 'a line of a file, which is only a name',
    sentence: { key: 'directory-page.line', with: { line: 12_345 } },
    en: 'line 12345',
    cy: 'llinell 12345',
  },
  {
    says: 'figures in a text, which are whatever they are',
    sentence: { key: 'surveys.climate', with: { year: '2026' } },
    en: '2026',
    cy: '2026',
  },
  {
    says: 'what stands in a text with signs of HTML: it is escaped by the page, not twice',
    sentence: { key: 'list.filtered.name', with: { value: 'O’Neill & <Sons>' } },
    en: 'O’Neill & <Sons>',
    cy: 'O’Neill & <Sons>',
  },
]

describe('Numbers as people read them', () => {
  for (const { says, sentence, ...expected } of cases) {
    it(`writes ${says}`, () => {
      for (const language of languages) {
        expect(words.say(language, sentence)).to.include(expected[language])
      }
    })
  }

  it('writes counts beside sentences on a page alike, and leaves all else as it is', () => {
    const views = mkdtempSync(join(tmpdir(), 'gs-views-'))
    mkdirSync(join(views, 'layouts'))
    mkdirSync(join(views, 'partials'))
    writeFileSync(join(views, 'layouts/main.hbs'), '{{{body}}}')
    writeFileSync(
      join(views, 'page.hbs'),
      '{{amount 9400}}|{{amount 400}}|{{amount nothing}}|{{id}}',
    )
    const model = { nothing: '–', id: 9400 }
    const rendered = createRenderer(views, words).render('page', model, {
      language: 'cy',
      title: { key: 'programme.title' },
      nonce: '',
      csrf: '',
      address: '/',
      navigation: [],
    })
    rmSync(views, { recursive: true })
    expect(rendered).to.equal('9,400|400|–|9400')
  })
})
