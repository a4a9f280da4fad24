import { expect } from 'chai'
import { atOnce, eachInTurns, inTurns, type Work } from '../../src/turns.js'

/** Work of so many steps, each longer than a turn. */
function* slow(steps: number): Work<number> {
  for (let step = 0; step < steps; step++) {
    const until = performance.now() + 10
    while (performance.now() < until);
    yield
  }
  return steps
}

/** How often others had their turn while something was done. */
async function othersDuring(work: () => unknown): Promise<number> {
  let turns = 0
  let going = true
  const other = () => {
    turns++
    if (going) setImmediate(other)
  }
  const first = setImmediate(other)
  await work()
  going = false
  clearImmediate(first)
  return turns
}

describe('long work', () => {
  it('ends the same in turns and at once', async () => {
    expect(await inTurns(slow(3))).to.equal(3)
    expect(atOnce(slow(3))).to.equal(3)
  })

  it('lets others have their turn after each of its own', async () => {
    expect(await othersDuring(() => inTurns(slow(5)))).to.be.at.least(4)
    expect(await othersDuring(() => atOnce(slow(5)))).to.equal(0)
  })

  it('makes something of every item, in their order', async () => {
    const items = ['one', 'two', 'three']
    const made = await eachInTurns(items, (item, place) => `${place} ${item}`)
    expect(made).to.deep.equal(['0 one', '1 two', '2 three'])
  })

  it('fails as its work does', async () => {
    const broken = eachInTurns([1], () => {
      throw new Error('broken')
    })
    expect(await broken.catch((error: unknown) => String(error))).to.equal('Error: broken')
  })
})
