import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import {
  inclusionProof,
  leafHash,
  nodesFor,
  provesInclusion,
  rootOf,
} from '../../../src/audit/audit.js'
import {
  emptyHead,
  grown,
  rootOfHead,
  treeOver,
  type LogHead,
} from '../../../src/sanctions/log-tree.js'
import { property } from '../../support/property.js'

const commitment = (n: number): Buffer => createHash('sha256').update(`${n}`).digest()

function grow(batches: readonly number[]): LogHead {
  let n = 0
  return batches.reduce((head, size) => {
    const entries = Array.from({ length: size }, () => ({
      entry: `e${n}`,
      commitment: commitment(n++),
    }))
    return grown(head, entries)
  }, emptyHead)
}

describe("a body's log", () => {
  it('has the root of RFC 6962, in whatever batches it grew', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
        (batches) => {
          const head = grow(batches)
          const leaves = Array.from({ length: head.size }, (_, n) => leafHash(commitment(n)))
          const nodes = new Map(
            nodesFor(0, leaves, () => Buffer.alloc(0)).map((node) => [
              `${node.level}/${node.index}`,
              node.hash,
            ]),
          )
          const root = rootOf(head.size, (level, index) => nodes.get(`${level}/${index}`)!)
          expect(rootOfHead(head)).to.deep.equal(root)
          expect(head.peaks.length).to.be.at.most(Math.ceil(Math.log2(head.size + 1)))
        },
      ),
      property(50, 2000),
    )
  })

  it('proves every place in it', () => {
    const head = grow([7, 30, 64, 3])
    const supply = treeOver(head.open)
    const root = rootOf(head.size, supply)
    for (let index = 0; index < head.size; index += 1) {
      const path = inclusionProof(index, head.size, supply)
      const leaf = leafHash(commitment(index))
      expect(provesInclusion({ leaf, index, size: head.size, path, root })).to.be.true
      expect(
        provesInclusion({
          leaf: leafHash(commitment(index + 1)),
          index,
          size: head.size,
          path,
          root,
        }),
      ).to.be.false
    }
  })
})
