import { renderSVG } from 'uqr'
import { z } from 'zod'
import { personOf, type Actor } from '../../../actor.js'
import { may } from '../../../identity/identity.js'
import {
  attendances,
  type Mark,
  type RegisterLine,
  type RegisterSheet,
  type Statement,
} from '../../../training-sessions/training-sessions.js'
import { optional } from '../../fields.js'
import { go, page, view, type Answer, type Page, type Typed } from '../../page.js'
import {
  id,
  namesOfActors,
  recognisable,
  registerAddress,
  sessionAddress,
  type TrainingSessionPagesParts,
} from './around.js'
import { sourcePages } from './sources.js'

const permission = 'run-training-sessions'
const mostFound = 8
const markInput = z.object({
  id,
  person: z.string().max(64),
  attendance: z.enum(attendances, 'say:sessions.no-mark'),
  minutes: optional(z.coerce.number('say:sessions.no-minutes')),
})

const markOf = ({ attendance, minutes }: z.output<typeof markInput>): Mark => ({
  attendance,
  ...(minutes === undefined ? {} : { minutes }),
})

/** A register at the door: who is there, who came without a place, and how it is closed. */
export function registerPages(parts: TrainingSessionPagesParts): Page[] {
  const { training, people, clock, courseTitle } = parts
  const { registers } = training

  async function lineModels(sheet: RegisterSheet): Promise<object[]> {
    const ids = sheet.lines.map(({ person }) => person)
    const [known, nameOf] = await Promise.all([
      recognisable(parts, ids),
      namesOfActors(
        parts,
        sheet.lines.flatMap(({ history }) => history.map(({ by }) => by)),
      ),
    ])
    const said = (statement: Statement) => ({
      ...statement,
      name: nameOf(statement.by) ?? '–',
      withdrawnBecause: statement.withdrawn?.reason,
    })
    return sheet.lines.map((line: RegisterLine) => ({
      ...line,
      ...known.get(line.person),
      anchor: `person-${line.person}`,
      last: line.history.slice(-1).map(said)[0],
      history: line.history.length > 1 ? line.history.map(said) : undefined,
      choices: attendances.map((attendance) => ({
        attendance,
        current: line.mark?.attendance === attendance,
      })),
    }))
  }

  async function show(actor: Actor, session: string, q = '', more: object = {}): Promise<Answer> {
    const sheet = await registers.sheet(actor, session)
    const { register, on, course } = sheet.session
    const found = q.trim() === '' ? [] : await people.search(q, mostFound)
    const there = new Set(sheet.lines.map(({ person }) => person))
    const walkIns = [
      ...(
        await recognisable(
          parts,
          found.map((one) => one.id),
        )
      ).values(),
    ].filter(({ person }) => !there.has(person))
    const signers = [register.signed, register.verified, register.locked]
    const nameOf = await namesOfActors(
      parts,
      signers.flatMap((deed) => deed?.by ?? []),
    )
    const apart = await recognisable(
      parts,
      sheet.disagreements.map(({ person }) => person),
    )
    const self = personOf(actor)
    const model = {
      parent: sessionAddress(session),
      session: sheet.session,
      courseName: courseTitle(course),
      lines: await lineModels(sheet),
      unmarked: sheet.unmarked,
      roomNeeds: sheet.roomNeeds,
      marked: sheet.lines.filter(({ mark }) => mark).length,
      waiting: sheet.lines.filter(({ checkedIn, mark }) => checkedIn && !mark).length,
      open: register.state === 'open',
      signed: register.signed && { ...register.signed, name: nameOf(register.signed.by) },
      verified: register.verified && { ...register.verified, name: nameOf(register.verified.by) },
      locked: register.locked && { ...register.locked, name: nameOf(register.locked.by) },
      gives: self !== undefined && sheet.session.trainers.includes(self),
      disagreements: sheet.disagreements.map((one) => ({
        ...one,
        name: apart.get(one.person)?.name ?? one.person,
      })),
      canCountersign: sheet.lines.some(({ countersign }) => countersign),
      begun: clock.now() >= sheet.session.startsAt,
      remote: sheet.session.delivery === 'remote',
      q,
      walkIns,
      ...more,
    }
    const title = { key: 'sessions.register-of', with: { course: courseTitle(course), on } }
    return view('training-sessions/register', title, model)
  }

  const refused = {
    again: ({ actor, input }: { actor: Actor; input: Typed }) => show(actor, String(input['id'])),
    // The same form stands beside every person: the summary names the fault, and no one of them.
    faultsAt: () => undefined,
  }

  /** A form of the register with nothing in it but what is done to it. */
  const deed = (path: string, act: (actor: Actor, session: string) => Promise<unknown>): Page =>
    page({
      method: 'post',
      path: `/training-sessions/:id/register/${path}`,
      permission,
      input: z.object({ id }),
      audit: 'act',
      async handle({ actor, input }) {
        await act(actor, input.id)
        return go(registerAddress(input.id))
      },
      ...refused,
    })

  return [
    page({
      method: 'get',
      path: '/training-sessions/:id/register',
      permission,
      input: z.object({ id, q: optional(z.string().max(100)) }),
      audit: 'nothing',
      handle: ({ actor, input }) => show(actor, input.id, input.q),
    }),
    page({
      method: 'post',
      path: '/training-sessions/:id/register/mark',
      permission,
      input: markInput,
      audit: 'act',
      async handle({ actor, input }) {
        await registers.mark(actor, input.id, input.person, markOf(input))
        return go(`${registerAddress(input.id)}#person-${input.person}`)
      },
      ...refused,
    }),
    page({
      method: 'post',
      path: '/training-sessions/:id/register/amend',
      permission,
      input: markInput.extend({ reason: z.string().max(500).default('') }),
      audit: 'act',
      async handle({ actor, input }) {
        await registers.amend(actor, input.id, input.person, markOf(input), input.reason)
        return go(`${registerAddress(input.id)}#person-${input.person}`)
      },
      ...refused,
    }),
    deed('check-ins', (actor, session) => registers.confirmCheckIns(actor, session)),
    deed('sign', (actor, session) => registers.sign(actor, session)),
    deed('verify', (actor, session) => registers.verify(actor, session)),
    deed('lock', (actor, session) => registers.lock(actor, session)),
    deed('countersign', async (actor, session) => {
      const { lines } = await registers.sheet(actor, session)
      const waiting = lines.filter(({ countersign }) => countersign).map(({ person }) => person)
      await registers.countersign(actor, session, waiting)
    }),
    ...sourcePages(parts, show, refused),
    page({
      method: 'get',
      path: '/training-sessions/:id/door',
      permission,
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const { code, seconds } = await registers.code(actor, input.id)
        const { session } = await registers.sheet(actor, input.id)
        const query = new URLSearchParams({ code }).toString()
        const address = `${parts.publicUrl}${sessionAddress(input.id)}/check-in?${query}`
        const model = {
          parent: registerAddress(input.id),
          picture: renderSVG(address, { border: 2 }),
          address,
          seconds,
          courseName: courseTitle(session.course),
          again: `${sessionAddress(input.id)}/door`,
        }
        return view('training-sessions/door', { key: 'sessions.door' }, model)
      },
    }),
    page({
      method: 'get',
      path: '/training-sessions/:id/check-in',
      permission: 'own-training',
      input: z.object({ id, code: z.string().max(40).default('') }),
      audit: 'nothing',
      handle: ({ input }) => view('training-sessions/check-in', checkIn, input),
    }),
    page({
      method: 'post',
      path: '/training-sessions/:id/check-in',
      permission: 'own-training',
      input: z.object({ id, code: z.string().max(40).default('') }),
      audit: 'act',
      async handle({ actor, input }) {
        await registers.checkIn(actor, input.id, input.code)
        return view('training-sessions/check-in', checkIn, {
          done: true,
          runs: may(actor, permission),
        })
      },
    }),
  ]
}

const checkIn = { key: 'sessions.check-in' }
