import type { Actor } from '../actor.js'
import type { Fault } from '../errors.js'
import type { Message } from '../notifications/notifications.js'
import { calledName, type People } from '../people/people.js'
import type { Planning } from './planning.js'
import type { SessionsStore } from './sessions-store.js'
import { paramsOf, type Voice } from './telling.js'
import type { Courses, Plan, TrainingSession } from './training-session.js'

/** Training with one person, for whom a room full of others is no way: a training session like any other. */
export interface OneToOne {
  /**
   * Plans it: the person has the place, both are told by mail, and nobody else sees it but who gives
   * and who organises training. Throws as `Planning.planFor` does.
   */
  plan(actor: Actor, person: string, plan: Plan): Promise<TrainingSession>
  /** What is wrong already with as much of a plan as is known, field by field. */
  check(actor: Actor, person: string, plan: Partial<Plan>): Promise<Fault[]>
  /** What has been planned so for some people, the latest first. */
  of(people: readonly string[]): Promise<readonly Planned[]>
}

/** Training with one person, as whoever planned it needs to know it. */
export interface Planned extends Pick<TrainingSession, 'id' | 'course' | 'on' | 'from' | 'to'> {
  person: string
}

export interface OneToOneParts {
  planning: Planning
  sessions: SessionsStore
  people: Pick<People, 'byId'>
  courses: () => Courses
  voice: Voice
  tell: (messages: readonly Message[]) => Promise<void>
}

export function createOneToOne(parts: OneToOneParts): OneToOne {
  const { planning, sessions, people, courses, voice } = parts

  /** What a trainer is asked, without a word of whom it is for: the register says that to them alone. */
  async function askTrainers(session: TrainingSession): Promise<void> {
    const trainers = [...(await people.byId(session.trainers)).values()]
    const messages = trainers.flatMap((trainer): Message[] => {
      const { id, email, language } = trainer
      if (email === undefined) return []
      const params = {
        ...paramsOf(session, { courses: courses(), voice }),
        name: calledName(trainer),
      }
      const say = (key: string) => ({ key: `place.mail.${key}`, with: params })
      return [
        {
          key: `one-to-one/${session.id}/${id}`,
          to: email,
          person: id,
          language,
          subject: say('subject.to-give'),
          paragraphs: [
            say('greeting'),
            say('to-give'),
            say(`where.${session.delivery}`),
            say('page'),
          ],
        },
      ]
    })
    await parts.tell(messages)
  }

  return {
    check: (actor, person, plan) => planning.checkFor(actor, person, plan),
    async plan(actor, person, plan) {
      const session = await planning.planFor(actor, person, plan)
      await askTrainers(session)
      return session
    },
    async of(wanted) {
      const found = await sessions.onlyFor(wanted)
      return found
        .filter(({ cancelled }) => !cancelled)
        .map(({ id, course, on, from, to, onlyFor: person = '' }) => ({
          id,
          course,
          on,
          from,
          to,
          person,
        }))
        .sort((one, other) => (one.on < other.on ? 1 : -1))
    },
  }
}
