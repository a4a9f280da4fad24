import { z } from 'zod'
import type { Actor } from '../../actor.js'
import {
  displays,
  roomNeeds,
  routeKinds,
  type Adjustments,
  type OwnAdjustments,
} from '../../adjustments/adjustments.js'
import { parseDay, type Day } from '../../clock.js'
import { languages, type Sentence } from '../../language.js'
import { calledName, type People } from '../../people/people.js'
import { boxes } from '../fields.js'
import { go, page, view, type Page } from '../page.js'
import { contactsOf, type AroundParts } from './learning/around.js'

export interface AdjustmentsPagesParts extends AroundParts {
  adjustments: Adjustments
  people: People
}

const title: Sentence = { key: 'adjustments.title' }
const birthday = z
  .string()
  .trim()
  .default('')
  .transform((text, context): Day | undefined => {
    if (text === '') return undefined
    const parsed = parseDay(text)
    if (parsed) return parsed
    context.addIssue({ code: 'custom', message: 'say:adjustments.not-a-date' })
    return z.NEVER
  })
const nothing = z.object({})
const chosen = z.object({
  display: boxes(z.enum(displays)),
  room: boxes(z.enum(roomNeeds)),
  language: z.enum(languages),
  adultFrom: birthday,
})

/** How training should reach somebody: theirs alone; and the ways that an officer decides on. */
export function adjustmentsPages(parts: AdjustmentsPagesParts): Page[] {
  const { adjustments, people, support, clock } = parts

  function show(own: OwnAdjustments, extra: object = {}) {
    const options = <Name extends string>(names: readonly Name[], held: readonly Name[]) =>
      names.map((name) => ({ name, checked: held.includes(name) }))
    const young = own.adultFrom !== undefined && own.adultFrom > clock.today()
    const model = {
      displays: options(displays, own.display),
      rooms: options(roomNeeds, own.room),
      ways: routeKinds,
      adultFrom: own.adultFrom,
      route: own.route,
      contacts: contactsOf(support, young ? ['safeguarding', 'wellbeing'] : ['wellbeing']),
      back: '/training',
      backText: { key: 'learning.to-training' },
      ...extra,
    }
    return view('adjustments/own', title, model)
  }

  const asked = async (actor: Actor): Promise<object[]> => {
    const routes = await adjustments.asked(actor)
    const named = await people.byId(routes.map(({ person }) => person))
    return routes.map((route) => {
      const person = named.get(route.person)
      return { ...route, name: person ? calledName(person) : '' }
    })
  }

  return [
    page({
      method: 'get',
      path: '/adjustments',
      permission: 'own-training',
      input: z.object({ saved: z.literal('1').optional().catch(undefined) }),
      audit: 'nothing',
      handle: async ({ actor, input }) =>
        show(await adjustments.own(actor), { saved: input.saved !== undefined }),
    }),
    page({
      method: 'post',
      path: '/adjustments',
      permission: 'own-training',
      input: chosen,
      // What somebody needs is theirs: it is kept, and stands in no record that others read.
      audit: 'nothing',
      async handle({ actor, input, session }) {
        const { adultFrom, ...change } = input
        await adjustments.adjust(actor, { ...change, ...(adultFrom ? { adultFrom } : {}) })
        session.speak(input.language)
        return go('/adjustments?saved=1')
      },
      async again({ actor, input }) {
        const ticked = <Name extends string>(names: readonly Name[], given: unknown): Name[] =>
          names.filter((name) => [given].flat().includes(name))
        const own = {
          ...(await adjustments.own(actor)),
          display: ticked(displays, input['display']),
          room: ticked(roomNeeds, input['room']),
        }
        return show(own, { adultFrom: input['adultFrom'] })
      },
      faultsAt: 'adultFrom',
    }),
    page({
      method: 'post',
      path: '/adjustments/way',
      permission: 'own-training',
      input: z.object({ way: z.enum([...routeKinds, 'usual']) }),
      audit: 'nothing',
      async handle({ actor, input: { way } }) {
        if (way === 'usual') await adjustments.takeBack(actor)
        else await adjustments.askFor(actor, way)
        return go('/adjustments?saved=1')
      },
    }),
    page({
      method: 'get',
      path: '/adjustments/asked',
      permission: 'safeguard',
      input: nothing,
      audit: 'nothing',
      handle: async ({ actor }) =>
        view(
          'adjustments/asked',
          { key: 'adjustments.asked-title' },
          { asked: await asked(actor) },
        ),
    }),
    page({
      method: 'post',
      path: '/adjustments/asked/:id',
      permission: 'safeguard',
      input: z.object({ id: z.string().max(64), agreed: z.enum(['yes', 'no']) }),
      audit: 'act',
      async handle({ actor, input }) {
        await adjustments.decide(actor, input.id, input.agreed === 'yes')
        return go('/adjustments/asked')
      },
    }),
  ]
}
