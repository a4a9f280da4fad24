import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import fc from 'fast-check'
import { day } from '../../../src/clock.js'
import {
  impossibility,
  statusAtIssueAndNow,
  statusOn,
} from '../../../src/certificates/certificate.js'
import { revocationReasonOf, revocationReasons } from '../../../src/certificates/revocation.js'
import { newSerial, parseSerial } from '../../../src/certificates/serial.js'
import { languages, loadWords } from '../../../src/language.js'
import { seededRandom, systemRandom } from '../../../src/random.js'
import { property } from '../../support/property.js'

describe('a serial', () => {
  const serial = newSerial(seededRandom('serial'))

  it('is three groups that can be read out, with no counter in it', () => {
    expect(serial).to.match(/^GS(-[0-9A-HJKMNP-TV-Z]{7}){3}$/)
    const many = new Set(Array.from({ length: 2000 }, () => newSerial(systemRandom)))
    expect(many.size).to.equal(2000)
  })

  it('is read however people type it', () => {
    const plain = serial.replaceAll('-', '')
    const typed = [
      serial,
      serial.toLowerCase(),
      plain,
      plain.slice(2),
      ` ${serial.replaceAll('-', ' ')} `,
      serial.replaceAll('-', '–'),
      serial.replaceAll('0', 'O').replaceAll('1', 'l'),
    ]
    for (const text of typed) expect(parseSerial(text), text).to.equal(serial)
  })

  it('is refused with any one character wrong or two neighbours swapped', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: 20 }), fc.nat({ max: 30 }), (seed, at, shift) => {
        const characters = newSerial(seededRandom(seed)).slice(3).replaceAll('-', '').split('')
        const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
        const was = characters[at] ?? ''
        const wrong = characters.with(at, digits.charAt((digits.indexOf(was) + 1 + shift) % 32))
        expect(parseSerial(wrong.join(''))).to.equal(undefined)
        const next = characters[at + 1]
        if (next === undefined || next === was) return
        expect(
          parseSerial(
            characters
              .with(at, next)
              .with(at + 1, was)
              .join(''),
          ),
        ).to.equal(undefined)
      }),
      property(300, 20_000),
    )
  })

  it('is not read from anything else', () => {
    for (const text of [
      '',
      'GS',
      serial.slice(0, -1),
      `${serial}0`,
      'GS-'.repeat(200),
      '<script>',
      'GS-UUUUUUU-UUUUUUU-UUUUUUU',
    ]) {
      expect(parseSerial(text), text).to.equal(undefined)
    }
  })
})

describe('the status of a certificate', () => {
  const certificate = { issuedOn: day('2026-10-14'), validUntil: day('2029-10-12') }
  const by = newSerial(seededRandom('next'))
  const revoked = { on: day('2027-02-01'), reason: 'wrong-person' as const }
  const superseded = { on: day('2027-01-01'), by, why: 'correction' as const }

  const cases = [
    { on: '2026-10-14', afterlife: {}, is: 'valid' },
    { on: '2029-10-12', afterlife: {}, is: 'valid' },
    { on: '2029-10-13', afterlife: {}, is: 'expired' },
    { on: '2026-12-31', afterlife: { superseded }, is: 'valid' },
    { on: '2027-01-01', afterlife: { superseded }, is: 'superseded' },
    { on: '2027-01-31', afterlife: { revoked }, is: 'valid' },
    { on: '2027-02-01', afterlife: { revoked }, is: 'revoked' },
    { on: '2027-02-01', afterlife: { revoked, superseded }, is: 'revoked' },
    { on: '2030-01-01', afterlife: { revoked, superseded }, is: 'revoked' },
    { on: '2030-01-01', afterlife: { superseded }, is: 'superseded' },
  ] as const
  for (const { on, afterlife, is } of cases) {
    it(`is ${is} on ${on} after ${Object.keys(afterlife).join(' and ') || 'nothing'}`, () => {
      expect(statusOn(certificate, afterlife, day(on))).to.equal(is)
    })
  }

  it('is told as it was at issue and as it is now', () => {
    expect(statusAtIssueAndNow(certificate, { revoked }, day('2028-01-01'))).to.deep.equal({
      atIssue: 'valid',
      now: 'revoked',
    })
    expect(statusOn({}, {}, day('2199-12-31'))).to.equal('valid')
  })
})

describe('fields that cannot be a certificate', () => {
  const fields = { holder: 'Huw', completedOn: day('2026-10-12'), issuedOn: day('2026-10-12') }

  it('are those of a clock set back, of nobody, and of what was never valid', () => {
    expect(impossibility(fields)).to.equal(undefined)
    expect(impossibility({ ...fields, issuedOn: day('2026-10-11') })).to.equal(
      'issued-before-completed',
    )
    expect(impossibility({ ...fields, holder: ' ' })).to.equal('no-name')
    expect(impossibility({ ...fields, validUntil: day('2026-10-11') })).to.equal(
      'expired-before-completed',
    )
  })
})

describe('why a certificate was revoked, as everybody may know it', () => {
  const words = loadWords(fileURLToPath(new URL('../../../views/text', import.meta.url)))

  for (const reason of revocationReasons) {
    it(`is a sentence in both languages: ${reason}`, () => {
      const say = {
        key: 'certificates.verify.now.revoked',
        with: { on: day('2027-02-01'), reason },
      }
      const [en, cy] = languages.map((language) => words.say(language, say))
      expect(en).to.match(/^It was revoked on .* 1 February 2027\. [A-Z][^{}$]*\.$/)
      expect(cy).to.match(/^Fe’i dirymwyd ar 1 Chwefror 2027\. [A-Z][^{}$]*\.$/)
      expect(revocationReasonOf(reason)).to.equal(reason)
    })
  }

  it('is never what somebody wrote: whatever is none of these is told as the last', () => {
    fc.assert(
      fc.property(fc.anything(), (written) => {
        const own = revocationReasons.find((reason) => reason === written)
        expect(revocationReasonOf(written)).to.equal(own ?? 'withdrawn')
      }),
      property(100, 10_000),
    )
  })
})
