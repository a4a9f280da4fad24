import { z } from 'zod'
import { personOf, type Actor } from '../../actor.js'
import type { Certificates, OwnCertificate } from '../../certificates/certificates.js'
import { conflict } from '../../errors.js'
import type { Bilingual } from '../../language.js'
import { file, go, json, page, view, type Answer, type Page } from '../page.js'

export interface CertificatesPagesParts {
  certificates: Certificates
  /** What a course is called today. */
  courseTitle: (course: string) => Bilingual
}

const ofSerial = z.object({ serial: z.string().max(100) })

/** What a certificate can be taken away as, by the ending of its address. */
const downloads = [
  { form: 'pdf', ending: 'pdf', type: 'application/pdf' },
  { form: 'credential', ending: 'json', type: 'application/vc' },
  { form: 'png', ending: 'png', type: 'image/png' },
  { form: 'svg', ending: 'svg', type: 'image/svg+xml' },
] as const

export const certificateAddress = ({ certificate }: OwnCertificate): string =>
  `/certificates/${certificate.serial}`

/** The holder's own certificates: read, taken away, shown to others with or without their name. */
export function certificatesPages({ certificates, courseTitle }: CertificatesPagesParts): Page[] {
  const { own } = certificates

  const shown = (actor: Actor, one: OwnCertificate): Answer => {
    const person = personOf(actor) ?? ''
    const { superseded } = one.afterlife
    return view(
      'certificates/certificate',
      { key: 'my-certificates.one' },
      {
        ...one,
        here: certificateAddress(one),
        downloads,
        back: '/certificates',
        backText: { key: 'my-certificates.title' },
        successor: superseded ? `/certificates/${superseded.by}` : undefined,
        record: `/compliance/people/${encodeURIComponent(person)}`,
      },
    )
  }

  return [
    page({
      method: 'get',
      path: '/certificates',
      permission: 'own-training',
      input: z.object({}),
      audit: 'nothing',
      async handle({ actor }) {
        const { certificates: held, waiting } = await own.all(actor)
        const listed = held.map((one) => ({ ...one, href: certificateAddress(one) }))
        const of = (...statuses: OwnCertificate['status'][]) =>
          listed.filter(({ status }) => statuses.includes(status))
        return view(
          'certificates/list',
          { key: 'my-certificates.title' },
          {
            current: of('valid', 'expired'),
            former: of('superseded'),
            revoked: of('revoked'),
            waiting: waiting.map((one) => ({ ...one, title: courseTitle(one.course) })),
            none: held.length === 0 && waiting.length === 0,
          },
        )
      },
    }),
    ...downloads.map(({ form, ending, type }) =>
      page({
        method: 'get',
        path: `/certificates/:serial.${ending}`,
        permission: 'own-training',
        input: ofSerial,
        audit: 'nothing',
        async handle({ actor, input: { serial } }) {
          const { certificate } = await own.get(actor, serial)
          const name = `${certificate.serial}.${ending}`
          return file(await own.download(actor, serial, form), type, { name })
        },
      }),
    ),
    page({
      method: 'get',
      path: '/certificates/:serial/proof.json',
      permission: 'own-training',
      input: ofSerial,
      audit: 'nothing',
      async handle({ actor, input: { serial } }) {
        const proof = await own.proof(actor, serial)
        if (!proof) throw conflict('my-certificates.proof-waits')
        return json(proof)
      },
    }),
    page({
      method: 'get',
      path: '/certificates/:serial',
      permission: 'own-training',
      input: ofSerial,
      audit: 'nothing',
      handle: async ({ actor, input: { serial } }) => shown(actor, await own.get(actor, serial)),
    }),
    page({
      method: 'post',
      path: '/certificates/:serial/name',
      permission: 'own-training',
      input: ofSerial.extend({ shown: z.enum(['yes', 'no']) }),
      audit: 'act',
      async handle({ actor, input }) {
        await own.mask(actor, input.serial, input.shown === 'no')
        return go(certificateAddress(await own.get(actor, input.serial)))
      },
    }),
    page({
      method: 'post',
      path: '/certificates/:serial/present-name',
      permission: 'own-training',
      input: ofSerial,
      audit: 'act',
      async handle({ actor, input: { serial } }) {
        return go(certificateAddress(await own.rename(actor, serial)))
      },
    }),
  ]
}
