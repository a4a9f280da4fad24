import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { canonical, commitment } from '../../../src/audit/leaf.js'
import {
  addressesOf,
  emptyRoot,
  leafHash,
  nodeHash,
  nodesFor,
  rootOf,
  splitOf,
  type NodeSupplier,
} from '../../../src/audit/merkle.js'
import {
  consistencyProof,
  consistencyRuns,
  inclusionProof,
  inclusionRuns,
  provesConsistency,
  provesInclusion,
} from '../../../src/audit/merkle-proof.js'
import {
  readRoot,
  rootFault,
  rootIsSigned,
  signRoot,
  verifierKey,
} from '../../../src/audit/signed-root.js'
import { day } from '../../../src/clock.js'
import { property } from '../../support/property.js'

/** A log in memory, filled in batches. */
function aLog(leaves: readonly Buffer[], batch = leaves.length || 1) {
  const nodes = new Map<string, Buffer>()
  const supply: NodeSupplier = (level, index) => {
    const hash = nodes.get(`${level}/${index}`)
    if (!hash) throw new Error(`no node ${level}/${index}`)
    return hash
  }
  for (let at = 0; at < leaves.length; at += batch) {
    const made = nodesFor(at, leaves.slice(at, at + batch), supply)
    for (const { level, index, hash } of made) {
      expect(nodes.has(`${level}/${index}`), 'each node is written once').to.equal(false)
      nodes.set(`${level}/${index}`, hash)
    }
  }
  return { supply, nodes }
}

/** RFC 6962, section 2.1, written down as it stands there. */
function hashByTheBook(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return emptyRoot()
  const [only] = leaves
  if (leaves.length === 1 && only) return only
  const split = splitOf(leaves.length)
  return nodeHash(hashByTheBook(leaves.slice(0, split)), hashByTheBook(leaves.slice(split)))
}

const hex = (bytes: readonly Uint8Array[]): string[] =>
  bytes.map((one) => Buffer.from(one).toString('hex'))

// The test log of the Certificate Transparency project (merkle/testonly), eight entries.
const entries = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const vectors = entries.map((entry) => leafHash(Buffer.from(entry, 'hex')))

const numbered = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`entry ${index}`)))

describe('the tamper-evident log', () => {
  describe('as Certificate Transparency hashes it', () => {
    it('has the hash of nothing when it is empty', () => {
      expect(emptyRoot().toString('hex')).to.equal(
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      )
      expect(rootOf(0, aLog([]).supply).equals(emptyRoot())).to.equal(true)
    })

    it('has the published roots from one entry to eight', () => {
      const { supply } = aLog(vectors)
      expect(hex(roots.map((_, index) => rootOf(index + 1, supply)))).to.deep.equal(roots)
    })

    it('gives the published proofs', () => {
      const { supply } = aLog(vectors)
      expect(hex(inclusionProof(0, 8, supply))).to.deep.equal([
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ])
      expect(hex(consistencyProof(6, 8, supply))).to.deep.equal([
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ])
    })
  })

  const sizes = fc.integer({ min: 1, max: 300 })

  it('has the root of the book, in whatever batches it was filled', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 130 }),
        fc.integer({ min: 1, max: 40 }),
        (size, batch) => {
          const leaves = numbered(size)
          expect(rootOf(size, aLog(leaves, batch).supply).equals(hashByTheBook(leaves))).to.equal(
            true,
          )
        },
      ),
      property(60, 2000),
    )
  })

  it('proves every entry under every later root, and no other entry', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, which, other) => {
        const leaves = numbered(size)
        const { supply } = aLog(leaves)
        const index = which % size
        const proof = {
          index,
          size,
          path: inclusionProof(index, size, supply),
          root: rootOf(size, supply),
        }
        const leaf = leaves[index] ?? emptyRoot()
        expect(provesInclusion({ ...proof, leaf })).to.equal(true)
        expect(provesInclusion({ ...proof, leaf: leafHash(Buffer.from('forged')) })).to.equal(false)
        if (other % size !== index) {
          expect(provesInclusion({ ...proof, leaf, index: other % size })).to.equal(false)
        }
        expect(provesInclusion({ ...proof, leaf, path: [...proof.path, leaf] })).to.equal(false)
        expect(provesInclusion({ ...proof, leaf, size: index })).to.equal(false)
      }),
      property(150, 5000),
    )
  })

  it('proves that a log was only added to, and catches one that was rewritten', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, which, rewritten) => {
        const older = which % (size + 1)
        const leaves = numbered(size)
        const { supply } = aLog(leaves)
        const before = { size: older, root: rootOf(older, supply) }
        const path = consistencyProof(older, size, supply)
        const after = { size, root: rootOf(size, supply) }
        expect(provesConsistency({ older: before, newer: after, path })).to.equal(true)
        if (older === 0) return

        const forged = leaves.with(rewritten % older, leafHash(Buffer.from('forged')))
        const other = aLog(forged).supply
        const lie = { older: before, newer: { size, root: rootOf(size, other) } }
        expect(provesConsistency({ ...lie, path: consistencyProof(older, size, other) })).to.equal(
          false,
        )
        expect(provesConsistency({ ...lie, path })).to.equal(false)
      }),
      property(150, 5000),
    )
  })

  it('needs for a proof only nodes that stand in the store, a few dozen of a million entries', () => {
    for (const [index, size] of [
      [0, 1_000_000],
      [999_999, 1_000_000],
      [524_287, 1_000_000],
      [77, 2 ** 40 + 3],
    ] as const) {
      const needed = addressesOf(inclusionRuns(index, size))
      expect(needed.length).to.be.lessThan(90)
      for (const { level, index: at } of needed) {
        expect((at + 1) * 2 ** level, 'only perfect subtrees').to.be.at.most(size)
      }
    }
    expect(addressesOf(consistencyRuns(123_456, 1_000_000)).length).to.be.lessThan(90)
  })

  it('refuses to prove what is not there', () => {
    expect(() => inclusionRuns(5, 5)).to.throw(RangeError)
    expect(() => consistencyRuns(6, 5)).to.throw(RangeError)
  })
})

