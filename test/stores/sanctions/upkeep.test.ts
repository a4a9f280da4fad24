import { createPublicKey } from 'node:crypto'
import { Writable } from 'node:stream'
import { expect } from 'chai'
import { pino } from 'pino'
import {
  commitment,
  leafHash,
  provesInclusion,
  readRoot,
  rootIsSigned,
} from '../../../src/audit/audit.js'
import { systemRandom } from '../../../src/random.js'
import { bodyKeysOf } from '../../../src/sanctions/body-keys.js'
import { openBodyRings } from '../../../src/sanctions/sanctions.js'
import { createVault } from '../../../src/sanctions/vault.js'
import { eachWithPlane } from '../../support/sealed-database.js'
import {
  commissioner,
  decided,
  done,
  keyActor,
  panel,
  refusal,
  sealedPlane,
} from '../../support/sealed-plane.js'

const key = keyActor(panel)
const which = { reference: 'IEP/2023/7' }

describe('the end of an outcome', () => {
  const plane = eachWithPlane()

  /** Everything in the database, read by somebody who has the keys of both bodies as well. */
  async function opened(): Promise<string> {
    const { store, keysDir, clock } = plane()
    const keys = new Map(
      [panel, commissioner].map((body) => {
        const { sealing } = openBodyRings({ body, keysDir, make: false, clock })
        return [body, bodyKeysOf(sealing, clock)]
      }),
    )
    const vault = createVault(keys, systemRandom)
    const found: unknown[] = []
    for (const shelf of [store.outcomes, store.parts]) {
      for await (const batch of shelf.all(100)) {
        for (const document of batch) {
          const content = vault.open(document)
          expect(content).to.not.equal(undefined)
          found.push(content?.tags, content?.unique, content?.value)
        }
      }
    }
    return JSON.stringify(found)
  }

  async function closed(): Promise<string> {
    const { sanctions, clock } = plane()
    const { id } = await sanctions.impose(key, decided({ noticeTo: commissioner }))
    await sanctions.once(key, { key: 'k', path: '/p', content: {} }, () =>
      Promise.resolve({ reply: { status: 200, body: 'text' }, outcome: id }),
    )
    await sanctions.registerWebhook(key, { url: 'http://127.0.0.1:9/' })
    clock.set('2023-12-05T10:00:00Z')
    await sanctions.scanDueDates()
    await plane().complete(done('2023-12-05'))
    await sanctions.deliver()
    return id
  }

  it('comes on the body’s date by itself, and leaves a tombstone', async () => {
    const { sanctions, clock, gil, ann } = plane()
    await closed()
    clock.set('2024-12-04T10:00:00Z')
    await sanctions.scanDueDates()
    expect((await sanctions.find(key, which)).json.state).to.equal('satisfied')
    expect(await opened()).to.match(/IEP.*mp-ann/s)
    clock.set('2024-12-05T10:00:00Z')
    await sanctions.scanDueDates()
    expect((await refusal(sanctions.find(key, which))).kind).to.equal('not-found')
    expect(await sanctions.ownOutcomes(ann)).to.deep.equal([])
    expect(await sanctions.notices(gil)).to.deep.equal([])
    expect(await sanctions.deliveries(key)).to.deep.equal([])
    expect(await opened()).to.not.match(/IEP|mp-ann|completion-2023/)
    const { outcomes } = await sanctions.list(key)
    expect(outcomes).to.deep.equal([])
    // The same reference may be used again: nothing remembers it.
    await sanctions.impose(key, decided())
  })

  it('does not come early, nor while it is open, nor while it is to be kept longer', async () => {
    const { sanctions, clock, eve } = plane()
    await sanctions.impose(eve, decided())
    expect(await refusal(sanctions.expunge(eve, which))).to.include({
      kind: 'conflict',
      key: 'not-yet',
    })
    await sanctions.withdraw(eve, which, {})
    await sanctions.keep(eve, which, { until: '2026-01-01' })
    clock.set('2025-06-01T10:00:00Z')
    await sanctions.scanDueDates()
    expect(await refusal(sanctions.expunge(eve, which))).to.include({ key: 'not-yet' })
    clock.set('2026-01-02T10:00:00Z')
    expect(await sanctions.expunge(eve, which)).to.equal('done')
    expect((await refusal(sanctions.expunge(eve, which))).kind).to.equal('not-found')
  })

  it('keeps the leaves of the log, so that its roots stay true', async () => {
    const { sanctions, clock } = plane()
    await closed()
    await sanctions.impose(
      key,
      decided({ reference: 'another', respondent: 'mp-ben', training: { dueOn: '2025-01-01' } }),
    )
    const { log: before } = await sanctions.bundle(key, { reference: 'another' }, [])
    clock.set('2024-12-05T10:00:00Z')
    await sanctions.scanDueDates()
    const { log: after } = await sanctions.bundle(key, { reference: 'another' }, [])
    expect(after.size).to.be.greaterThan(before.size)
    const [entry] = after.entries
    if (!entry || !('act' in entry)) throw new Error('an entry is missing')
    expect(entry.index).to.equal(before.entries[0]?.index)
  })
})

