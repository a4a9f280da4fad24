import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Certificate, Institution } from '../../src/certificates/certificate.js'
import { loadDesign, type Design } from '../../src/certificates/design-files.js'
import {
  openIssuerKeys,
  publishedKeysOf,
  signersOf,
  type IssuerKeys,
  type Signers,
} from '../../src/certificates/keys.js'
import { printCertificate, type Printed } from '../../src/certificates/printing.js'
import type { PublishedKeys } from '../../src/certificates/published-keys.js'
import { newSerial } from '../../src/certificates/serial.js'
import type { Place } from '../../src/certificates/status-list.js'
import { day } from '../../src/clock.js'
import { seededRandom } from '../../src/random.js'

export const designsDir = fileURLToPath(new URL('../../certificates', import.meta.url))

let classicDesign: Design | undefined
/** The design that comes with the product, read once. */
export const classic = (): Design => (classicDesign ??= loadDesign(join(designsDir, 'classic')))

export const avalon: Institution = {
  name: { en: 'Parliament of Avalon', cy: 'Senedd Afallon' },
  did: 'did:web:standing.avalon.example',
}

export const place: Place = { list: 'https://standing.avalon.example/status/k3m9', index: 4711 }

/** A certificate of an ordinary completion, with whatever matters to the test put in. */
export function aCertificate(over: Partial<Certificate> = {}): Certificate {
  const serial = over.serial ?? newSerial(seededRandom('certificate'))
  return {
    serial,
    holder: 'Ffion Gwenllïan Ŵyn-Morgan',
    course: {
      id: 'behaviour-code',
      title: { en: 'The Behaviour Code', cy: 'Y Cod Ymddygiad' },
      version: { label: '2026.2', hash: 'a1b2c3d4e5f60718' },
    },
    delivery: 'face-to-face',
    completedOn: day('2026-10-12'),
    issuedOn: day('2026-10-14'),
    language: 'en',
    institution: avalon,
    design: { id: 'classic', hash: classic().hash },
    address: `https://standing.avalon.example/verify/${serial}`,
    ...over,
  }
}

/** An institution with new keys in a folder of its own. */
export interface Issuing {
  keysDir: string
  keys: IssuerKeys
  signers: Signers
  published: PublishedKeys
}

const folders: string[] = []
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** An empty folder that is gone when the tests end. */
export function aFolder(name = 'good-standing-'): string {
  const folder = mkdtempSync(join(tmpdir(), name))
  folders.push(folder)
  return folder
}

export function anInstitution(institution = avalon, on = '2026-01-05'): Issuing {
  const keysDir = aFolder()
  const clock = { today: () => day(on) }
  const keys = openIssuerKeys({ keysDir, issuer: 'institution', make: true, clock })
  const signers = signersOf(keys, institution)
  return { keysDir, keys, signers, published: publishedKeysOf(keys, institution) }
}

let ours: Issuing | undefined
/** The institution of most tests; making its keys takes a second, so they share it. */
export const parliament = (): Issuing => (ours ??= anInstitution())

/** A finished certificate of the institution. */
export const print = (certificate = aCertificate(), issuing = parliament()): Promise<Printed> =>
  printCertificate({ certificate, place, signers: issuing.signers }, classic())
