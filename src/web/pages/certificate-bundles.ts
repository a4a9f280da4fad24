import { uniqBy } from 'es-toolkit'
import { z } from 'zod'
import { hasRole, personOf, type Actor } from '../../actor.js'
import {
  bundleForms,
  type BundleRequest,
  type Certificates,
} from '../../certificates/certificates.js'
import type { Clock } from '../../clock.js'
import type { Compliance } from '../../compliance/compliance.js'
import type { Completions } from '../../completions/completions.js'
import { refused } from '../../errors.js'
import { writeShortDay, type Bilingual, type Language, type Words } from '../../language.js'
import type { People } from '../../people/people.js'
import type { TrainingSessions } from '../../training-sessions/training-sessions.js'
import { file, go, page, view, type Page } from '../page.js'
import { listAddress, listInput, queryOf, type ListInput } from './compliance/filters.js'

export interface CertificateBundlesPagesParts {
  certificates: Certificates
  compliance: Compliance
  completions: Completions
  training: TrainingSessions
  people: People
  courseTitle: (course: string) => Bilingual
  words: Words
  clock: Clock
}

const id = z.string().max(64)
const form = z.enum(bundleForms)
const title = { key: 'certificate-bundles.title' }
const filters = listInput.omit({ page: true, standing: true, sort: true })
const asked = z.union([z.strictObject({ session: id }), filters])
const begun = z.union([z.strictObject({ session: id, form }), filters.extend({ form })])

type Asked = z.output<typeof asked>
type Found = Pick<BundleRequest, 'title' | 'of'> & { count: number }

/** Certificates of many together: of the people on a list, or of those on a register. */
export function certificateBundlesPages(parts: CertificateBundlesPagesParts): Page[] {
  const { certificates, compliance, completions, training, people, words, clock } = parts
  const { bundles } = certificates

  const day = (language: Language, on = clock.today()) => writeShortDay(language, on)

  /** Whoever has completed what, as far as it is a coordinator's, or a manager's of their office. */
  async function onList(actor: Actor, input: ListInput, language: Language): Promise<Found> {
    const coordinates = hasRole(actor, 'coordinator')
    const person = personOf(actor)
    const own =
      coordinates || person === undefined
        ? new Set<string>()
        : await people.officesSeenBy(person, clock.today())
    if (!coordinates && own.size === 0) throw refused('certificate-bundles.not-yours')
    const { lines } = await compliance.listAll(actor, { ...queryOf(input), standing: 'complete' })
    const holders: { person: string; course: string }[] = []
    for await (const line of lines) {
      const { office } = line.part
      if (coordinates || (office !== undefined && own.has(office))) holders.push(line)
    }
    const { office } = input
    const name =
      office === undefined ? undefined : (await people.offices([office])).get(office)?.name
    const whose = name ?? words.say(language, { key: 'certificate-bundles.everybody' })
    return {
      title: `${whose}, ${day(language)}`,
      of: { holders: uniqBy(holders, (one) => `${one.person}/${one.course}`) },
      count: new Set(holders.map((one) => one.person)).size,
    }
  }

  /** Whoever completed a course in a training session whose register is the actor's to keep. */
  async function onRegister(actor: Actor, id: string, language: Language): Promise<Found> {
    const { session, lines } = await training.registers.sheet(actor, id)
    const standing = await completions.of(lines.map(({ person }) => person))
    const there = [...standing.values()]
      .flat()
      .filter(
        ({ evidence, course, delivery, on }) =>
          evidence.kind === 'register' &&
          course === session.course &&
          delivery === session.delivery &&
          on === session.on,
      )
    return {
      title: `${parts.courseTitle(session.course)[language]}, ${day(language, session.on)}`,
      of: { completions: there.map((one) => one.id) },
      count: there.length,
    }
  }

  const find = (actor: Actor, input: Asked, language: Language): Promise<Found> =>
    'session' in input ? onRegister(actor, input.session, language) : onList(actor, input, language)

  return [
    page({
      method: 'get',
      path: '/certificate-bundles',
      permission: 'be-signed-in',
      input: z.object({}),
      audit: 'nothing',
      handle: async ({ actor }) =>
        view('certificate-bundles/list', title, { bundles: await bundles.of(actor) }),
    }),
    page({
      method: 'get',
      path: '/certificate-bundles/new',
      permission: 'be-signed-in',
      input: asked,
      audit: 'nothing',
      async handle({ actor, input, language }) {
        const { count, title: called } = await find(actor, input, language)
        const fields = Object.entries(input).flatMap(([name, value]) =>
          value === undefined ? [] : [{ name, value }],
        )
        const back =
          'session' in input
            ? `/training-sessions/${input.session}/register`
            : listAddress('/compliance', { ...input, standing: 'complete' })
        return view('certificate-bundles/new', title, { count, called, fields, bundleForms, back })
      },
    }),
    page({
      method: 'post',
      path: '/certificate-bundles',
      permission: 'be-signed-in',
      input: begun,
      audit: 'act',
      async handle({ actor, input: { form: wanted, ...input }, language }) {
        const { of, title: called } = await find(actor, input, language)
        const request = { title: called, form: wanted, language, of }
        return go(`/certificate-bundles/${(await bundles.begin(actor, request)).id}`)
      },
    }),
    page({
      method: 'get',
      path: '/certificate-bundles/:id',
      permission: 'be-signed-in',
      input: z.object({ id }),
      audit: 'nothing',
      handle: async ({ actor, input }) =>
        view('certificate-bundles/bundle', title, {
          bundle: await bundles.get(actor, input.id),
          back: '/certificate-bundles',
          backText: title,
        }),
    }),
    page({
      method: 'get',
      path: '/certificate-bundles/:id/file',
      permission: 'be-signed-in',
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const { name, type, body } = await bundles.fetch(actor, input.id)
        return file(body, type, { name })
      },
    }),
  ]
}