describe('the hearing bundle', () => {
  const plane = eachWithPlane()

  it('proves each entry under a signed root, and keeps the place of what it leaves out', async () => {
    const { sanctions, clock, eve } = plane()
    await sanctions.impose(eve, decided({ agreementOf: ['party-1'] }))
    for (let n = 0; n < 5; n += 1) await sanctions.list(eve)
    await sanctions.agree(eve, which, { party: 'party-1', on: '2023-09-04', reason: 'A letter' })
    clock.set('2023-10-01T10:00:00Z')
    await plane().complete(done('2023-09-20'))
    await sanctions.deliver()
    const { steps } = await sanctions.find(eve, which)
    const agreed = steps.find(({ step }) => step === 'agreed')!
    const bundle = await sanctions.bundle(eve, which, [{ step: agreed.id, why: 'another party' }])
    const { log } = bundle
    const root = Buffer.from(log.root, 'base64')
    expect(log.entries).to.have.length(5)
    for (const entry of log.entries) {
      const leaf = leafHash(Buffer.from(entry.commitment, 'base64'))
      const path = entry.proof.map((hash) => Buffer.from(hash, 'base64'))
      expect(provesInclusion({ leaf, index: entry.index, size: log.size, path, root })).to.be.true
      if ('act' in entry) {
        const { at, act, salt } = entry
        const own = commitment(Buffer.from(salt, 'base64'), { at, act })
        expect(own.toString('base64')).to.equal(entry.commitment)
      }
    }
    expect(JSON.stringify(bundle)).to.not.contain('A letter')
    expect(bundle.steps.filter((step) => 'redacted' in step)).to.have.length(1)
    const { signing } = openBodyRings({ body: panel, keysDir: plane().keysDir, make: false, clock })
    const { publicKey } = signing.history()[0]!
    const open = createPublicKey({
      key: Buffer.from(publicKey!, 'base64'),
      format: 'der',
      type: 'spki',
    })
    expect(rootIsSigned(log.signed!.text, [open])).to.be.true
    expect(readRoot(log.signed!.text)).to.deep.include({ size: log.size, hash: root })
    expect(bundle.completions).to.deep.equal(['completion-2023-09-20'])
  })

  it('holds a log of many entries, in tiles, without a gap', async () => {
    const { sanctions, eve } = plane()
    await sanctions.impose(eve, decided())
    for (let n = 0; n < 80; n += 1) await sanctions.list(eve)
    const both = [sanctions.deliver(), sanctions.deliver(), sanctions.deliver()]
    await Promise.all(both)
    for (let n = 0; n < 60; n += 1) await sanctions.list(eve)
    const { log } = await sanctions.bundle(eve, which, [])
    // Imposing, 140 readings of the list, and the reading of the bundle itself.
    expect(log.size).to.equal(142)
    expect(log.entries.map(({ index }) => index)).to.have.length(2)
  })

  it('signs the log once a day', async () => {
    const { sanctions, clock, eve } = plane()
    await sanctions.impose(eve, decided())
    await sanctions.scanDueDates()
    await sanctions.scanDueDates()
    clock.set('2023-09-05T10:00:00Z')
    await sanctions.list(eve)
    await sanctions.scanDueDates()
    const roots = (await sanctions.roots(eve)).map(({ text }) => readRoot(text)!)
    expect(roots.map(({ on, size }) => [on, size])).to.deep.equal([
      ['2023-09-04', 1],
      ['2023-09-05', 2],
    ])
  })
})

