import { expect } from 'chai'
import { signCredential } from '../../../src/certificates/credential.js'
import { newSerial } from '../../../src/certificates/serial.js'
import {
  emptyList,
  listCredential,
  withBit,
  type Purpose,
} from '../../../src/certificates/status-list.js'
import { verifyFile, type Knowledge } from '../../../src/certificates/verification.js'
import { day } from '../../../src/clock.js'
import { seededRandom } from '../../../src/random.js'
import { aCertificate, avalon, parliament, place, print } from '../../support/certificates.js'
import { found, known } from '../../support/verification.js'

describe('a certificate, and what became of it', () => {
  const list = async (purpose: Purpose, set: boolean): Promise<string> => {
    const bits = set ? withBit(emptyList(), place.index) : emptyList()
    const body = listCredential({
      place: place.list,
      purpose,
      list: bits,
      issuer: avalon.did,
      validFrom: '2026-11-20T00:00:00Z',
    })
    return signCredential(body, parliament().signers.credential, '2026-11-20T00:00:00Z')
  }
  const by = newSerial(seededRandom('next'))
  const cases: {
    name: string
    verdict: string
    over: () => Promise<Partial<Knowledge>>
    finding: string
  }[] = [
    {
      name: 'not in the list',
      verdict: 'valid',
      over: async () => ({
        statusLists: [await list('revocation', false), await list('refresh', false)],
      }),
      finding: 'status.list',
    },
    {
      name: 'in the list of revoked ones',
      verdict: 'revoked',
      over: async () => ({
        statusLists: [await list('revocation', true), await list('refresh', true)],
      }),
      finding: 'now.revoked-listed',
    },
    {
      name: 'in the list of replaced ones',
      verdict: 'superseded',
      over: async () => ({ statusLists: [await list('refresh', true)] }),
      finding: 'now.superseded.listed',
    },
    {
      name: 'a list that somebody forged',
      verdict: 'valid',
      over: async () => ({
        statusLists: [(await list('revocation', true)).replace('2026-11-20', '2026-11-19')],
      }),
      finding: 'status.not-checked',
    },
    {
      name: 'revoked on record',
      verdict: 'revoked',
      over: () =>
        Promise.resolve({
          record: {
            certificate: aCertificate(),
            afterlife: { revoked: { on: day('2026-11-01'), reason: 'wrong-person' as const } },
          },
        }),
      finding: 'now.revoked',
    },
    {
      name: 'corrected on record',
      verdict: 'superseded',
      over: () =>
        Promise.resolve({
          record: {
            certificate: aCertificate(),
            afterlife: { superseded: { on: day('2026-11-01'), by, why: 'correction' as const } },
          },
        }),
      finding: 'now.superseded.correction',
    },
    {
      name: 'another name on record',
      verdict: 'superseded',
      over: () =>
        Promise.resolve({
          record: {
            certificate: aCertificate(),
            afterlife: {
              superseded: { on: day('2026-11-01'), by, why: 'change-of-name' as const },
            },
          },
        }),
      finding: 'now.superseded.change-of-name',
    },
  ]
  for (const { name, verdict, over, finding } of cases) {
    it(`is ${verdict}: ${name}`, async () => {
      const { pdf } = await print()
      const verification = await verifyFile(pdf, known(await over()))
      expect(verification).to.include({ verdict, atIssue: 'valid', now: verdict })
      expect(found(verification)).to.include(finding)
    })
  }

  it('is expired from the day after its last', async () => {
    const { pdf } = await print(aCertificate({ validUntil: day('2029-03-31') }))
    const on = async (date: string) => (await verifyFile(pdf, known({ today: day(date) }))).verdict
    expect(await on('2029-03-31')).to.equal('valid')
    expect(await on('2029-04-01')).to.equal('expired')
  })
})
