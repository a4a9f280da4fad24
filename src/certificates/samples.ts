import type { Day } from '../clock.js'
import { notFound } from '../errors.js'
import { languages, type Bilingual, type Language } from '../language.js'
import type { Certificate, Institution } from './certificate.js'
import type { Library } from './library.js'
import type { LookedAt, Press } from './press.js'
import type { Serial } from './serial.js'

/** Names as they are borne in real life, from the shortest to what no page was made for. */
export const sampleNames = {
  usual: 'Ffion Gwenllïan Ŵyn-Morgan',
  long: 'The Right Honourable Wilhelmina Featherstonehaugh-Cholmondeley of Great Bircham',
  welsh: 'Gwenllïan Angharad Llywelyn-ap-Rhydderch o Lanfair-ym-Muallt a Llanfihangel-yng-Ngwynfa',
  longest:
    'Her Excellency Doctor María de los Ángeles Esperanza Fernández-Villaverde y Álvarez de Toledo, Countess of Saint Germans and Baroness Featherstonehaugh-Cholmondeley of Llanfairpwllgwyngyll in the Isle of Anglesey',
  short: 'Ö',
  marks: 'Nguyễn Thị Ánh Ẃẁŷẅ-Žďárský',
  greek: 'Αλέξανδρος Παπαδόπουλος',
} as const
export type SampleName = keyof typeof sampleNames

/** A design, for people who make designs: its name, its faults, and whether new certificates use it. */
interface ShownDesign extends LookedAt {
  id: string
  inUse: boolean
}

/** Designs as they are in their folders now, looked at and tried out. Nothing here is a certificate. */
export interface Samples {
  /** Every design there is a folder of, with what is wrong in it. */
  designs(): Promise<ShownDesign[]>
  /** Throws not-found for a design that is not there. */
  design(id: string): Promise<ShownDesign>
  /** A sample as PDF, unsigned and with a serial that cannot be one. Throws not-found, or the design's faults. */
  draw(id: string, name: SampleName, language: Language): Promise<Uint8Array>
}

const impossible = 'GS-XXXXXXX-XXXXXXX-XXXXXXX' as Serial

export function createSamples(parts: {
  library: Library
  press: Press
  institution: Institution
  verifyAddress: string
  /** What courses are called; the longest shows what a design must hold. */
  courseTitles: () => readonly { id: string; title: Bilingual }[]
  today: () => Day
}): Samples {
  const { library, press, institution, verifyAddress, courseTitles, today } = parts

  const inUse = (id: string): boolean => {
    try {
      return library.current().id === id
    } catch {
      return false
    }
  }

  async function design(id: string): Promise<ShownDesign> {
    if (!library.ids().includes(id)) throw notFound()
    return { id, inUse: inUse(id), ...(await press.look(id)) }
  }

  return {
    designs: () => Promise.all(library.ids().map(design)),
    design,
    async draw(id, name, language) {
      if (!library.ids().includes(id) || !languages.includes(language)) throw notFound()
      const [longest] = courseTitles().toSorted(
        (a, b) => b.title[language].length - a.title[language].length,
      )
      const on = today()
      const certificate: Certificate = {
        serial: impossible,
        holder: sampleNames[name],
        course: {
          id: longest?.id ?? 'course',
          title: longest?.title ?? institution.name,
          version: { label: '2026.10', hash: '' },
        },
        delivery: 'face-to-face',
        completedOn: on,
        issuedOn: on,
        validUntil: on,
        language,
        institution,
        design: { id, hash: '' },
        address: `${verifyAddress}/${impossible}`,
      }
      return press.sample(certificate)
    },
  }
}
