import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { PNG } from 'pngjs'
import type { Certificate } from '../../../src/certificates/certificate.js'
import { drawCertificate } from '../../../src/certificates/certificate-pdf.js'
import { day } from '../../../src/clock.js'
import { aCertificate, aFolder, classic, parliament, print } from '../../support/certificates.js'
import { needsTools, run } from '../../support/tools.js'

const pictures = fileURLToPath(new URL('pictures', import.meta.url))

const cases: Record<string, Certificate> = {
  english: aCertificate(),
  welsh: aCertificate({
    language: 'cy',
    holder: 'Dr Siân Ŷtalfera Llŷr ap Gwilym',
    delivery: 'online',
    validUntil: day('2029-10-12'),
  }),
  longest: aCertificate({
    holder:
      'Wilhelmina Alexandrina Featherstonehaugh-Cholmondeley-Majoribanks of Ystradgynlais and Llanfairpwllgwyngyll, Viscountess Woolfardisworthy of Great Bircham and Saint Osyth, Baroness Ravenglass of Eskdale'.slice(
        0,
        200,
      ),
    course: {
      id: 'employers',
      title: {
        en: 'Preventing bullying, harassment and sexual misconduct: what Members owe as employers',
        cy: 'Atal bwlio, aflonyddu a chamymddwyn rhywiol: dyletswyddau Aelodau fel cyflogwyr',
      },
      version: { label: '2026.2 (revised)', hash: 'ff00' },
    },
    validUntil: day('2029-10-12'),
  }),
  shortest: aCertificate({ holder: 'Ö', delivery: 'remote' }),
  marks: aCertificate({
    holder: 'Z\u0308oe\u0308 M\u0302ari\u0301a Ñúñez-Ó Súilleabháin Đặng <script>',
  }),
}

/** Writes a certificate into a folder and answers where. */
async function printed(certificate: Certificate): Promise<string> {
  const file = join(aFolder(), 'certificate.pdf')
  writeFileSync(file, (await print(certificate)).pdf)
  return file
}

