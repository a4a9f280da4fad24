import { createCipheriv, createDecipheriv, createHmac, hkdfSync, type KeyObject } from 'node:crypto'
import type { Random } from '../random.js'
import type { SurveyAnswers } from './survey.js'

/** Every sealed answer has this size, so that a long one is not told from a short one. */
const size = 8192

/** Seals answers until there are enough of them, and marks who has answered without saying who. */
export interface Sealing {
  seal(answers: SurveyAnswers): string
  open(sealed: string): SurveyAnswers
  /** The same for the same person and survey, hexadecimal; nothing without the key tells whose it is. */
  markOf(survey: string, person: string): string
}

export function createSealing(key: () => KeyObject, random: Random): Sealing {
  const nonces = random.stream('surveys')
  const keyFor = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', key().export(), '', `surveys ${use}`, 32))
  return {
    seal(answers) {
      const nonce = nonces.bytes(12)
      const plain = Buffer.alloc(size, ' ')
      const text = Buffer.from(JSON.stringify(answers), 'utf8')
      if (text.length > size) throw new RangeError('the answers are too long to be sealed')
      text.copy(plain)
      const cipher = createCipheriv('aes-256-gcm', keyFor('answers'), nonce)
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', keyFor('answers'), bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
      return JSON.parse(plain.toString('utf8')) as SurveyAnswers
    },
    markOf: (survey, person) =>
      createHmac('sha256', keyFor('marks'))
        .update(`${survey}\n${person}`)
        .digest('hex')
        .slice(0, 32),
  }
}
