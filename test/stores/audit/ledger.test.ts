import { generateKeyPairSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { expect } from 'chai'
import { MongoClient, type Db } from 'mongodb'
import { systemActor } from '../../../src/actor.js'
import {
  auditCollections,
  createAudit,
  provesConsistency,
  provesInclusion,
  readRoot,
  rootIsSigned,
  commitment,
  leafHash,
  type Audit,
} from '../../../src/audit/audit.js'
import { openDatabase, type Database } from '../../../src/database/database.js'
import { createLog } from '../../../src/log.js'
import { systemRandom } from '../../../src/random.js'
import { testDatabase } from '../../support/database.js'
import { frozenClock } from '../../support/world.js'

const system = systemActor('test')
const { privateKey: secret, publicKey: open } = generateKeyPairSync('ed25519')

describe('the record of acts', () => {
  const clock = frozenClock('2026-03-02T10:00:00Z')
  let server: Awaited<ReturnType<typeof testDatabase>>
  let database: Database
  let client: MongoClient
  let db: Db
  let keyIsThere = true

  const auditOn = (own: Database): Audit =>
    createAudit({
      database: own,
      clock,
      random: systemRandom,
      log: createLog('silent'),
      origin: 'avalon.example',
      keys: {
        current() {
          if (!keyIsThere) throw new Error('the key is away')
          return { secret, open }
        },
        all: () => [open],
      },
    })

  beforeEach(async () => {
    clock.set('2026-03-02T10:00:00Z')
    keyIsThere = true
    server = await testDatabase()
    const { uri, name } = server
    const log = createLog('silent')
    database = await openDatabase({
      uri,
      name,
      dataDir: tmpdir(),
      clock,
      random: systemRandom,
      log,
    })
    await database.migrate(auditCollections)
    client = await MongoClient.connect(uri)
    db = client.db(name)
  })
  afterEach(async () => {
    await client.close()
    await database.close()
    await server.drop()
  })

  const issue = (audit: Audit, serial: string, person = 'mair') =>
    audit.record(
      system,
      { act: 'certificate.issued', people: [person], serial, digest: 'd', completion: 'c' },
      `certificate.issued:${serial}`,
    )
  const revoke = (audit: Audit, serial: string, reason: string) =>
    audit.record(
      system,
      { act: 'certificate.revoked', people: ['mair'], serial, on: '2026-03-02', reason },
      `certificate.revoked:${serial}`,
    )

  it('keeps an act once, however often it is told', async () => {
    const audit = auditOn(database)
    await Promise.all(Array.from({ length: 5 }, () => issue(audit, 'GS-1')))
    expect(await audit.seal()).to.equal(1)
    expect(await audit.seal()).to.equal(0)
  })

  it('gives contiguous places, whoever seals, and proves each act under a signed root', async () => {
    const [one, other] = [auditOn(database), auditOn(database)]
    for (let n = 0; n < 40; n += 1) await issue(one, `GS-${n}`)
    while ((await Promise.all([one.seal(), other.seal()])).some((placed) => placed > 0));
    const places = await db.collection('audit').distinct('place')
    expect(places.sort((a, b) => Number(a) - Number(b))).to.deep.equal([...Array(40).keys()])
    for (const serial of ['GS-0', 'GS-17', 'GS-39']) {
      const proof = await other.proof(`certificate.issued:${serial}`)
      const root = readRoot(proof?.root ?? '')
      const leaf = leafHash(commitment(Buffer.from(proof?.salt ?? '', 'base64url'), proof?.entry))
      expect(rootIsSigned(proof?.root ?? '', [open])).to.equal(true)
      expect(
        provesInclusion({
          leaf,
          index: proof?.index ?? -1,
          size: root?.size ?? 0,
          path: (proof?.path ?? []).map((hash) => Buffer.from(hash, 'hex')),
          root: root?.hash ?? Buffer.alloc(0),
        }),
      ).to.equal(true)
      expect(JSON.stringify(proof)).to.not.include('mair')
    }
  })

  it('signs each day that has ended, and proves that it was only added to since', async () => {
    const audit = auditOn(database)
    const log = audit.logs.certificates
    await issue(audit, 'GS-1')
    await issue(audit, 'GS-2')
    await audit.seal()
    expect(await log.roots()).to.deep.equal([])
    clock.set('2026-03-03T10:00:00Z')
    await revoke(audit, 'GS-1', 'By mistake')
    await audit.seal()
    await audit.seal()
    const [day] = await log.roots()
    expect(day).to.include({ on: '2026-03-02', size: 2 })
    const [older, head] = [readRoot(day?.text ?? ''), await log.head()]
    expect(
      provesConsistency({
        older: { size: 2, root: older?.hash ?? Buffer.alloc(0) },
        newer: { size: head.size, root: head.hash },
        path: [...(await log.consistency(2, head.size))],
      }),
    ).to.equal(true)
    expect(await log.check()).to.deep.equal([])
  })

  const rewritings: [what: string, rewrite: (of: Db) => Promise<unknown>][] = [
    [
      'a reason was changed',
      (of) =>
        of
          .collection('audit')
          .updateOne({ act: 'certificate.revoked' }, { $set: { 'particulars.reason': 'Another' } }),
    ],
    ['an entry was taken out', (of) => of.collection('audit').deleteOne({ place: 1 })],
    [
      'an entry and its leaf were changed',
      async (of) => {
        await of.collection('audit').updateOne({ place: 1 }, { $set: { people: ['ada'] } })
        await of
          .collection<{ _id: string; hash: Buffer }>('log_certificates_nodes')
          .updateOne({ _id: '0/1' }, { $set: { hash: Buffer.alloc(32, 1) } })
      },
    ],
    [
      'another signed root was put in place of a day’s',
      (of) =>
        of
          .collection<{ _id: string; size: number }>('log_certificates_roots')
          .updateOne({ _id: '2026-03-02' }, { $set: { size: 1 } }),
    ],
  ]
  for (const [what, rewrite] of rewritings) {
    it(`shows that ${what}`, async () => {
      const audit = auditOn(database)
      for (const serial of ['GS-1', 'GS-2', 'GS-3']) await issue(audit, serial)
      await revoke(audit, 'GS-2', 'By mistake')
      await audit.seal()
      clock.set('2026-03-03T10:00:00Z')
      await audit.seal()
      expect(await audit.logs.certificates.check()).to.deep.equal([])
      await rewrite(db)
      expect(await audit.logs.certificates.check()).to.not.deep.equal([])
    })
  }

  it('rewritten as a whole, tree and all, does not continue a root that somebody kept', async () => {
    const audit = auditOn(database)
    for (const serial of ['GS-1', 'GS-2', 'GS-3']) await issue(audit, serial)
    await audit.seal()
    const kept = await audit.logs.certificates.head()
    for (const collection of await db.collections()) await collection.deleteMany({})
    const again = auditOn(database)
    for (const serial of ['GS-1', 'GS-X', 'GS-3', 'GS-4']) await issue(again, serial)
    await again.seal()
    const log = again.logs.certificates
    expect(await log.check()).to.deep.equal([])
    const head = await log.head()
    expect(
      provesConsistency({
        older: { size: kept.size, root: kept.hash },
        newer: { size: head.size, root: head.hash },
        path: [...(await log.consistency(kept.size, head.size))],
      }),
    ).to.equal(false)
  })

  it('forgets a person without losing anything else’s proof', async () => {
    const audit = auditOn(database)
    await issue(audit, 'GS-1', 'mair')
    await issue(audit, 'GS-2', 'ada')
    await audit.seal()
    const before = await audit.logs.certificates.head()
    expect(await audit.forget('mair')).to.equal(1)
    expect(await audit.proof('certificate.issued:GS-1')).to.equal(undefined)
    expect(await audit.proof('certificate.issued:GS-2')).to.be.an('object')
    expect((await audit.logs.certificates.head()).text).to.equal(before.text)
    expect(await audit.logs.certificates.check()).to.deep.equal([])
    expect(JSON.stringify(await db.collection('audit').find().toArray())).to.not.include('mair')
  })

  it('goes on being filled while its key is away, and is signed when it is back', async () => {
    const audit = auditOn(database)
    keyIsThere = false
    await issue(audit, 'GS-1')
    expect(await audit.seal()).to.equal(1)
    clock.set('2026-03-03T10:00:00Z')
    await issue(audit, 'GS-2')
    expect(await audit.seal()).to.equal(1)
    expect(await audit.logs.certificates.roots()).to.deep.equal([])
    keyIsThere = true
    await audit.seal()
    expect(await audit.logs.certificates.roots()).to.have.length(1)
  })

  it('signs nothing while the clock lies before its last entry', async () => {
    const audit = auditOn(database)
    await issue(audit, 'GS-1')
    await audit.seal()
    clock.set('2026-02-27T10:00:00Z')
    const head = await audit.logs.certificates.head().catch((error: unknown) => error)
    expect(String(head)).to.include('log.clock-back')
  })
})
