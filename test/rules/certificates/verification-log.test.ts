import { expect } from 'chai'
import { verifyFile } from '../../../src/certificates/verification.js'
import { aCertificate, anInstitution, print } from '../../support/certificates.js'
import { aProof, found, known } from '../../support/verification.js'

describe('a certificate with its proof from the log', () => {
  it('finds its entry, and that nothing before was rewritten', async () => {
    const { pdf } = await print()
    expect(found(await verifyFile(pdf, known({ proof: aProof().text })))).to.include('log.in-log')
    expect(found(await verifyFile(pdf, known({ proof: aProof({ older: 20 }).text })))).to.include(
      'log.continues',
    )
  })

  it('says so when the proof is another’s, broken, unsigned, or of a rewritten log', async () => {
    const { pdf } = await print()
    const of = async (text: string) =>
      found(await verifyFile(pdf, known({ proof: text }))).filter((one) => one.startsWith('log.'))
    expect(await of('{}')).to.deep.equal(['log.not-one'])
    expect(await of('nonsense')).to.deep.equal(['log.not-one'])
    expect(await of(aProof({ certificate: aCertificate({ holder: 'Huw' }) }).text)).to.deep.equal([
      'log.other',
    ])
    expect(await of(aProof({ issuing: anInstitution() }).text)).to.deep.equal(['log.stranger'])
    const proof = aProof().proof
    expect(await of(JSON.stringify({ ...proof, index: proof.index + 1 }))).to.deep.equal([
      'log.broken',
    ])
    expect(
      await of(JSON.stringify({ ...proof, salt: Buffer.alloc(16).toString('base64url') })),
    ).to.deep.equal(['log.broken'])
    expect(await of(aProof({ older: 20, rewritten: true }).text)).to.deep.equal(['log.rewritten'])
  })
})