describe('a leaf of the log', () => {
  const salt = Buffer.alloc(16, 7)

  it('does not depend on the order in which an entry was written', () => {
    expect(canonical({ b: [1, { d: null, c: 'ŵ' }], a: true })).to.equal(
      '{"a":true,"b":[1,{"c":"ŵ","d":null}]}',
    )
    expect(commitment(salt, { a: 1, b: 2 }).equals(commitment(salt, { b: 2, a: 1 }))).to.equal(true)
  })

  it('is another for another salt, so that nobody can guess an entry from it', () => {
    expect(commitment(salt, { a: 1 }).equals(commitment(Buffer.alloc(16, 8), { a: 1 }))).to.equal(
      false,
    )
    expect(() => commitment(Buffer.alloc(8), { a: 1 })).to.throw(RangeError)
  })

  it('refuses what has no single form', () => {
    for (const value of [0.5, Number.NaN, undefined, 2 ** 60]) {
      expect(() => canonical({ value: [value] })).to.throw(RangeError)
    }
  })
})

describe('a signed root', () => {
  const { privateKey: secret, publicKey: open } = generateKeyPairSync('ed25519')
  const root = {
    origin: 'standing.avalon.example/log',
    size: 8,
    hash: rootOf(8, aLog(vectors).supply),
    on: day('2026-11-21'),
  }
  const text = signRoot(root, { secret, open })

  it('is four lines and a signature that can be printed and typed in again', () => {
    expect(text.split('\n').slice(0, 5)).to.deep.equal([
      'standing.avalon.example/log',
      '8',
      root.hash.toString('base64'),
      'on 2026-11-21',
      '',
    ])
    expect(readRoot(text)).to.deep.equal(root)
    expect(rootIsSigned(text, [open])).to.equal(true)
    expect(rootIsSigned(text.replaceAll('\n', '\r\n').trimEnd(), [open])).to.equal(true)
    expect(verifierKey(root.origin, open)).to.match(
      /^standing\.avalon\.example\/log\+[0-9a-f]{8}\+A/,
    )
  })

  it('is refused when anything in it was changed, or another key signed it', () => {
    const other = generateKeyPairSync('ed25519')
    expect(rootIsSigned(text, [other.publicKey])).to.equal(false)
    for (const [from, to] of [
      ['\n8\n', '\n9\n'],
      ['2026-11-21', '2026-11-20'],
      ['avalon', 'avelon'],
      [`\n${root.hash.toString('base64').slice(0, 4)}`, '\nAAAA'],
    ] as const) {
      expect(rootIsSigned(text.replace(from, to), [open]), from).to.equal(false)
    }
    expect(readRoot('nonsense')).to.equal(undefined)
  })

  it('may not shrink the log, nor be dated before its forerunner', () => {
    expect(rootFault(root, { ...root, size: 9, on: day('2026-11-22') })).to.equal(undefined)
    expect(rootFault(root, { ...root, size: 7 })).to.equal('shrunk')
    expect(rootFault(root, { ...root, size: 9, on: day('2026-11-20') })).to.equal('clock-back')
    expect(rootFault(root, { ...root, origin: 'elsewhere' })).to.equal('other-log')
  })
})
