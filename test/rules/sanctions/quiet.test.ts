import { Writable } from 'node:stream'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { pino } from 'pino'
import { quiet, quietFaults } from '../../../src/sanctions/quiet.js'
import { loadWords } from '../../../src/language.js'

const words = loadWords(new URL('../../../views/text', import.meta.url).pathname)

describe('errors of the sealed plane', () => {
  const say = { key: 'outcomes.refused.conflict', with: { officer: 'Ann Ashworth' } }
  const errors = [quiet('refused', say, 'officer'), quietFaults([{ field: 'officer', say }])]

  it('tell the person', () => {
    const [error] = errors
    expect(words.say('en', error!.say)).to.contain('Ann Ashworth')
    expect(words.say('cy', error!.faults[0]!.say)).to.contain('Ann Ashworth')
  })

  it('tell nobody else: not their message, stack, JSON, inspection or a log line', () => {
    for (const error of errors) {
      const lines: string[] = []
      const sink = new Writable({
        write(chunk: Buffer, _encoding, done) {
          lines.push(chunk.toString())
          done()
        },
      })
      pino(sink).error({ err: error, faults: error.faults, say: error.say }, error.message)
      const everything = [
        error.message,
        error.stack,
        String(error),
        JSON.stringify(error),
        JSON.stringify(error.faults),
        inspect(error, { depth: 9 }),
        ...lines,
      ]
      expect(lines).to.have.length(1)
      for (const text of everything) expect(text).to.not.contain('Ashworth')
    }
  })
})
