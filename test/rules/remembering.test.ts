import { expect } from 'chai'
import { remembering } from '../../src/remembering.js'

describe('a function that remembers what it made', () => {
  it('makes each thing once, nothing and false among them', () => {
    const asked: string[] = []
    const made = remembering((key: string) => {
      asked.push(key)
      return key === 'a' ? undefined : false
    })
    expect([made('a'), made('b'), made('a'), made('b')]).to.deep.equal([
      undefined,
      false,
      undefined,
      false,
    ])
    expect(asked).to.deep.equal(['a', 'b'])
  })

  it('holds so many at most: then it makes them again', () => {
    let count = 0
    const made = remembering((key: number) => [key, ++count])
    const first = made(0)
    for (let key = 1; key < 20_000; key++) made(key)
    expect(made(0)).to.equal(first)
    expect(made(20_000)).to.deep.equal([20_000, 20_001])
    expect(made(0)).to.deep.equal([0, 20_002])
  })

  it('remembers nothing where its work failed', () => {
    let fails = true
    const made = remembering((key: string) => {
      if (fails) throw new RangeError(key)
      return key
    })
    expect(() => made('a')).to.throw(RangeError)
    fails = false
    expect(made('a')).to.equal('a')
  })
})
