import { expect } from 'chai'
import { DomainError } from '../../../src/errors.js'
import { collect } from '../../support/annotated.js'
import { coordinator, createHouse, trainer, words, type House } from '../../support/training.js'

const header = 'course,date,start,venue,delivery,name,email,attendance,minutes'
const day = 'behaviour-code,2026-02-24,10:00,Room 1,face-to-face'
const sheet = (...rows: string[]): Buffer =>
  Buffer.from([header, ...rows.map((row) => `${day},${row}`), ''].join('\n'))

describe('an uploaded register', () => {
  let house: House
  beforeEach(async () => {
    house = await createHouse({ readHere: true })
  })
  afterEach(() => house.close())

  const rehearse = (bytes: Uint8Array, name = 'register.csv', actor = trainer) =>
    house.training.uploads.rehearse(actor, { name, bytes })
  const rowsOf = (id: string) => house.training.uploads.rows(trainer, id, { from: 0, size: 20_000 })
  const verdictsOf = async (id: string) => (await rowsOf(id)).map(({ judged }) => judged?.verdict)
  const completed = async (...people: string[]) =>
    Promise.all(people.map(async (person) => (await house.completed(person)).join()))

  it('is rehearsed whole, every row with a sentence, and nothing of it is recorded', async () => {
    const upload = await rehearse(
      sheet(
        'Ann Appletree,,attended,',
        'Fay Fairwether,,attended,',
        'B. Birchall,,attended,',
        'Cartmellow Cai,,attended,',
        'Nobody Atall,,attended,',
        ',dee@example.org,part,30',
        'Eve Evenlode,,attended,',
        'Eve Evenlode,,absent,',
        'Fay Fairweather,,apologies,10',
        'Tess Trainer,,attended,',
      ),
    )
    expect(await verdictsOf(upload.id)).to.deep.equal([
      'matched',
      'suggested',
      'suggested',
      'suggested',
      'unknown',
      'matched',
      'contradictory',
      'contradictory',
      'faulty',
      'faulty',
    ])
    for (const { judged } of await rowsOf(upload.id)) {
      expect(words.say('en', judged?.say ?? { key: 'none' })).to.match(/\.$|\?$/)
      expect(words.say('cy', judged?.say ?? { key: 'none' })).to.match(/\.$|\?$/)
    }
    expect(await completed('ann', 'dee')).to.deep.equal(['', ''])
    expect(
      await house.training.browsing.kept(coordinator, '2026-02-24' as never, '2026-02-24' as never),
    ).to.deep.equal([])
  })

  it('does exactly what its rehearsal said', async () => {
    const upload = await rehearse(
      sheet(
        'Ann Appletree,,attended,',
        'Ben Birchall,,part,60',
        'Cai Cartmellow,,part,59',
        'Dee Dapplewood,,absent,',
        'Nobody Atall,,attended,',
      ),
    )
    const predicted = (await rowsOf(upload.id)).flatMap(({ judged }) =>
      judged?.verdict === 'matched' ? [`${judged.person} ${judged.mark?.attendance}`] : [],
    )
    const done = await house.training.uploads.confirm(trainer, upload.id, 'good')
    expect(done.state).to.equal('done')
    const [session] = await house.training.browsing.kept(
      trainer,
      '2026-02-24' as never,
      '2026-02-24' as never,
    )
    const { lines } = await house.training.registers.sheet(trainer, session?.id ?? '')
    const said = lines.map(({ person, mark }) => `${person} ${mark?.attendance}`)
    expect(said.sort()).to.deep.equal(predicted.sort())
    expect(await completed('ann', 'ben', 'cai', 'dee')).to.deep.equal([
      'behaviour-code face-to-face 2026-02-24',
      'behaviour-code face-to-face 2026-02-24',
      '',
      '',
    ])
  })

  it('changes nothing the second time, and once corrected only what differs', async () => {
    const first = sheet('Ann Appletree,,attended,', 'Ben Birchall,,attended,')
    const one = await rehearse(first)
    await house.training.uploads.confirm(trainer, one.id, 'all')
    const again = await rehearse(first)
    expect(again.counts.recorded).to.equal(2)
    expect(again.notes.map(({ say }) => say.key)).to.include('register.seen-before')
    await house.training.uploads.confirm(trainer, again.id, 'all')
    const corrected = await rehearse(sheet('Ann Appletree,,attended,', 'Ben Birchall,,absent,'))
    expect(await verdictsOf(corrected.id)).to.deep.equal(['recorded', 'matched'])
    await house.training.uploads.confirm(trainer, corrected.id, 'all')
    expect(await completed('ann', 'ben')).to.deep.equal([
      'behaviour-code face-to-face 2026-02-24',
      '',
    ])
    expect(house.revoked.size, 'one certificate revoked').to.equal(1)
    await house.training.uploads.undo(trainer, corrected.id, 'It was right before.')
    expect(await completed('ben')).to.deep.equal(['behaviour-code face-to-face 2026-02-24'])
  })

  it('is not committed as a whole while a row is not ready', async () => {
    const { id } = await rehearse(sheet('Ann Appletree,,attended,', 'Nobody Atall,,attended,'))
    const refusal = await house.training.uploads
      .confirm(trainer, id, 'all')
      .catch((e: unknown) => e)
    expect((refusal as DomainError).say.key).to.equal('register.not-all-good')
    expect(await completed('ann')).to.deep.equal([''])
  })

  it('is rehearsed again where the world has moved since it was looked at', async () => {
    const { id } = await rehearse(sheet('Ann Appletree,,attended,'))
    const other = await rehearse(sheet('Ann Appletree,,absent,'))
    await house.training.uploads.confirm(trainer, other.id, 'all')
    const refusal = await house.training.uploads
      .confirm(trainer, id, 'all')
      .catch((e: unknown) => e)
    expect((refusal as DomainError).say.key).to.equal('register.look-again')
    expect(await completed('ann')).to.deep.equal([''])
  })

  it('is undone as a whole, with the reason, and its certificates revoked', async () => {
    const { id } = await rehearse(sheet('Ann Appletree,,attended,', 'Ben Birchall,,attended,'))
    await house.training.uploads.confirm(trainer, id, 'all')
    await house.training.uploads.undo(trainer, id, 'The wrong day.')
    expect(await completed('ann', 'ben')).to.deep.equal(['', ''])
    expect(house.revoked.size).to.equal(2)
    await house.training.uploads.undo(trainer, id, 'Again.')
    expect(house.revoked.size, 'undone twice').to.equal(2)
  })

  it('never keeps a column for notes, nor the file that had one', async () => {
    const bytes = Buffer.from(
      `${header},Comments\n${day},Ann Appletree,,attended,,told me in tears\n`,
    )
    const upload = await rehearse(bytes)
    expect(upload.dropped).to.deep.equal(['Comments'])
    expect(upload.file.kept).to.equal(undefined)
    expect(JSON.stringify(await rowsOf(upload.id))).not.to.include('tears')
    expect(upload.file.sha256).to.match(/^[0-9a-f]{64}$/)
  })

  it('comes back annotated, and can be sent again as it is', async () => {
    const upload = await rehearse(sheet('Ann Appletree,,attended,', 'Nobody Atall,,attended,'))
    const text = await collect(await house.training.annotated(trainer, upload.id, 'en'))
    expect(text).to.include('Unknown person,Nobody of this name is in the directory.')
    const again = await rehearse(Buffer.from(text))
    expect(await verdictsOf(again.id)).to.deep.equal(['matched', 'unknown'])
  })

  it('is kept for its time, and its digest for ever', async () => {
    const { id } = await rehearse(sheet('Ann Appletree,,attended,'))
    await house.training.uploads.confirm(trainer, id, 'all')
    house.clock.set('2028-06-01T09:00:00Z')
    await house.training.tend()
    const pruned = await house.training.uploads.get(trainer, id)
    expect(pruned.pruned).to.equal(true)
    expect(pruned.file.kept).to.equal(undefined)
    expect(pruned.file.sha256).to.match(/^[0-9a-f]{64}$/)
    expect(await rowsOf(id)).to.deep.equal([])
    expect(await completed('ann')).to.deep.equal(['behaviour-code face-to-face 2026-02-24'])
  })
})