describe('the PDF of a certificate', function () {
  this.timeout(60_000)

  it('is the same, byte for byte, from the same fields and design', async () => {
    for (const certificate of Object.values(cases)) {
      const once = await drawCertificate(certificate, classic())
      await drawCertificate(aCertificate({ holder: 'Somebody Else Altogether' }), classic())
      expect((await drawCertificate(certificate, classic())).equals(once)).to.equal(true)
    }
  })

  it('is small, whatever the name', async () => {
    for (const certificate of Object.values(cases)) {
      expect((await print(certificate)).pdf.length).to.be.lessThan(60 * 1024)
    }
  })

  it('says what it is to programs: PDF/A-3a, PDF/UA-1, its language, its title, in sound XML', async () => {
    const text = (
      await drawCertificate(aCertificate({ holder: '<script> & "co"', language: 'cy' }), classic())
    ).toString('utf8')
    const xmp = /<x:xmpmeta[\s\S]*<\/x:xmpmeta>/.exec(text)?.[0] ?? ''
    expect(xmp).to.contain('<pdfaid:part>3</pdfaid:part>')
    expect(xmp).to.contain('<pdfaid:conformance>A</pdfaid:conformance>')
    expect(xmp).to.contain('<pdfuaid:part>1</pdfuaid:part>')
    expect(xmp).to.contain('&lt;script&gt; &amp; &quot;co&quot;')
    expect(xmp).to.contain('<rdf:li>cy-GB</rdf:li>')
    expect(text).to.contain('/Lang (cy-GB)')
    expect(text).to.contain('/DisplayDocTitle true')
    expect(text).not.to.contain('/Outlines')
  })

  it('leaves the name out everywhere when the holder chose so', async () => {
    const drawn = await drawCertificate(cases['english'] ?? aCertificate(), classic(), {
      masked: true,
    })
    const file = join(aFolder(), 'masked.pdf')
    writeFileSync(file, drawn)
    expect(drawn.toString('utf8')).not.to.match(/Ffion|Morgan/)
    expect(drawn.toString('utf8')).to.contain('Name not shown')
  })

  describe('as others see it', () => {
    it('has no errors for qpdf', async function () {
      needsTools(this, 'qpdf')
      for (const certificate of Object.values(cases)) {
        expect(run('qpdf', '--check', await printed(certificate))).to.contain(
          'No syntax or stream encoding errors found',
        )
      }
    })

    it('is wholly signed for pdfsig, and trusted once the institution’s certificate is', async function () {
      needsTools(this, 'pdfsig', 'certutil')
      const folder = aFolder()
      const pem = join(folder, 'institution.pem')
      writeFileSync(pem, parliament().signers.document.certificates)
      run('certutil', '-N', '-d', folder, '--empty-password')
      run('certutil', '-A', '-d', folder, '-n', 'institution', '-t', 'CT,CT,CT', '-i', pem)
      const said = run('pdfsig', '-nssdir', folder, await printed(aCertificate()))
      expect(said).to.contain('Signature is Valid')
      expect(said).to.contain('Total document signed')
      expect(said).to.contain('Certificate is Trusted')
      expect(said).to.contain('Signer Certificate Common Name: Parliament of Avalon')
      expect(said).to.contain('Signature Type: ETSI.CAdES.detached')
      expect(said).to.contain('Signing Time: Oct 14 2026')
    })

    it('is tagged in the order in which it is read', async function () {
      needsTools(this, 'pdfinfo')
      const said = run('pdfinfo', '-struct-text', await printed(aCertificate()))
      const told = said
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => /^"|^H1|^Figure|^Link|^L /.test(line))
      expect(told.join('\n')).to.match(
        /Figure[\s\S]*"Parliament of Avalon"[\s\S]*H1[\s\S]*"Certificate of completion"\n"This is to certify that"\n"Ffion Gwenllïan Ŵyn-Morgan"\n"has completed the course"\n"The Behaviour Code"[\s\S]*"Completed"\n"12 October 2026"\n"Delivery"\n"Face to face"/,
      )
      expect(run('pdfinfo', await printed(aCertificate()))).to.match(/Tagged:\s+yes/)
    })

    it('describes crest and code to those who do not see them', async function () {
      needsTools(this, 'qpdf')
      const json = run('qpdf', '--json', '--json-key=qpdf', await printed(aCertificate()))
      expect(json).to.contain('u:Crest of the Parliament of Avalon: an apple tree')
      expect(json).to.contain('u:QR code: https://standing.avalon.example/verify/GS-')
      expect(json).to.contain('"/AFRelationship": "/Data"')
    })

    it('gives its words to be copied, searched and read aloud', async function () {
      needsTools(this, 'pdftotext')
      for (const certificate of Object.values(cases)) {
        const text = run('pdftotext', '-raw', await printed(certificate), '-').replaceAll(
          /\s+/g,
          ' ',
        )
        // pdftotext alone sets a mark apart that has no letter of its own with it.
        const plain = (words: string): string => words.replaceAll(/\s/g, '').normalize('NFC')
        expect(plain(text)).to.contain(plain(certificate.holder))
        expect(text).to.contain(certificate.course.title[certificate.language])
        expect(text).to.contain(certificate.serial)
      }
      const welsh = run(
        'pdftotext',
        '-layout',
        await printed(cases['welsh'] ?? aCertificate()),
        '-',
      )
      for (const words of [
        'Senedd Afallon',
        'Tystysgrif gwblhau',
        'Tystir drwy hyn fod',
        '12 Hydref 2026',
      ]) {
        expect(welsh).to.contain(words)
      }
    })

    it('carries its credential', async function () {
      needsTools(this, 'pdfdetach')
      const file = await printed(aCertificate())
      const out = join(aFolder(), 'credential.json')
      run('pdfdetach', '-save', '1', '-o', out, file)
      expect(readFileSync(out, 'utf8')).to.equal((await print()).credential)
    })

    it('leads from its printed code to the page that checks it', async function () {
      needsTools(this, 'pdftoppm', 'zbarimg')
      const file = await printed(aCertificate())
      // 100 dots to the inch: a poor print, or a photograph of a screen.
      run('pdftoppm', '-r', '100', '-png', '-singlefile', file, file)
      expect(run('zbarimg', '--quiet', '--raw', `${file}.png`).trim()).to.equal(
        aCertificate().address,
      )
    })
  })

  describe('looks as it was approved', () => {
    for (const [name, certificate] of Object.entries(cases)) {
      it(name, async function () {
        needsTools(this, 'pdftoppm')
        const file = await printed(certificate)
        run('pdftoppm', '-r', '60', '-png', '-singlefile', file, file)
        const now = PNG.sync.read(readFileSync(`${file}.png`))
        const approved = join(pictures, `${name}.png`)
        if (process.env['APPROVE'] === '1') {
          mkdirSync(pictures, { recursive: true })
          writeFileSync(approved, readFileSync(`${file}.png`))
        }
        expect(existsSync(approved), 'look at it, then approve it with APPROVE=1').to.equal(true)
        expect(difference(now, PNG.sync.read(readFileSync(approved)))).to.be.lessThan(0.004)
      })
    }

    it('and a certificate with another name does not', async function () {
      needsTools(this, 'pdftoppm')
      const file = await printed(aCertificate({ holder: 'Huw Morgan' }))
      run('pdftoppm', '-r', '60', '-png', '-singlefile', file, file)
      const approved = PNG.sync.read(readFileSync(join(pictures, 'english.png')))
      expect(difference(PNG.sync.read(readFileSync(`${file}.png`)), approved)).to.be.greaterThan(
        0.008,
      )
    })
  })
})

/** What share of the dots looks different: renderers round edges each in their own way. */
function difference(one: PNG, other: PNG): number {
  if (one.width !== other.width || one.height !== other.height) return 1
  let different = 0
  for (let at = 0; at < one.data.length; at += 4) {
    const apart = [0, 1, 2].map((colour) =>
      Math.abs((one.data[at + colour] ?? 0) - (other.data[at + colour] ?? 0)),
    )
    if (Math.max(...apart) > 96) different += 1
  }
  return different / (one.width * one.height)
}