describe('a change of keys', () => {
  const plane = eachWithPlane()

  it('reseals everything, finds it throughout, and then needs the former key no more', async () => {
    const keysOfItsOwn = sealedPlane({ store: plane().store })
    const { sanctions, clock, keysDir } = keysOfItsOwn
    const { id } = await sanctions.impose(key, decided({ noticeTo: commissioner }))
    await sanctions.deliver()
    const before = await plane.dump()
    await sanctions.rotateKeys(plane().eve, panel)
    expect((await sanctions.find(key, which)).id).to.equal(id)
    expect(await refusal(sanctions.impose(key, decided()))).to.include({ key: 'recorded-already' })
    await sanctions.reconcile()
    clock.pass(120_000)
    await sanctions.reconcile()
    await sanctions.reconcile()
    const { sealing } = openBodyRings({ body: panel, keysDir, make: false, clock })
    expect(sealing.history().map(({ withdrawn }) => withdrawn?.reason)).to.deep.equal([
      'superseded',
      undefined,
    ])
    const after = await plane.dump()
    const tags = (documents: typeof before) => new Set(documents.flatMap(({ u }) => u as string[]))
    const former = tags(before.filter(({ _id }) => _id === id))
    expect([...tags(after)].filter((tag) => former.has(tag))).to.deep.equal([])
    clock.set('2023-10-02T10:00:00Z')
    await keysOfItsOwn.complete(done('2023-09-20'))
    expect((await sanctions.find(key, which)).json.state).to.equal('satisfied')
    keysOfItsOwn.close()
  })

  it('brings what a restored backup sealed with a former key back under the new one', async () => {
    const keysOfItsOwn = sealedPlane({ store: plane().store })
    const { sanctions, clock, store } = keysOfItsOwn
    const { id } = await sanctions.impose(key, decided())
    const [backup] = await store.outcomes.byIds([id])
    await sanctions.rotateKeys(plane().eve, panel)
    for (let n = 0; n < 3; n += 1) {
      clock.pass(120_000)
      await sanctions.reconcile()
    }
    await store.outcomes.remove([id])
    await store.outcomes.insert(backup!)
    expect((await refusal(sanctions.find(key, which))).kind).to.equal('not-found')
    expect(await sanctions.reseal()).to.equal(1)
    expect((await sanctions.find(key, which)).id).to.equal(id)
    keysOfItsOwn.close()
  })
})

describe('the log of the server', () => {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, written) {
      lines.push(chunk.toString())
      written()
    },
  })
  const plane = eachWithPlane({ log: pino({ level: 'info' }, sink) })

  it('says nothing of an outcome, whatever happens to it or fails', async () => {
    const { sanctions, clock, eve } = plane()
    plane().loseKey()
    await sanctions.impose(eve, decided({ restriction: { state: 'active' } }))
    await sanctions.registerWebhook(eve, { url: 'http://127.0.0.1:9/' })
    clock.set('2023-12-06T10:00:00Z')
    await plane().complete(done('2023-12-05'))
    await sanctions.scanDueDates()
    await sanctions.reconcile()
    await sanctions.deliver()
    await refusal(sanctions.confirm(eve, which, {}))
    expect(lines).to.deep.equal([])
  })
})

describe('what the ordinary plane tells', () => {
  const plane = eachWithPlane()

  it('never hears of a fault of the sealed one', async () => {
    const { store } = plane()
    const broken = sealedPlane({
      store: {
        ...store,
        outcomes: { ...store.outcomes, tagged: () => Promise.reject(new Error('x')) },
      },
    })
    await broken.sanctions.consider([done('2023-09-20')])
    await broken.sanctions.bindCertificates([{ completion: 'c', serial: 'GS-1' }])
    await broken.sanctions.annulled([{ id: 'c' }])
    broken.close()
  })
})
