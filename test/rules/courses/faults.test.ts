import { expect } from 'chai'
import { checkContent, loadCatalogue } from '../../../src/courses/courses.js'
import { loadWords } from '../../../src/language.js'
import { courseFolder } from '../../support/course-folder.js'

const words = loadWords('views/text')
const course = 'test-course/course.yaml'
const pages = 'test-course/modules/01-pages'
const asked = 'test-course/modules/02-questions/questions.yaml'
const stories = 'test-course/modules/03-stories'
const doors = `${stories}/scenarios/two-doors.yaml`

interface Case {
  /** What an author did. */
  when: string
  file: string
  from: string
  to: string
  /** The sentence, and the words that stand on its line once the file is so. */
  says: string
  at: string
  /** Where the fault is said of another file than the one changed. */
  in?: string
  /** Whether the course is still taught. */
  taught?: true
}

const cases: readonly Case[] = [
  {
    when: 'a title has no Welsh',
    file: course,
    from: 'title: { en: Test course, cy: Cwrs prawf }',
    to: 'title: { en: Test course }',
    says: 'The Welsh text of “title” is missing.',
    at: 'title:',
  },
  {
    when: 'an answer has no English',
    file: asked,
    from: 'text: { en: Five, cy: Pump }',
    to: 'text: { cy: Pump }',
    says: 'The English text of “text” is missing.',
    at: 'text: { cy: Pump }',
  },
  {
    when: 'an answer has no feedback',
    file: asked,
    from: '      feedback: { en: One too many., cy: Un yn ormod. }\n',
    to: '',
    says: '“feedback” is missing.',
    at: '- id: five',
  },
  {
    when: 'a question has no right answer',
    file: asked,
    from: "      right: true\n      text: { en: Four, cy: Pedwar }\n      feedback: { en: 'Yes, four.'",
    to: "      text: { en: Four, cy: Pedwar }\n      feedback: { en: 'Yes, four.'",
    says: 'The question “check-single” has no right answer.',
    at: 'options:',
  },
  {
    when: 'a single choice has two right answers',
    file: asked,
    from: '    - id: five\n',
    to: '    - id: five\n      right: true\n',
    says: 'The question “check-single” has more than one right answer. Make it a multiple choice or choose one.',
    at: 'options:',
  },
  {
    when: 'a judgement has no best response',
    file: asked,
    from: 'judgement: best',
    to: 'judgement: reasonable',
    says: 'The question “check-judgement” has no right answer.',
    at: '  options:\n    - id: help',
  },
  {
    when: 'two questions share a name',
    file: asked,
    from: '- id: check-multiple',
    to: '- id: check-single',
    says: 'Another question of this course is called “check-single”.',
    at: '- id: check-single\n  kind: multiple',
  },
  {
    when: 'two answers share a name',
    file: asked,
    from: '    - id: five',
    to: '    - id: four',
    says: 'Another answer is called “four”.',
    at: '    - id: four\n      text: { en: Five',
  },
  {
    when: 'a question is for an objective that the course does not have',
    file: asked,
    from: '  objective: pages',
    to: '  objective: paeges',
    says: '“paeges”, named by “check-single”, is not an objective of this course.',
    at: 'objective: paeges',
  },
  {
    when: 'a name is misspelt',
    file: asked,
    from: '      right: true',
    to: '      rihgt: true',
    says: '“rihgt” is not known here. Check the spelling. If it is part of a text, put the text in quotes.',
    at: 'rihgt',
  },
  {
    when: 'a test asks for more right answers than questions',
    file: course,
    from: '    pass: 1',
    to: '    pass: 3',
    says: 'More right answers are asked for than questions are put.',
    at: 'pass: 3',
  },
  {
    when: 'the bank is too small for a test',
    file: course,
    from: '    draw: 1',
    to: '    draw: 3',
    says: 'A test asks 3 questions on “stories”, and for somebody there are only 2.',
    at: 'draw: 3',
  },
  {
    when: 'the bank is too small for a second test',
    file: course,
    from: '    draw: 1',
    to: '    draw: 2',
    says: 'A test asks 2 questions on “stories”. With 2 in the bank, a second test must repeat some.',
    at: '    draw: 2\n    pass: 1\npre-test',
    taught: true,
  },
  {
    when: 'the reviewer is not named',
    file: course,
    from: "  specialist: { state: reviewed, by: 'Nobody: this course teaches nothing', on: 2026-11-21 }\n",
    to: '',
    says: '“specialist” is missing.',
    at: 'review:',
  },
  {
    when: 'a date does not exist',
    file: course,
    from: 'on: 2026-11-21',
    to: 'on: 2026-11-31',
    says: '“on” must be a date such as 2026-11-21.',
    at: 'on: 2026-11-31',
  },
  {
    when: 'an audience is not one',
    file: course,
    from: 'audiences: [mp, peer,',
    to: 'audiences: [mp, lord,',
    says: '“audiences” must be one of: mp, peer, manager, staff, constituency, contractor.',
    at: 'audiences:',
  },
  {
    when: 'a step names a page that is not there',
    file: `${pages}/module.yaml`,
    from: '- page: first',
    to: '- page: frist',
    says: 'There is no page “frist” in this module.',
    at: 'frist',
  },
  {
    when: 'a step names a question that is not there',
    file: 'test-course/modules/02-questions/module.yaml',
    from: 'check: check-single',
    to: 'check: check-singel',
    says: 'There is no question “check-singel” in this course.',
    at: 'check-singel',
  },
  {
    when: 'a step names a scenario that is not there',
    file: `${stories}/module.yaml`,
    from: 'scenario: two-doors',
    to: 'scenario: three-doors',
    says: 'There is no scenario “three-doors” in this course.',
    at: 'three-doors',
  },
  {
    when: 'a text to acknowledge is not there',
    file: 'test-course/modules/04-end/module.yaml',
    from: 'acknowledgement: behaviour-code',
    to: 'acknowledgement: highway-code',
    says: 'There is no text “highway-code” in the folder texts.',
    at: 'highway-code',
  },
  {
    when: 'a distressing scene has nothing to stand in for it',
    file: `${stories}/module.yaml`,
    from: 'instead: dark-room-in-short',
    to: 'instead: nothing',
    says: 'There is no page “nothing” in this module.',
    at: 'instead: nothing',
  },
  {
    when: 'a distressing scene has no content note',
    file: `${stories}/module.yaml`,
    from: "      note: { en: The next story is dark. Nothing happens in it., cy: Mae'r stori nesaf yn dywyll. Nid oes dim yn digwydd ynddi. }\n",
    to: '',
    says: '“note” is missing.',
    at: 'distressing:',
  },
  {
    when: 'a choice leads nowhere',
    file: doors,
    from: 'to: cupboard',
    to: 'to: cubpoard',
    says: 'There is no scene “cubpoard”.',
    at: 'to: cubpoard',
  },
  {
    when: 'nothing leads to a scene',
    file: doors,
    from: '{ id: right, to: cupboard,',
    to: '{ id: right, to: garden,',
    says: 'Nothing leads to the scene “cupboard”.',
    at: '  cupboard:',
  },
  {
    when: 'from a scene no ending can be reached',
    file: doors,
    from: '      - { id: through, to: cellar,',
    to: '      - { id: through, to: hall,',
    says: 'Nothing leads to the scene “cellar”.',
    at: '  cellar:',
  },
  {
    when: 'a scene stops without an ending',
    file: doors,
    from: "    ending: { kind: hard, debrief: { en: 'It is cold, and there is cheese.', cy: 'Mae''n oer, ac mae caws yno.' } }\n",
    to: '',
    says: 'From the scene “cellar” no ending can be reached.',
    at: '  cellar:',
  },
  {
    when: 'a scene ends and offers choices',
    file: doors,
    from: '    ending: { kind: good,',
    to: '    choices: [{ id: on, to: hall, text: { en: On, cy: Ymlaen } }]\n    ending: { kind: good,',
    says: 'A scene either ends or offers choices, not both.',
    at: 'ending: { kind: good',
  },
  {
    when: 'a page has no Welsh',
    file: `${pages}/cy.md`,
    from: '# Y gyfraith {#law}',
    to: '# Y gyfraith {#y-gyfraith}',
    says: 'The page “law” has no Welsh.',
    at: '# Y dudalen gyntaf',
  },
  {
    when: 'two pages share a name',
    file: `${pages}/cy.md`,
    from: '# Os ydych o dan 18 {#young}',
    to: '# Os ydych o dan 18 {#grown-up}',
    says: 'Two pages of this module are called “grown-up”.',
    at: '# Os ydych yn 18',
  },
  {
    when: 'a page has a title and no name',
    file: `${pages}/en.md`,
    from: '# The law {#law}',
    to: '# The law',
    says: 'A page begins with a title and a name: # Title {#name}',
    at: '# The law',
  },
  {
    when: 'words stand before the first page',
    file: `${pages}/en.md`,
    from: '# The first page',
    to: 'Hello.\n\n# The first page',
    says: 'This text stands before the first page and would not be shown.',
    at: 'Hello.',
  },
  {
    when: 'a link leads to a page that is not there',
    file: `${pages}/en.md`,
    from: '(stories#before)',
    to: '(stories#after)',
    says: 'The link “stories#after” leads nowhere. A link goes to #page, module#page, support:helpline or an https address.',
    at: 'stories#after',
  },
  {
    when: 'a link would run a script',
    file: `${pages}/en.md`,
    from: '(#extra)',
    to: '(javascript:alert)',
    says: 'The link “javascript:alert” leads nowhere. A link goes to #page, module#page, support:helpline or an https address.',
    at: 'javascript:alert',
  },
  {
    when: 'a link in feedback leads nowhere',
    file: asked,
    from: "'Yes, four.'",
    to: "'[Yes](support:horoscope), four.'",
    says: 'The link “support:horoscope” leads nowhere. A link goes to #page, module#page, support:helpline or an https address.',
    at: 'support:horoscope',
  },
  {
    when: 'an image has no text for those who cannot see it',
    file: `${pages}/en.md`,
    from: '![A plain blue square]',
    to: '![]',
    says: 'This image has no text for people who cannot see it.',
    at: '![](',
  },
  {
    when: 'an image is not there',
    file: `${pages}/cy.md`,
    from: '(images/square.png)',
    to: '(images/../../../../etc/passwd)',
    says: 'The image “images/../../../../etc/passwd” does not exist, or was refused.',
    at: 'etc/passwd',
  },
  {
    when: 'a box is not closed',
    file: `${stories}/en.md`,
    from: 'Two stories follow.',
    to: '::: note\nTwo stories follow.',
    says: 'The box “note” is not closed.',
    at: '::: note',
  },
  {
    when: 'a box is not one of ours',
    file: `${stories}/en.md`,
    from: 'Two stories follow.',
    to: '::: marquee\nTwo stories follow.\n:::',
    says: 'There is no box called “marquee”.',
    at: '::: marquee',
  },
  {
    when: 'a stretch is for an audience that is not one',
    file: `${pages}/en.md`,
    from: ':::: only contractor',
    to: ':::: only lords',
    says: '“only” must be one of: mp, peer, manager, staff, constituency, contractor.',
    at: ':::: only lords',
  },
  {
    when: 'YAML is indented wrongly',
    file: `${pages}/module.yaml`,
    from: '  - page: first',
    to: ' - page: first',
    says: 'This line cannot be read as YAML. Check the indentation, quotes and colons just before it.',
    at: ' - page: first',
  },
  {
    when: 'a name is given twice',
    file: course,
    from: "version: '7'",
    to: "version: '7'\nversion: '8'",
    says: 'This name is given twice in the same place.',
    at: "version: '8'",
  },
  {
    when: 'raw HTML stands in a page',
    file: `${stories}/en.md`,
    from: 'Two stories follow.',
    to: 'Two stories <blink>follow</blink>.',
    says: 'HTML is not allowed. The reader sees it as text.',
    at: '<blink>',
    taught: true,
  },
  {
    when: 'a telephone number stands in a page',
    file: `${stories}/en.md`,
    from: 'Two stories follow.',
    to: 'Call 0800 496 0000 and say two stories follow.',
    says: '“0800 496 0000” looks like a number or an address that may change. Link to support:helpline, adviser, police, safeguarding or wellbeing instead.',
    at: '0800',
    taught: true,
  },
  {
    when: 'no step shows a page',
    file: `${pages}/module.yaml`,
    from: '  - page: law\n    always: true\n',
    to: '',
    says: 'No step shows the page “law”.',
    at: '# The law',
    in: `${pages}/en.md`,
    taught: true,
  },
  {
    when: 'the minutes do not add up',
    file: course,
    from: 'online: { minutes: 10 }',
    to: 'online: { minutes: 45 }',
    says: 'The course says 45 minutes online. Its modules add up to 10.',
    at: 'online:',
    taught: true,
  },
  {
    when: 'a page is hard to read',
    file: `${stories}/en.md`,
    from: 'Two stories follow.',
    to: Array(20)
      .fill(
        'Notwithstanding considerations of institutional accountability, organisational representatives necessarily demonstrate comprehensive understanding.',
      )
      .join(' '),
    says: 'This text needs a reading age of about 45.2. The course aims at 14 or less.',
    at: '# Before the stories',
    taught: true,
  },
  {
    when: 'a page is long',
    file: `${stories}/en.md`,
    from: 'Two stories follow.',
    to: Array(101).fill('We go on now.').join(' '),
    says: 'This page has 404 words. More than 400 are too many for a telephone.',
    at: '# Before the stories',
    taught: true,
  },
  {
    when: 'the sources are not dated',
    file: 'test-course/sources.md',
    from: 'Checked on 2026-11-21.',
    to: 'Checked lately.',
    says: 'The sources do not say when they were checked: begin a line with “Checked on 2026-11-21”.',
    at: '# Sources',
    taught: true,
  },
]

describe('a fault in the files of a course', () => {
  for (const { when, file, from, to, says, at, in: place, taught } of cases) {
    it(`is said with its file, its line and a sentence when ${when}`, () => {
      const folder = courseFolder()
      try {
        folder.replace(file, from, to)
        const found = checkContent(folder.root).map((fault) => ({
          file: fault.file,
          line: fault.line,
          says: words.say('en', fault.say),
          taught: !fault.withholds,
        }))
        const line = folder.lineOf(place ?? file, at)
        expect(found).to.deep.include({
          file: place ?? file,
          line,
          says,
          taught: taught ?? false,
        })
        const courses = loadCatalogue(folder.root).courses
        expect(courses.has('test-course')).to.equal(taught ?? false)
        for (const fault of checkContent(folder.root)) {
          expect(words.say('cy', fault.say)).not.to.equal(words.say('en', fault.say))
        }
      } finally {
        folder.dispose()
      }
    })
  }

  it('is not there in a course that is in order', () => {
    const folder = courseFolder()
    try {
      expect(checkContent(folder.root)).to.deep.equal([])
    } finally {
      folder.dispose()
    }
  })
})
