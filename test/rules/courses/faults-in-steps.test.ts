import { areSaid, type Slip } from '../../support/course-faults.js'

const pages = 'test-course/modules/01-pages'
const stories = 'test-course/modules/03-stories'
const doors = `${stories}/scenarios/two-doors.yaml`

const slips: readonly Slip[] = [
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
]

describe('a fault in the steps and stories of a course', () => {
  areSaid(slips)
})
