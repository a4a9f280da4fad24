import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { load as loadHtml } from 'cheerio'
import { parse } from 'yaml'
import {
  checkContent,
  loadCatalogue,
  type CourseVersion,
  type Option,
  type Question,
} from '../../src/courses/courses.js'
import { languages, loadWords } from '../../src/language.js'

const words = loadWords('views/text')
const { courses, faults } = loadCatalogue('courses')
const taught = [
  'behaviour-code',
  'leading-an-office',
  'recognising-and-responding',
  'raising-a-concern',
  'refresher',
]
const course = (id: string): CourseVersion => courses.get(id)!

describe('the courses of this repository', () => {
  it('are all taught, and nothing is said against any of them', () => {
    const said = checkContent('courses').map(
      (fault) => `${fault.file}:${fault.line} ${words.say('en', fault.say)}`,
    )
    expect(said).to.deep.equal([])
    expect(faults).to.deep.equal([])
    expect([...courses.keys()].sort()).to.deep.equal([
      'behaviour-code',
      'behaviour-code-staff',
      'leading-an-office',
      'lords-first-course',
      'lords-seminar',
      'raising-a-concern',
      'recognising-and-responding',
      'refresher',
      'test-course',
    ])
  })

  for (const id of taught) {
    describe(id, () => {
      it('asks at least 24 questions over its objectives, none of them in a check alone', () => {
        expect(Object.keys(course(id).questions).length).to.be.at.least(24)
        for (const { id: objective } of course(id).objectives) {
          const own = Object.values(course(id).questions).filter(
            (question) => question.objective === objective,
          )
          expect(own.length, objective).to.be.at.least(6)
        }
      })

      it('has enough branching scenarios, each of at least six scenes and two endings', () => {
        const scenarios = Object.values(course(id).scenarios)
        expect(scenarios.length).to.be.at.least(id === 'behaviour-code' ? 4 : 2)
        for (const { id: name, scenes } of scenarios) {
          expect(Object.keys(scenes).length, name).to.be.at.least(6)
          const endings = Object.values(scenes).filter((scene) => scene.ending)
          expect(endings.length, name).to.be.at.least(2)
        }
      })

      it('can be gone through by everybody it is for, under 18 included, without a distressing scene', () => {
        const { steps, audiences } = course(id)
        for (const audience of audiences) {
          const own = steps.filter((step) => !step.for || step.for.includes(audience))
          expect(own.some((step) => step.kind === 'assessment')).to.equal(true)
        }
        for (const step of steps.filter((one) => one.standIn)) {
          expect(step.contentNote?.en, step.id).not.to.equal('')
          expect(steps.some((one) => one.id === step.standIn)).to.equal(true)
        }
      })

      it('points to the helpline, and says who has reviewed it', () => {
        const html = Object.values(course(id).pages)
          .flatMap((page) => page.parts.en.map((part) => part.html))
          .join('')
        expect(html).to.include('href="/support#helpline"')
        expect(course(id).review.specialist.state).to.be.oneOf(['not-yet', 'reviewed'])
        const sources = readFileSync(join('courses', id, 'sources.md'), 'utf8')
        if (course(id).review.specialist.state === 'not-yet') {
          expect(sources).to.include('Not yet reviewed by a specialist')
        }
      })

      it('says the same things in Welsh: as many links, lists, tables and boxes on every page', () => {
        for (const [name, page] of Object.entries(course(id).pages)) {
          const [en, cy] = languages.map((language) => {
            const html = page.parts[language].map((part) => part.html).join('')
            const $ = loadHtml(html)
            return ['a', 'li', 'tr', 'h2', 'div[class]', 'blockquote'].map(
              (selector) => $(selector).length,
            )
          })
          expect(cy, name).to.deep.equal(en)
          expect(page.parts.cy.map((part) => part.for)).to.deep.equal(
            page.parts.en.map((part) => part.for),
          )
        }
      })

      it('leaves no English sentence standing in the Welsh', () => {
        for (const [en, cy] of pairsOf(course(id))) {
          if (en.split(' ').length > 3) expect(cy).not.to.equal(en)
        }
      })
    })
  }

  for (const id of taught) {
    it(`do not give a right answer away by its length: ${id}`, () => {
      for (const language of languages) {
        const stands = Object.values(course(id).questions).flatMap((question) => {
          const [best, ...others] = answersOf(question).map((texts) =>
            texts.map((text) => loadHtml(text[language]).text().length),
          )
          return best && others[0] ? [best[0]! / Math.max(...others[0])] : []
        })
        expect(stands.length, id).to.be.at.least(16)
        expect(Math.max(...stands), language).to.be.below(1.3)
        const longest = stands.filter((times) => times > 1).length
        expect(longest / stands.length, language).to.be.below(0.5)
      }
    })
  }

  for (const id of ['behaviour-code', 'lords-seminar']) {
    for (const language of languages) {
      it(`are planned to the minute when given live: ${id}, in ${language}`, () => {
        const { plan, deliveries } = course(id)
        const $ = loadHtml(plan?.[language] ?? '')
        const begins = $('tr td:first-child')
          .toArray()
          .map((cell) => /^(\d):(\d\d)$/.exec($(cell).text()))
          .filter((time) => time !== null)
          .map(([, hours, minutes]) => Number(hours) * 60 + Number(minutes))
        expect(begins[0]).to.equal(0)
        expect(begins).to.deep.equal(begins.toSorted((one, other) => one - other))
        const live = deliveries.filter(({ delivery }) => delivery !== 'online')
        expect(live.map(({ minutes }) => minutes)).to.deep.equal(live.map(() => begins.at(-1)))
        // Each part that is written out takes the time that the table gives it.
        const lengths = begins.slice(1).map((time, at) => time - begins[at]!)
        const told = $('h3')
          .toArray()
          .map((heading) => /\((\d+) (?:minutes|munud)\)/.exec($(heading).text())?.[1])
          .filter((minutes) => minutes !== undefined)
          .map(Number)
        expect(told.length).to.be.at.least(6)
        const rest = [...lengths]
        for (const minutes of told) {
          const found = rest.indexOf(minutes)
          expect(found, `${minutes} minutes stand in the table`).to.be.at.least(0)
          rest.splice(0, found + 1)
        }
        expect($.text()).to.match(
          language === 'en' ? /Exercise 1.*Facilitator:/s : /Ymarfer 1.*Hwylusydd:/s,
        )
      })
    }
  }

  it('say of the law as of when, and what holds in Northern Ireland, in both languages', () => {
    for (const id of taught) {
      const pages = Object.values(course(id).pages)
      for (const language of languages) {
        for (const { parts } of pages) {
          const $ = loadHtml(parts[language].map(({ html }) => html).join(''))
          for (const box of $('.course-law').toArray()) {
            const asOf = language === 'en' ? /^As of \d+ \w+ \d{4}/ : /^Ar \d+ \w+ \d{4}/
            expect($(box).text().trim(), id).to.match(asOf)
          }
        }
      }
      const sources = readFileSync(join('courses', id, 'sources.md'), 'utf8')
      expect(sources, id).to.match(/^Checked on \d{4}-\d\d-\d\d/m)
    }
    const words = (id: string, language: 'en' | 'cy') =>
      Object.values(course(id).pages)
        .flatMap(({ parts }) => parts[language].map(({ html }) => html))
        .join('')
    for (const id of [
      'behaviour-code',
      'leading-an-office',
      'recognising-and-responding',
      'refresher',
    ]) {
      expect(words(id, 'en'), id)
        .to.match(/40A/)
        .and.match(/Employment Rights Act 2025/)
      expect(words(id, 'en'), id).to.include('Northern Ireland')
      expect(words(id, 'cy'), id).to.match(/Deddf Hawliau Cyflogaeth 2025/)
      expect(words(id, 'cy'), id).to.match(/ogledd Iwerddon/i)
    }
    expect(words('behaviour-code', 'en')).to.match(/section 26.*section 27.*sections 109 and 110/s)
  })

  it('fill the hour, and the session plan its two hours and a half', () => {
    const terms = course('behaviour-code').deliveries
    expect(terms.find(({ delivery }) => delivery === 'online')?.minutes).to.equal(60)
    expect(course('behaviour-code').plan?.en).to.include('Facilitator')
    expect(course('lords-seminar').modules).to.deep.equal([])
    expect(course('lords-first-course').retiredOn).to.equal('2022-05-23')
  })
})

