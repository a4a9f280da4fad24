import { expect } from 'chai'
import type { Database } from '../../../src/database/database.js'
import { createSealedStore } from '../../../src/sanctions/sanctions.js'
import { sealedDatabase } from '../../support/sealed-database.js'
import { decided, done, sealedPlane, type SealedPlane } from '../../support/sealed-plane.js'

describe('outcomes in the sealed store', () => {
  let sealed: Awaited<ReturnType<typeof sealedDatabase>>
  let database: Database
  let plane: SealedPlane

  before(async () => {
    sealed = await sealedDatabase()
    database = sealed.database
  })
  beforeEach(async () => {
    for (const name of ['sealed', 'sealed_parts'])
      await database.connection.collection(name).deleteMany({})
    plane = sealedPlane({ store: createSealedStore(database.connection) })
  })
  afterEach(() => plane.close())
  after(() => sealed.drop())

  it("8. the panel's training, from decision to satisfied, late", async () => {
    const { sanctions, clock, eve, gil } = plane
    await sanctions.impose(eve, decided({ noticeTo: 'commissioner-for-standards' }))
    await sanctions.deliver()
    expect(plane.mails.map(({ to }) => to)).to.deep.equal(['mp-ann@parliament.example'])
    clock.set('2023-12-05T06:00:00Z')
    await sanctions.scanDueDates()
    await sanctions.scanDueDates()
    await sanctions.deliver()
    expect(plane.mails.map(({ to }) => to).slice(1)).to.deep.equal([
      'commissioner-for-standards@parliament.example',
    ])
    const notices = await sanctions.notices(gil)
    expect(notices).to.have.length(1)
    expect(notices[0]).to.include({ reference: 'IEP/2023/7', dueOn: '2023-12-04' })
    clock.set('2023-12-12T15:00:00Z')
    await plane.complete(done('2023-12-12'))
    await sanctions.bindCertificates([{ completion: 'completion-2023-12-12', serial: 'GS-1' }])
    const { json } = await sanctions.find(eve, { reference: 'iep/2023/7 ' })
    expect(json).to.include({
      state: 'satisfied',
      late: true,
      satisfiedOn: '2023-12-12',
      certificate: 'GS-1',
    })
  })
})
