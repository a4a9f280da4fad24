import { expect } from 'chai'
import { checkContent } from '../../../src/courses/courses.js'
import { areSaid, type Slip } from '../../support/course-faults.js'
import { courseFolder } from '../../support/course-folder.js'

const course = 'test-course/course.yaml'
const pages = 'test-course/modules/01-pages'
const asked = 'test-course/modules/02-questions/questions.yaml'
const stories = 'test-course/modules/03-stories'

const slips: readonly Slip[] = [
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

describe('a fault in the pages of a course', () => {
  areSaid(slips)

  it('is not there in a course that is in order', () => {
    const folder = courseFolder()
    try {
      expect(checkContent(folder.root)).to.deep.equal([])
    } finally {
      folder.dispose()
    }
  })
})