/** The one best answer to a question, and the others. Nothing where several are right. */
function answersOf(question: Question): Option['text'][][] {
  const split = (options: readonly Option[], best: (id: string) => boolean) => [
    options.filter(({ id }) => best(id)).map(({ text }) => text),
    options.filter(({ id }) => !best(id)).map(({ text }) => text),
  ]
  switch (question.kind) {
    case 'single':
      return split(question.options, (id) => question.right.includes(id))
    case 'judgement':
      return split(question.options, (id) => question.judgements[id] === 'best')
    case 'true-false':
      return split(question.reasons, (id) => id === question.rightReason)
    default:
      return []
  }
}

/** Every text that stands in both languages, as HTML. */
function* pairsOf(version: CourseVersion): Generator<[string, string]> {
  for (const value of walk([version.questions, version.scenarios])) {
    if (typeof value === 'object' && value !== null && 'en' in value && 'cy' in value) {
      yield [String(value.en), String(value.cy)]
    }
  }
}

function* walk(value: unknown): Generator {
  yield value
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* walk(inner)
  }
}

/** Every sentence of a file by its whole key. Welsh counts in more forms than English does. */
function* keysIn(value: unknown, before = ''): Generator<string> {
  if (typeof value !== 'object' || value === null) {
    yield before.replace(/_(zero|one|two|few|many|other)$/, '')
    return
  }
  for (const [key, inner] of Object.entries(value)) yield* keysIn(inner, `${before}.${key}`)
}

describe('what is said to people', () => {
  const sentences = (language: string, area: string) => [
    ...new Set(keysIn(parse(readFileSync(`views/text/${language}/${area}.yaml`, 'utf8')))),
  ]
  const areas = readdirSync('views/text/en').map((file) => file.replace('.yaml', ''))

  it('is divided alike in both languages', () => {
    expect(readdirSync('views/text/cy')).to.deep.equal(readdirSync('views/text/en'))
  })

  for (const area of areas) {
    it(`stands in both languages (${area})`, () => {
      expect(sentences('cy', area)).to.have.members(sentences('en', area))
    })
  }

  it('has a sentence for every fault that the code can find', () => {
    const source = readdirSync('src/courses')
      .map((name) => readFileSync(join('src/courses', name), 'utf8'))
      .join('\n')
    const keys = [
      ...source.matchAll(/(?:grave|advice)\([^)]*?, '([a-z-]+)'/g),
      ...source.matchAll(/(?:say|tell|complain)\((?:\[[^\]]*\], |at, |[^,()]*, )?'([a-z-]+)'/g),
      ...source.matchAll(/say: '([a-z-]+)'/g),
    ].map(([, key]) => key!)
    expect(keys.length).to.be.greaterThan(40)
    expect(
      sentences('en', 'content').map((key) => key.replace('.content.', '')),
    ).to.include.members(keys.filter((key) => key !== 'en' && key !== 'cy'))
  })
})
