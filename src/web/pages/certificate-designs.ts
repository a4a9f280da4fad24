import { z } from 'zod'
import { sampleNames, type Certificates, type SampleName } from '../../certificates/certificates.js'
import { languages } from '../../language.js'
import { file, page, view, type Page } from '../page.js'

export interface CertificateDesignsPagesParts {
  certificates: Certificates
}

const names = Object.keys(sampleNames) as [SampleName, ...SampleName[]]
const id = z.string().max(100)
const title = { key: 'certificate-designs.title' }

/** Designs of certificates, for whoever makes them: their faults, and samples with real-life names. */
export function certificateDesignsPages({ certificates }: CertificateDesignsPagesParts): Page[] {
  const { samples } = certificates
  return [
    page({
      method: 'get',
      path: '/certificate-designs',
      permission: 'author',
      input: z.object({}),
      audit: 'nothing',
      async handle() {
        const [designs, waiting] = await Promise.all([samples.designs(), certificates.waiting()])
        return view('certificate-designs/list', title, { designs, waiting })
      },
    }),
    page({
      method: 'get',
      path: '/certificate-designs/:id',
      permission: 'author',
      input: z.object({ id }),
      audit: 'nothing',
      handle: async ({ input }) =>
        view('certificate-designs/design', title, {
          design: await samples.design(input.id),
          samples: names.map((name) => ({ name, written: sampleNames[name] })),
          languages,
          back: '/certificate-designs',
          backText: title,
        }),
    }),
    page({
      method: 'get',
      path: '/certificate-designs/:id/sample.pdf',
      permission: 'author',
      input: z.object({ id, name: z.enum(names), language: z.enum(languages) }),
      audit: 'nothing',
      async handle({ input: { id: design, name, language } }) {
        const drawn = await samples.draw(design, name, language)
        return file(Buffer.from(drawn), 'application/pdf')
      },
    }),
  ]
}
