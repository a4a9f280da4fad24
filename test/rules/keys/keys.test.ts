import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { day } from '../../../src/clock.js'
import {
  fingerprintsOf,
  keyTroubleOf,
  openKeyRing,
  type KeyKind,
  type KeyTrouble,
} from '../../../src/keys/keys.js'
import { openIssuerKeys, publishedKeysOf, signersOf } from '../../../src/certificates/keys.js'
import { keyUses, readPublishedKeys } from '../../../src/certificates/published-keys.js'
import { aFolder, avalon } from '../../support/certificates.js'

/** A ring in a folder of its own, whose calendar the test turns. */
function aRing(kind: KeyKind = 'ed25519', directory = join(aFolder(), 'ring'), make = true) {
  const calendar = { today: day('2026-01-05') }
  const clock = { today: () => calendar.today }
  const open = () => openKeyRing({ name: 'institution/credentials', directory, kind, make, clock })
  return { calendar, directory, ring: open(), open }
}

const troubleOf = (act: () => unknown): KeyTrouble | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    return keyTroubleOf(error)
  }
}

const theKeyFile = (directory: string): string =>
  join(directory, readdirSync(directory).find((name) => name.endsWith('.key')) ?? '')

describe('a ring of keys', () => {
  it('is begun at the first start, readable by its owner alone, and the same at the second', () => {
    const { ring, directory, open } = aRing()
    const key = ring.current()
    expect(statSync(directory).mode & 0o777).to.equal(0o700)
    expect(statSync(theKeyFile(directory)).mode & 0o777).to.equal(0o600)
    expect(open().current().fingerprint).to.equal(key.fingerprint)
    expect(readFileSync(join(directory, 'ring.json'), 'utf8')).not.to.contain('PRIVATE')
  })

  it('holds secrets for wrapping as well as keys for signing', () => {
    const { ring, open } = aRing('secret')
    const { secret, publicKey, fingerprint, id } = ring.current()
    expect(secret.export().length).to.equal(32)
    expect(publicKey).to.equal(undefined)
    expect(fingerprint).to.match(/^[0-9a-z]{32}$/)
    expect(open().held(id).secret.equals(secret)).to.equal(true)
  })

  it('keeps every past key when a new one takes over', () => {
    const { ring, calendar, open } = aRing()
    const first = ring.current()
    calendar.today = day('2027-03-01')
    const second = ring.rotate()
    expect(open().current().id).to.equal(second.id)
    expect(
      open()
        .history()
        .map(({ id, from, until }) => ({ id, from, until })),
    ).to.deep.equal([
      { id: first.id, from: '2026-01-05', until: '2027-03-01' },
      { id: second.id, from: '2027-03-01', until: undefined },
    ])
    expect(open().held(first.id).secret.equals(first.secret)).to.equal(true)
  })

  it('takes a key that was put in its folder by hand as the next one', () => {
    const { directory, open, calendar } = aRing()
    const given = generateKeyPairSync('ed25519').privateKey
    const file = join(directory, 'given-2027.key')
    writeFileSync(file, given.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    calendar.today = day('2027-01-01')
    expect(open().current().id).to.equal('given-2027')
    expect(open().history()).to.have.length(2)
  })

  it('has fingerprints that processes which share it can compare', () => {
    const { ring, open } = aRing()
    expect(fingerprintsOf([ring])).to.deep.equal(fingerprintsOf([open()]))
    expect(fingerprintsOf([ring])).not.to.deep.equal(fingerprintsOf([aRing().ring]))
  })

  describe('that cannot be used says why, and works again once it is mended', () => {
    const contents = (file: string) => readFileSync(file)
    const cases: [KeyTrouble, (file: string) => void, (file: string, was: Buffer) => void][] = [
      ['lost', (file) => rmSync(file), (file, was) => writeFileSync(file, was, { mode: 0o600 })],
      ['damaged', (file) => writeFileSync(file, 'no key'), (file, was) => writeFileSync(file, was)],
      ['too-open', (file) => chmodSync(file, 0o644), (file) => chmodSync(file, 0o600)],
    ]
    for (const [trouble, harm, mend] of cases) {
      it(trouble, () => {
        const { directory, open } = aRing()
        const file = theKeyFile(directory)
        const was = contents(file)
        const ring = open()
        harm(file)
        expect(troubleOf(() => ring.current())).to.equal(trouble)
        expect(open().history(), 'and no other key was quietly begun').to.have.length(1)
        mend(file, was)
        expect(troubleOf(() => ring.current())).to.equal(undefined)
      })
    }

    it('damaged: another key under its name', () => {
      const { directory, open } = aRing()
      const other = aRing()
      writeFileSync(theKeyFile(directory), contents(theKeyFile(other.directory)))
      expect(troubleOf(() => open().current())).to.equal('damaged')
    })

    it('missing, where none may be begun', () => {
      const { ring } = aRing('ed25519', join(aFolder(), 'none'), false)
      expect(troubleOf(() => ring.current())).to.equal('missing')
    })

    it('clock-back, when its youngest key lies in the future', () => {
      const { ring, calendar } = aRing()
      calendar.today = day('2026-01-04')
      expect(troubleOf(() => ring.current())).to.equal('clock-back')
      expect(troubleOf(() => ring.rotate())).to.equal('clock-back')
    })

    it('withdrawn, until a new one is begun', () => {
      const { ring } = aRing()
      ring.withdraw(ring.current().id, 'lost')
      expect(troubleOf(() => ring.current())).to.equal('withdrawn')
      ring.rotate()
      expect(troubleOf(() => ring.current())).to.equal(undefined)
      expect(ring.history()[0]?.withdrawn).to.deep.equal({
        on: '2026-01-05',
        reason: 'lost',
      })
    })
  })
})

describe('the keys of an issuer', () => {
  const clock = { today: () => day('2026-01-05') }
  const body = (name: string, keysDir: string) =>
    openIssuerKeys({ keysDir, issuer: { body: name }, make: true, clock })

  it('are its own: no conduct body shares one with another or with the institution', () => {
    const keysDir = aFolder()
    const issuers = [
      openIssuerKeys({ keysDir, issuer: 'institution', make: true, clock }),
      body('commissioner', keysDir),
      body('independent-expert-panel', keysDir),
    ]
    const prints = issuers.flatMap((keys) => keyUses.map((use) => keys[use].current().fingerprint))
    expect(new Set(prints).size).to.equal(9)
    expect(readdirSync(keysDir).sort()).to.deep.equal(['bodies', 'institution'])
    expect(issuers[1]?.roots.name).to.equal('bodies/commissioner/roots')
  })

  it('stay inside their folder', () => {
    expect(() => body('../../elsewhere', aFolder())).to.throw(RangeError)
  })

  it('are published without any secret, and read again by whoever checks', () => {
    const keys = openIssuerKeys({ keysDir: aFolder(), issuer: 'institution', make: true, clock })
    const made = signersOf(keys, avalon)
    const text = JSON.stringify(publishedKeysOf(keys, avalon))
    expect(text).not.to.contain('PRIVATE')
    expect(readPublishedKeys(text)?.keys.map(({ use }) => use)).to.deep.equal([...keyUses])
    expect(readPublishedKeys(text)?.keys[1]?.certificate).to.equal(made.document.certificates)
    expect(
      signersOf(keys, avalon).document.certificates,
      'the same certificate each time',
    ).to.equal(made.document.certificates)
    for (const nothing of ['', '{}', '[]', text.replace('did:web:', 'did:key:')]) {
      expect(readPublishedKeys(nothing)).to.equal(undefined)
    }
  })
})
