import type { Actor, PersonActor } from '../actor.js'
import { addDays, type Clock, type Day } from '../clock.js'
import { DomainError } from '../errors.js'
import type { Identity } from '../identity/identity.js'
import type { Sanctions } from '../sanctions/sanctions.js'
import type { TrainingSessions } from '../training-sessions/training-sessions.js'
import type { Parliament } from './parliament.js'

export interface RunningParts {
  identity: Pick<Identity, 'findAccount' | 'actor'>
  training: Pick<TrainingSessions, 'accreditations' | 'planning' | 'browsing'>
  sanctions: Pick<Sanctions, 'impose'>
  clock: Clock
}

const reference = 'AV-1'

/** A day of the week after a day, Monday being 1. */
const nextWeekday = (after: Day, weekday: number): Day => {
  const ahead = (weekday - new Date(after).getUTCDay() + 7) % 7
  return addDays(after, ahead === 0 ? 7 : ahead)
}

async function holderOf(
  { identity }: RunningParts,
  { accounts }: Parliament,
  role: string,
): Promise<PersonActor> {
  const { email = '' } = accounts.find(({ roles }) => roles.some(({ name }) => name === role)) ?? {}
  const account = await identity.findAccount(email)
  const actor = account && (await identity.actor(account.id))
  if (!actor) throw new Error(`the demo has no ${role}`)
  return actor
}

/** The trainer may teach everything, and gives three training sessions in the next weeks. */
async function planSessions(parts: RunningParts, parliament: Parliament): Promise<void> {
  const { training, clock } = parts
  const trainer = await holderOf(parts, parliament, 'trainer')
  const coordinator = await holderOf(parts, parliament, 'coordinator')
  const person = trainer.person ?? ''
  const today = clock.today()
  if ((await training.accreditations.of([person])).length === 0) {
    const accreditation = { name: 'sexual-violence', from: addDays(today, -400) }
    await training.accreditations.grant(coordinator, { person, ...accreditation })
  }
  const plans = [
    { course: 'behaviour-code', on: nextWeekday(addDays(today, 3), 2), venue: 'Committee Room 9' },
    { course: 'behaviour-code-staff', on: nextWeekday(addDays(today, 5), 4), venue: 'Wilson Room' },
    {
      course: 'behaviour-code-staff',
      on: nextWeekday(addDays(today, 12), 3),
      venue: 'Wilson Room',
    },
  ]
  const planned = await training.browsing.kept(coordinator, today, addDays(today, 60))
  for (const plan of plans.slice(planned.length)) {
    await training.planning.plan(coordinator, {
      ...plan,
      delivery: 'face-to-face',
      from: '10:00',
      to: '12:30',
      capacity: 16,
      trainers: [person],
      invited: {},
      arrangements: ['step-free'],
    })
  }
}

/** One case that is running: the Member is to take the Behaviour Code course. */
async function recordCase(parts: RunningParts, parliament: Parliament): Promise<void> {
  const today = parts.clock.today()
  const officer: Actor = await holderOf(parts, parliament, 'conduct-officer')
  try {
    await parts.sanctions.impose(officer, {
      reference,
      respondent: parliament.respondent,
      body: 'commons-commissioner',
      decidedOn: addDays(today, -12),
      sanctions: [{ kind: 'apology' }, { kind: 'training' }],
      training: {
        course: 'behaviour-code',
        delivery: ['online', 'remote', 'face-to-face'],
        dueOn: addDays(today, 45),
        confirmationRequired: false,
      },
    })
  } catch (error) {
    // A start that was cut short had recorded it.
    if (!(error instanceof DomainError && error.kind === 'conflict')) throw error
  }
}

/** What goes on in the demo parliament today: sessions that can be booked, and a running case. */
export async function beginWork(parts: RunningParts, parliament: Parliament): Promise<void> {
  await planSessions(parts, parliament)
  await recordCase(parts, parliament)
}

/**
 * A register to try an upload with, as a trainer brings it back: yesterday's, face to face, with a
 * slip of the pen, somebody who left early, and somebody whom nobody knows.
 */
export function exampleRegister({ accounts, names }: Parliament, today: Day): string {
  const on = addDays(today, -1)
  const row = (name: string, attendance: string, minutes = '') =>
    `behaviour-code-staff,${on},10:00,12:30,Wilson Room,face-to-face,${name},${attendance},${minutes}`
  const nameOf = (shows: string): string => {
    const { person = '' } = accounts.find((account) => account.shows.startsWith(shows)) ?? {}
    return names.get(person) ?? ''
  }
  const assistant = nameOf('member of a Member’s staff')
  return [
    'course,date,start,end,venue,delivery,name,attendance,minutes',
    row(assistant, 'attended'),
    row(nameOf('manager of a team'), 'part', '130'),
    row(nameOf('author').replace(/^(..)(.)(.)/, '$1$3$2'), 'attended'),
    row('Nobody Whom-We-Know', 'attended'),
    row(nameOf('auditor'), 'apologies'),
    '',
  ].join('\n')
}
