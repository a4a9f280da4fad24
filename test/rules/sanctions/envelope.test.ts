import { createSecretKey, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { seededRandom, systemRandom, type Random } from '../../../src/random.js'
import {
  derive,
  newDataKey,
  open,
  pad,
  seal,
  unpad,
  unwrap,
  wrap,
} from '../../../src/sanctions/envelope.js'
import { property } from '../../support/property.js'

const secret = () => createSecretKey(randomBytes(32))
const wrapping = derive(secret(), 'wrapping')
const key = newDataKey(wrapping, systemRandom)

/** Chance that has failed: it says the same for ever. */
const broken: Random = { ...systemRandom, bytes: (size) => Buffer.alloc(size) }

describe('the envelope', () => {
  it('gives back what was put in, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.string(), (bytes, context) => {
        const content = Buffer.from(bytes)
        const sealed = seal(key, pad(content, 256), context, systemRandom)
        expect(unpad(open(key, sealed, context) ?? Buffer.alloc(4))).to.deep.equal(content)
      }),
      property(100, 5000),
    )
  })

  it('does not open with any bit changed', () => {
    const sealed = seal(key, Buffer.from('the reference of a case'), 'id', systemRandom)
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(open(key, changed, 'id'), `bit ${bit}`).to.equal(undefined)
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(open(key, sealed.subarray(0, length), 'id'), `${length} bytes`).to.equal(undefined)
    }
  })

  it('does not open elsewhere, nor with another key', () => {
    const sealed = seal(key, Buffer.from('text'), 'id', systemRandom)
    expect(open(key, sealed, 'another id')).to.equal(undefined)
    expect(open(newDataKey(wrapping, systemRandom), sealed, 'id')).to.equal(undefined)
  })

  it('wraps a data key with the key of a body, and of no other', () => {
    const wrapped = wrap(wrapping, key, 'id', systemRandom)
    const sealed = seal(key, Buffer.from('text'), 'id', systemRandom)
    const unwrapped = unwrap(wrapping, wrapped, 'id')
    expect(unwrapped && open(unwrapped, sealed, 'id')?.toString()).to.equal('text')
    expect(unwrap(derive(secret(), 'wrapping'), wrapped, 'id')).to.equal(undefined)
    expect(unwrap(wrapping, wrapped, 'another id')).to.equal(undefined)
  })

  it('never uses a nonce for two contents, even where chance fails', () => {
    const nonce = (text: string, context = 'id') =>
      seal(key, Buffer.from(text), context, broken).subarray(1, 13).toString('hex')
    const nonces = [nonce('one'), nonce('two'), nonce('one', 'elsewhere'), nonce('', 'idone')]
    expect(new Set(nonces).size).to.equal(nonces.length)
  })

  it('draws data keys that a known seed does not tell', () => {
    const one = newDataKey(wrapping, seededRandom('demo'))
    const other = newDataKey(derive(secret(), 'wrapping'), seededRandom('demo'))
    expect(one.cipher.export().equals(other.cipher.export())).to.be.false
  })

  it('tells by its length only the size class', () => {
    const lengths = [0, 1, 200, 251, 252].map((length) => pad(Buffer.alloc(length, 1), 256).length)
    expect(lengths).to.deep.equal([256, 256, 256, 256, 256])
    expect(pad(Buffer.alloc(253), 256).length).to.equal(512)
    expect(pad(Buffer.alloc(5000), 256).length).to.equal(8192)
  })
})
