import { expect } from 'chai'
import { loadCatalogue } from '../../../src/courses/courses.js'
import { createClassroom, learner, type Classroom } from '../../support/classroom.js'
import { courseFolder, type CourseFolder } from '../../support/course-folder.js'

const course = 'test-course'
const file = `${course}/course.yaml`
let people = 0

describe('a course that changes under somebody half way', () => {
  let room: Classroom
  let files: CourseFolder
  let mair = learner('mair')

  beforeEach(async () => {
    files = courseFolder()
    room = await createClassroom({ catalogue: loadCatalogue(files.root) })
    mair = learner(`mair-${people++}`)
  })
  afterEach(async () => {
    await room.close()
    files.dispose()
  })

  /** The server started again on the files as they are now. */
  async function restarted(): Promise<Classroom> {
    room.clock.set('2026-12-01T09:00:00Z')
    return room.anotherProcess({ catalogue: loadCatalogue(files.root) })
  }
  const change = (how: 'minor' | 'must-retake', label: string) => {
    files.replace(file, "version: '7'", `version: '${label}'`)
    files.replace(file, 'change: minor', `change: ${how}`)
  }

  it('in a small thing they have not come to yet: they go over to it, and lose nothing', async () => {
    await room.learning.begin(mair, course, 0)
    const before = await room.goOn(mair, course, 4)
    change('minor', '8')
    files.replace(`${course}/modules/03-stories/en.md`, 'Two stories follow.', 'Two tales follow.')
    const later = await restarted()
    const place = await later.learning.open(mair, course)
    expect(place.version.label).to.equal('8')
    expect(place.progress.done).to.equal(before.progress.done)
    const done = await later.goOn(mair, course)
    expect(done.version.label).to.equal('8')
    expect((await later.completed())[0]?.version.label).to.equal('8')
  })

  it('in a small thing they have done: they end on the version that they began with', async () => {
    await room.learning.begin(mair, course, 0)
    const before = await room.goOn(mair, course, 4)
    change('minor', '8')
    files.replace(`${course}/modules/01-pages/en.md`, 'Everybody sees the end.', 'All see the end.')
    const later = await restarted()
    const place = await later.learning.open(mair, course)
    expect(place.version.hash).to.equal(before.version.hash)
    expect(place.progress).to.deep.equal(before.progress)
    await later.goOn(mair, course)
    expect((await later.completed())[0]?.version.hash).to.equal(before.version.hash)
    const anew = await later.learning.begin(mair, course, 1)
    expect(anew.version.label).to.equal('8')
  })

  it('in the questions of a test that they have begun: they are asked what they were asked', async () => {
    await room.learning.begin(mair, course, 0)
    const before = await room.goOn(mair, course, 13)
    expect(before.attempt.facts.some(({ kind }) => kind === 'tested')).to.equal(true)
    change('minor', '8')
    files.replace(
      `${course}/modules/02-questions/questions.yaml`,
      'Bank: one and one?',
      'Bank: 1 + 1?',
    )
    files.replace(
      `${course}/modules/02-questions/questions.yaml`,
      'Bank: which are odd?',
      'Bank: odd?',
    )
    files.replace(
      `${course}/modules/02-questions/questions.yaml`,
      'Bank: "Ten is even."',
      'Bank: 10?',
    )
    files.replace(
      `${course}/modules/02-questions/questions.yaml`,
      'Bank: largest first.',
      'Bank: big?',
    )
    const later = await restarted()
    const place = await later.learning.open(mair, course)
    expect(place.version.hash).to.equal(before.version.hash)
    expect((await later.goOn(mair, course)).endedAt).to.be.instanceOf(Date)
  })

  it('in a thing that must be taken again: what has not changed counts, the rest is asked anew', async () => {
    await room.learning.begin(mair, course, 0)
    const before = await room.goOn(mair, course, 10)
    change('must-retake', '8')
    files.replace(`${course}/modules/01-pages/en.md`, 'Everybody sees the end.', 'All see the end.')
    const later = await restarted()
    const place = await later.learning.open(mair, course)
    expect(place.changed).to.equal(true)
    expect(place.version.hash).to.equal(before.version.hash)
    const anew = await later.learning.begin(mair, course, place.number)
    expect(anew.version.label).to.equal('8')
    expect(anew.progress.done).to.equal(before.progress.done - 1)
    expect(anew.progress.next?.id).to.equal('pages/first')
    await later.goOn(mair, course)
    const [completion, ...more] = await later.completed()
    expect(more).to.deep.equal([])
    expect(completion?.version.label).to.equal('8')
  })

  it('does not let the old version be completed after that, and loses no answer to it', async () => {
    await room.learning.begin(mair, course, 0)
    await room.goOn(mair, course, 10)
    change('must-retake', '8')
    const later = await restarted()
    const place = await later.goOn(mair, course, 20)
    expect(place.progress.complete).to.equal(true)
    expect(place.endedAt).to.equal(undefined)
    expect(await later.completed()).to.deep.equal([])
    expect(await later.learning.resume()).to.equal(0)
    const anew = await later.learning.begin(mair, course, place.number)
    expect(anew.progress.next?.kind).to.equal('assessment')
  })

  it('and is gone, or renamed, or withheld for a fault: they finish what they began', async () => {
    await room.learning.begin(mair, course, 0)
    await room.goOn(mair, course, 6)
    files.write(file, 'title: [')
    const faulty = await restarted()
    const [nia, gwyn] = [learner('nia'), learner('gwyn')]
    expect(await faulty.learning.open(nia, course).catch((e: unknown) => e)).to.deep.include({
      kind: 'unavailable',
      say: { key: 'learning.withheld' },
    })
    files.remove(course)
    const gone = await restarted()
    expect(await gone.learning.open(gwyn, course).catch((e: unknown) => e)).to.deep.include({
      kind: 'not-found',
    })
    const place = await gone.goOn(mair, course)
    expect(place.endedAt).to.be.instanceOf(Date)
    expect((await gone.completed())[0]).to.deep.include({ person: mair.person, course })
  })

  it('keeps its images for those who are shown them', async () => {
    const [image] = [...loadCatalogue(files.root).images.values()]
    files.remove(course)
    const gone = await restarted()
    const kept = await gone.shelf.image(image!.hash)
    expect(Buffer.from(kept!.bytes)).to.deep.equal(Buffer.from(image!.bytes))
    expect(kept?.type).to.equal(image!.type)
  })

  it('refuses to begin what is not taught online, and what is taught no longer', async () => {
    files.replace(file, '  online: { minutes: 10 }\n', '')
    const elsewhere = await restarted()
    const refusal = (where: Classroom) =>
      where.learning.begin(mair, course, 0).catch((error: unknown) => error)
    expect(await refusal(elsewhere)).to.deep.include({ say: { key: 'learning.not-online' } })
    files.replace(
      file,
      'deliveries:',
      'retired-on: 2026-11-30\ndeliveries:\n  online: { minutes: 10 }',
    )
    const retired = await restarted()
    expect(await refusal(retired)).to.deep.include({ say: { key: 'learning.retired' } })
  })
})
