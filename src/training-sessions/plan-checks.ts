import type { Day } from '../clock.js'
import type { Fault } from '../errors.js'
import type { Sentence } from '../language.js'
import { isClockTime, timesOf, timesOverlap, type Times } from './schedule.js'
import { taughtOf, type Courses, type Plan } from './training-session.js'

/** What a plan is checked against. */
export interface PlanWorld {
  courses: Courses
  /** Which of the people named are in the directory. */
  known: ReadonlySet<string>
  nameOf: (person: string) => string
  accredited: (trainer: string, course: string, on: Day) => boolean
  /** What the trainers give already at about that time. */
  others: readonly (Times & { id: string; trainers: readonly string[] })[]
  now: Date
}

const longest = 12 * 60
const isCapacity = (places: number): boolean =>
  Number.isInteger(places) && places >= 1 && places <= 1000

/**
 * What is wrong with a plan, each fault by the field it is in; nothing where it can stand. Of one that
 * is only known in part, what is wrong already, whatever the rest will be.
 */
export function faultsOf(plan: Partial<Plan>, world: PlanWorld, own?: string): Fault[] {
  const faults: Fault[] = []
  const say = (field: string, key: string, params?: Sentence['with']) => {
    const sentence = { key: `training-session.fault.${key}` }
    faults.push({ field, say: params ? { ...sentence, with: params } : sentence })
  }
  const { course, delivery, on, from, to, venue, link, capacity, trainers } = plan
  const version = world.courses.get(course ?? '')
  if (course !== undefined && !version) say('course', 'course')
  if (version && delivery && !taughtOf(world.courses, version.course, delivery)) {
    say('delivery', 'delivery')
  }
  if (on && version?.retiredOn !== undefined && on > version.retiredOn) {
    say('course', 'retired', { on: version.retiredOn })
  }
  if (delivery === 'face-to-face' && !venue?.trim()) say('venue', 'venue')
  if (delivery === 'remote' && !/^https:\/\/[^\s/]+/.test(link ?? '')) say('link', 'link')
  if (capacity !== undefined && !isCapacity(capacity)) say('capacity', 'capacity')

  const times = on && from !== undefined && to !== undefined ? timesOf(on, from, to) : undefined
  if (!isClockTime(from ?? '') || !isClockTime(to ?? '')) say('from', 'clock-times')
  else if (on && !times) say('from', 'times', { on })
  if (times) {
    const minutes = (times.endsAt.getTime() - times.startsAt.getTime()) / 60_000
    if (minutes > longest) say('to', 'too-long')
    if (times.startsAt <= world.now) say('on', 'past')
  }
  if (trainers?.length === 0) say('trainers', 'no-trainer')
  for (const trainer of trainers ?? []) {
    const name = world.nameOf(trainer)
    if (!world.known.has(trainer)) say('trainers', 'unknown-trainer')
    else if (version && on && !world.accredited(trainer, version.course, on)) {
      say('trainers', 'not-accredited', { name, on })
    }
    const clash = world.others.some(
      (other) =>
        other.id !== own && other.trainers.includes(trainer) && times && timesOverlap(other, times),
    )
    if (clash) say('trainers', 'busy', { name })
  }
  return faults
}
