import { randomBytes } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Binary, Decimal128, Double, Int32, Long, MongoClient } from 'mongodb'
import { systemClock } from '../../../src/clock.js'
import {
  backUpData,
  DatabaseRefused,
  openDatabase,
  restoreData,
  runningServer,
} from '../../../src/database/database.js'
import { createLog } from '../../../src/log.js'
import { seededRandom } from '../../../src/random.js'
import { addIndex } from './add-index.js'
import { giveDocumentKey } from '../../support/document-key.js'
import { goodStanding, type Said, serve } from '../../support/command-line.js'
import { ownServer } from './own-server.js'

const log = createLog('silent')

const collectionsOf = (said: Said): unknown =>
  (JSON.parse(said.out) as { collections: unknown }).collections

describe('a data directory', function () {
  this.timeout(300_000)
  let dir = ''
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'gs-data-'))
  })
  after(() => rmSync(dir, { recursive: true, force: true }))
  const at = (name: string): string => join(dir, name)

  it('is backed up by the command while its server runs, and comes back whole', async () => {
    const file = randomBytes(17_000_000)
    giveDocumentKey(at('office/keys'))
    const stop = await serve(at('office'))
    const uri = (await runningServer(at('office'))) ?? ''
    const options = { dataDir: at('office'), uri, log, clock: systemClock }
    const database = await openDatabase({ ...options, random: seededRandom('ids') })
    await database.files.put(file, 'film')
    const kinds = database.connection.collection<Record<string, unknown>>('kinds')
    await kinds.insertMany([
      { a: new Int32(1), b: Long.fromInt(1), c: new Double(1), d: Decimal128.fromString('1.0') },
      {
        a: new Int32(2),
        b: new Binary(Buffer.from('\0ÿ'), 128),
        c: new Date('2100-01-01'),
        d: null,
      },
    ])
    await addIndex(kinds as never, { a: 1 }, { unique: true, name: 'by a' })
    await addIndex(kinds as never, { c: -1 }, { expireAfterSeconds: 1e9 })
    await addIndex(kinds as never, { b: 1, d: -1 }, { sparse: true })
    const some = { c: { $gt: new Double(0) }, b: { $gte: Long.fromInt(5) } }
    await addIndex(kinds as never, { d: 1 }, { partialFilterExpression: some })
    const indexes = await kinds.indexes()
    await database.close()

    const first = await goodStanding(at('office'), 'backup', at('backup'), '--json')
    expect(first).to.include({ code: 0, complaint: '' })
    await stop()
    expect(await runningServer(at('office'))).to.equal(undefined)
    const metadata = readFileSync(at('backup/test/kinds.metadata.json'), 'utf8')
    expect(metadata).to.include(
      '"c":{"$gt":{"$numberDouble":"0.0"}},"b":{"$gte":{"$numberLong":"5"}}',
    )

    const back = await goodStanding(at('again'), 'restore', at('backup'))
    expect(back).to.include({ code: 0, complaint: '' })
    expect(back.out).to.match(/^\d+ documents of \d+ collections are restored into /)
    expect(readdirSync(at('again'))).to.deep.equal(['embedded'])
    const second = await backUpData({ dataDir: at('again'), log }, at('backup-2'))
    expect(second.collections).to.deep.equal(collectionsOf(first))

    const restored = await openDatabase({
      dataDir: at('again'),
      log,
      clock: systemClock,
      random: seededRandom('again'),
    })
    expect((await restored.files.find('film'))?.equals(file)).to.equal(true)
    expect(await restored.connection.collection('kinds').indexes()).to.deep.equal(indexes)
    await restored.close()
  })

  it('is refused by the command in one line, exit 1, and 2 for a call that is not understood', async () => {
    const [refused, wrong] = await Promise.all([
      goodStanding(at('nothing-here'), 'backup', at('never')),
      goodStanding(at('nothing-here'), 'restore'),
    ])
    expect(refused).to.deep.equal({
      code: 1,
      out: '',
      complaint: `${at('nothing-here')} has no database: there is nothing to back up.\n`,
    })
    expect(wrong.code).to.equal(2)
    expect(existsSync(at('never'))).to.equal(false)
  })

  describe('where something is wrong', () => {
    before(async () => {
      const server = await ownServer(at('small'))
      const client = await MongoClient.connect(server.uri)
      await client
        .db('test')
        .collection('c')
        .insertMany([{ v: 'a' }, { v: 'b' }])
      await client.close()
      await server.close()
      await backUpData({ dataDir: at('small'), log }, at('good'))
    })

    const spoil =
      (change: (backup: string) => void) =>
      (place: string): { from: string; into: string } => {
        const from = `${place}-backup`
        cpSync(at('good'), from, { recursive: true })
        change(from)
        return { from, into: place }
      }
    const edit =
      (name: string, change: (text: string) => string) =>
      (backup: string): void => {
        const file = join(backup, name)
        writeFileSync(file, change(readFileSync(file, 'latin1')), 'latin1')
      }
    const holding = (name: string) => (place: string) => {
      mkdirSync(join(place, name), { recursive: true })
      return { from: at('good'), into: place }
    }

    const restores: readonly [string, (place: string) => { from: string; into: string }, RegExp][] =
      [
        ['no backup', (into) => ({ from: at('nowhere'), into }), /no manifest\.json/],
        ['no manifest', spoil((b) => rmSync(join(b, 'manifest.json'))), /no manifest\.json/],
        ['a manifest cut short', spoil(edit('manifest.json', (t) => t.slice(0, 50))), /is damaged/],
        [
          'a later format',
          spoil(edit('manifest.json', (t) => t.replace('"format": 1', '"format": 2'))),
          /later version/,
        ],
        [
          'a name that leads elsewhere',
          spoil(edit('manifest.json', (t) => t.replace('"test"', '"../.."'))),
          /is damaged/,
        ],
        [
          'another count',
          spoil(edit('manifest.json', (t) => t.replace('"documents": 2', '"documents": 3'))),
          /c\.bson is not the file/,
        ],
        [
          'another hash',
          spoil(edit('manifest.json', (t) => t.replace(/"data": "./, '"data": "g'))),
          /is damaged/,
        ],
        [
          'a damaged document',
          spoil(edit('test/c.bson', (t) => t.replace('a\0', 'z\0'))),
          /c\.bson is not the file/,
        ],
        [
          'documents cut short',
          spoil(edit('test/c.bson', (t) => t.slice(0, -3))),
          /middle of a document/,
        ],
        ['no documents', spoil((b) => rmSync(join(b, 'test/c.bson'))), /c\.bson is missing/],
        [
          'damaged indexes',
          spoil(edit('test/c.metadata.json', (t) => t.replace('_id_', '_ie_'))),
          /metadata\.json is not the file/,
        ],
        [
          'no indexes',
          spoil((b) => rmSync(join(b, 'test/c.metadata.json'))),
          /metadata\.json is missing/,
        ],
        ['a place with data', holding('embedded'), /is not empty/],
        ['a place with anything else', holding('outbox'), /is not empty/],
        [
          'a place that is a file',
          (into) => ({ from: at('good'), into: (writeFileSync(into, ''), into) }),
          /is not a directory/,
        ],
        [
          'a place that cannot be made',
          () => ({ from: at('good'), into: '/dev/null/good-standing' }),
          /\/dev\/null\/good-standing/,
        ],
      ]
    for (const [what, arrange, why] of restores) {
      it(`restores nothing: ${what}`, async () => {
        const { from, into } = arrange(at(what.replaceAll(' ', '-')))
        const before = existsSync(into)
        const error = await refusal(restoreData({ dataDir: into, log }, from))
        expect(error)
          .to.match(why)
          .and.match(/^[^\n]+$/)
        expect(existsSync(into)).to.equal(before)
        expect(existsSync(join(into, 'restoring'))).to.equal(false)
      })
    }

    const places: readonly [string, () => string, RegExp][] = [
      ['another backup', () => at('good'), /is not empty/],
      ['a file', () => at('good/manifest.json'), /is not a directory/],
      ['what cannot be made', () => '/dev/null/good-standing/backup', /\/dev\/null\/good-standing/],
    ]
    for (const [what, place, why] of places) {
      it(`is not backed up into ${what}`, async () => {
        const before = existsSync(place())
        expect(await refusal(backUpData({ dataDir: at('small'), log }, place()))).to.match(why)
        expect(existsSync(place())).to.equal(before)
      })
    }

    it('takes no restore while a server has it, nor while another restore is under way', async () => {
      const server = await ownServer(at('taken'))
      const good = at('good')
      expect(await refusal(restoreData({ dataDir: at('taken'), log }, good))).to.match(/not empty/)
      await server.close()
      mkdirSync(at('two'))
      const other = await ownServer(at('two/restoring'))
      expect(await refusal(restoreData({ dataDir: at('two'), log }, good))).to.match(/Somebody/)
      await other.close()
      // What a restore that was killed has left is no hindrance.
      await restoreData({ dataDir: at('two'), log }, good)
      expect(readdirSync(at('two'))).to.deep.equal(['embedded'])
    })

    it('keeps the keys that were put there before its data came back', async () => {
      mkdirSync(at('keyed/keys'), { recursive: true })
      await restoreData({ dataDir: at('keyed'), log }, at('good'))
      expect(readdirSync(at('keyed')).sort()).to.deep.equal(['embedded', 'keys'])
    })
  })
})

async function refusal(act: Promise<unknown>): Promise<string> {
  const error: unknown = await act.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  expect(error).to.be.instanceOf(DatabaseRefused)
  return error instanceof Error ? error.message : ''
}
