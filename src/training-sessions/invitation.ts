import ical, {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalCalendarMethod,
  ICalEventClass,
  ICalEventStatus,
} from 'ical-generator'
import type { TrainingSession } from './training-session.js'

/** What a calendar is told of somebody's place in a training session. */
export interface Invitation {
  method: 'REQUEST' | 'CANCEL'
  content: string
}

export interface InvitationTo {
  /** The place's own id, and how often anything about it has changed. */
  id: string
  sequence: number
  /** The one person whom it is for: an invitation never names another. */
  name: string
  email: string
  organiser: { name: string; email: string }
  /** In the reader's language. */
  title: string
  description: string
  /** The address of the training session's page. */
  url: string
  now: Date
}

/**
 * The calendar entry for one person's place: made, changed by a later edition, or cancelled. Times
 * are written in UTC, which every calendar shows as the London time they stand for, on both sides of
 * a clock change. Whatever is told of one place bears one id, so a calendar replaces the entry and
 * keeps no second; somebody who gives a place up and books again gets a new entry.
 */
export function invitationFor(
  session: Pick<TrainingSession, 'startsAt' | 'endsAt' | 'venue' | 'link'>,
  to: InvitationTo,
  method: Invitation['method'],
): Invitation {
  const cancelled = method === 'CANCEL'
  const calendar = ical({
    method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
    prodId: { company: 'Good Standing', product: 'Training sessions', language: 'EN' },
  })
  calendar.createEvent({
    id: `${to.id}@good-standing`,
    sequence: to.sequence,
    // A date without a time zone is written in UTC. With a zone the library shifts it by an hour.
    start: session.startsAt,
    end: session.endsAt,
    stamp: to.now,
    summary: to.title,
    description: to.description,
    location: session.venue ?? session.link ?? null,
    url: to.url,
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    class: ICalEventClass.PRIVATE,
    organizer: to.organiser,
    attendees: [
      {
        name: to.name,
        email: to.email,
        role: ICalAttendeeRole.REQ,
        status: ICalAttendeeStatus.ACCEPTED,
        rsvp: false,
      },
    ],
  })
  return { method, content: calendar.toString() }
}
