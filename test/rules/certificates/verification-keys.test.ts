import { expect } from 'chai'
import { type PublishedKeys } from '../../../src/certificates/published-keys.js'
import { verifyFile } from '../../../src/certificates/verification.js'
import { day } from '../../../src/clock.js'
import { aCertificate, parliament, print } from '../../support/certificates.js'
import { aProof, found, known } from '../../support/verification.js'

describe('a certificate signed with a key', () => {
  const withKeys = (change: (key: PublishedKeys['keys'][number]) => object): PublishedKeys => ({
    ...parliament().published,
    keys: parliament().published.keys.map((key) => ({ ...key, ...change(key) })),
  })

  it('that was retired since is as good as before', async () => {
    const { pdf } = await print()
    expect(
      (await verifyFile(pdf, known({ keys: withKeys(() => ({ until: day('2026-10-31') })) })))
        .verdict,
    ).to.equal('valid')
  })

  it('that was not in use on the day it claims proves nothing', async () => {
    const { pdf, credential } = await print()
    const keys = withKeys(() => ({ until: day('2026-10-01') }))
    for (const file of [pdf, Buffer.from(credential)]) {
      const verification = await verifyFile(file, known({ keys }))
      expect(verification.verdict).to.equal('unknown')
      expect(found(verification)).to.include('key.not-then')
    }
  })

  it('that was withdrawn proves nothing by itself; the log or the stored copy still vouch', async () => {
    const { pdf } = await print()
    const keys = withKeys((key) =>
      key.use === 'roots' ? {} : { withdrawn: { on: day('2026-11-01'), reason: 'stolen' } },
    )
    const alone = await verifyFile(pdf, known({ keys }))
    expect(alone.verdict).to.equal('unknown')
    expect(found(alone)).to.include('key.withdrawn')
    expect((await verifyFile(pdf, known({ keys, proof: aProof().text }))).verdict).to.equal('valid')
    const record = { certificate: aCertificate(), afterlife: {}, pdf }
    expect((await verifyFile(pdf, known({ keys, record }))).verdict).to.equal('valid')
  })
})
