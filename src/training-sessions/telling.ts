import { dayOf } from '../clock.js'
import { writeTime, type Sentence } from '../language.js'
import type { Message } from '../notifications/notifications.js'
import { calledName, type Person } from '../people/people.js'
import { invitationFor, type Invitation } from './invitation.js'
import type { Seat } from './seat.js'
import type { Courses, TrainingSession } from './training-session.js'

/** How people are spoken to: in whose name, and in which words a calendar gets its text. */
export interface Voice {
  organiser: { name: string; email: string }
  /** The address of a training session's page. */
  urlOf: (session: string) => string
  say: (language: Person['language'], sentence: Sentence) => string
}

/** What somebody has been told once they have been told of their seat as it is. */
export const toldOf = ({ state, moves }: Seat, edition: number): string =>
  state === 'booked' ? `booked/${moves}/${edition}` : `${state}/${moves}`

const wasBooked = (seat: Seat): boolean => seat.told?.startsWith('booked/') ?? false

/** Which message a seat's state asks for; none where there is nothing that the person does not know. */
function kindOf(seat: Seat): { kind: string; calendar?: Invitation['method'] } | undefined {
  switch (seat.state) {
    case 'booked':
      return { kind: wasBooked(seat) ? 'changed' : 'booked', calendar: 'REQUEST' }
    case 'waiting':
      return wasBooked(seat)
        ? { kind: 'moved-to-waiting', calendar: 'CANCEL' }
        : { kind: 'waiting' }
    case 'offered':
      return { kind: 'offered' }
    case 'lapsed':
      return { kind: 'lapsed' }
    case 'given-up':
      return wasBooked(seat) ? { kind: 'given-up', calendar: 'CANCEL' } : undefined
    case 'cancelled':
      return wasBooked(seat) ? { kind: 'cancelled', calendar: 'CANCEL' } : { kind: 'cancelled' }
    case 'asked':
      return undefined
  }
}

interface World {
  courses: Courses
  voice: Voice
  now: Date
}

/** What the texts about a training session are filled in with. */
export function paramsOf(session: TrainingSession, { courses, voice }: Omit<World, 'now'>) {
  const course = courses.get(session.course)?.title ?? { en: session.course, cy: session.course }
  const { on, from, to, venue = '' } = session
  return { course, on, from, to, venue, url: voice.urlOf(session.id) }
}

/** The entry for somebody's calendar, in their language. */
export function calendarFor(
  session: TrainingSession,
  seat: Seat,
  person: Person,
  world: World,
  method: Invitation['method'],
): Invitation {
  const { voice, now } = world
  const { language, email = '' } = person
  const params = paramsOf(session, world)
  const describe = { key: `place.mail.calendar.${session.delivery}`, with: params }
  return invitationFor(
    session,
    {
      id: seat.id,
      sequence: session.edition + seat.moves,
      name: calledName(person),
      email,
      organiser: voice.organiser,
      title: params.course[language],
      description: voice.say(language, describe),
      url: params.url,
      now,
    },
    method,
  )
}

/**
 * The message that tells somebody what has become of their place, with the entry for their calendar.
 * Nothing in it depends on why: a full room and any other reason are told in the same words.
 */
export function messageFor(
  session: TrainingSession,
  seat: Seat,
  person: Person,
  world: World,
): Message | undefined {
  const told = kindOf(seat)
  if (!told || person.email === undefined) return undefined
  const { language, email } = person
  const params = {
    ...paramsOf(session, world),
    name: calledName(person),
    ...(seat.until ? { untilOn: dayOf(seat.until), untilAt: writeTime(language, seat.until) } : {}),
  }
  const sentence = (key: string): Sentence => ({ key: `place.mail.${key}`, with: params })
  const about = toldOf(seat, session.edition)
  const calendar = told.calendar && calendarFor(session, seat, person, world, told.calendar)
  return {
    key: `training-session/${session.id}/${seat.id}/${about}`,
    to: email,
    person: person.id,
    language,
    subject: sentence(`subject.${told.kind}`),
    paragraphs: [
      sentence('greeting'),
      sentence(told.kind),
      sentence(`where.${session.delivery}`),
      sentence('page'),
    ],
    ...(calendar ? { calendar } : {}),
    while: { kind: 'place', about: `${session.id}/${seat.id}/${about}` },
  }
}
