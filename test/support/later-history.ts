import { systemActor, type PersonActor } from '../../src/actor.js'
import { addDays, type Day } from '../../src/clock.js'
import { deliveries } from '../../src/courses/courses.js'
import { absenceKinds } from '../../src/people/people.js'
import { readProgramme } from '../../src/requirements/requirements.js'
import type { Fact } from './later-facts.js'
import { courses, createRecord, offices, people, staffIds, written } from './later-record.js'
import type { World } from './world.js'

const system = systemActor('test')

/** House staff get so many months instead of two. */
const withMonths = (text: string, months: number): string => {
  const [before = '', rule = ''] = text.split('      - id: A1')
  const changed = rule
    .replace('start: { months: 2 }', `start: { months: ${months} }`)
    .replace(
      /expect:[\s\S]*$/,
      'expect:\n              - { on: 2019-06-01, standing: not-required }\n',
    )
  return `${before}      - id: A1${changed}`
}

/** A parliament to which facts come one after the other, through the application's own doors. */
export function createHistory(world: World, programmeText: string) {
  const { app, clock } = world
  const record = createRecord(programmeText)
  const { terms, absences, reliefs, completions, holders, byRule } = record
  const approvers = ['one', 'two'].map((account): PersonActor => ({
    kind: 'person',
    account,
    roles: [{ name: 'coordinator' }],
  }))
  let count = 0

  /** Sends the directory as it is now. */
  async function send(): Promise<void> {
    const { id, faults } = await app.people.directory.rehearse(system, record.directory())
    if (faults.length > 0) throw new Error(JSON.stringify(faults))
    await app.people.directory.confirm(system, id, { allowEnding: true })
  }

  async function complete(
    person: string,
    course: number,
    delivery: number,
    on: Day,
  ): Promise<void> {
    const done = { course: courses[course] ?? '', delivery: deliveries[delivery] ?? 'online', on }
    const evidence = { kind: 'register' as const, id: `e${count++}` }
    const version = { hash: 'v', label: '1' }
    const [made] = await app.completions.recordMany(system, [
      { person, ...done, version, evidence },
    ])
    completions.push({ id: made?.id ?? '', person, ...done })
  }

  async function relieve(
    person: string,
    duty: string,
    relief: { from?: Day; until: Day },
  ): Promise<void> {
    const on = clock.today()
    const { from, until } = relief
    const asked = from
      ? ({ kind: 'excusal', from, to: until } as const)
      : ({ kind: 'extension', until } as const)
    const { id } = await app.decisions.propose(system, { person, duty, relief: asked, reason: 'r' })
    if (from) await app.decisions.decide(system, id, true)
    reliefs.push({ id, person, duty, on, ...relief })
  }

  /** One of the duties that somebody has today. */
  const owed = (person: string, which: number): string => {
    const own = byRule(clock.today()).filter((line) => line.startsWith(`${person}|`))
    return at(own, which)?.split('|')[1] ?? 'house-staff'
  }

  const at = <Thing>(things: readonly Thing[], which: number): Thing | undefined =>
    things.length === 0 ? undefined : things[which % things.length]

  /** Lets one fact arrive; answers whether anything came of it. */
  async function arrive(fact: Fact): Promise<boolean> {
    const today = clock.today()
    switch (fact.fact) {
      case 'pass':
        clock.set(`${addDays(today, fact.days)}T10:00:00Z`)
        return true
      case 'hire': {
        const office = at(offices, fact.office) ?? 'oh'
        const house = office === 'om' ? 'commons' : office === 'op' ? 'lords' : 'both'
        const person = staffIds[fact.who] ?? 'p0'
        const id = `t${count++}`
        terms.push({
          id,
          person,
          kind: 'staff',
          house,
          office,
          title: id,
          from: addDays(today, fact.in),
        })
        await send()
        return true
      }
      case 'leave': {
        const term = at(
          terms.filter((one) => one.kind === 'staff' && !one.to),
          fact.which,
        )
        const to = addDays(today, fact.in)
        if (!term || to < term.from) return false
        term.to = to
        await send()
        return true
      }
      case 'away': {
        const from = addDays(today, fact.in)
        const person = people[fact.who] ?? 'peer'
        const id = `a${count++}`
        absences.push({
          id,
          person,
          kind: absenceKinds[fact.kind] ?? 'away',
          from,
          to: addDays(from, fact.length),
        })
        await send()
        return true
      }
      case 'done':
        await complete(people[fact.who] ?? 'peer', fact.course, fact.delivery, today)
        return true
      case 'late-register':
        await complete(
          people[fact.who] ?? 'peer',
          fact.course,
          fact.delivery,
          addDays(today, -fact.ago),
        )
        return true
      case 'extended':
        await relieve(people[fact.who] ?? 'peer', owed(people[fact.who] ?? 'peer', fact.duty), {
          until: addDays(today, fact.by),
        })
        return true
      case 'excused': {
        const from = addDays(today, fact.in)
        await relieve(people[fact.who] ?? 'peer', owed(people[fact.who] ?? 'peer', fact.duty), {
          from,
          until: addDays(from, fact.length),
        })
        return true
      }
      case 'relief-ended': {
        const relief = at(
          reliefs.filter(({ ended }) => !ended),
          fact.which,
        )
        if (!relief) return false
        await app.decisions.end(system, relief.id)
        relief.ended = today
        return true
      }
      case 'office-handed-on':
        holders.push({ from: today, mp: fact.to === 0 })
        await send()
        return true
      case 'rule-changed': {
        const text = withMonths(programmeText, fact.months)
        const from = addDays(today, fact.in + 1)
        const { id } = await app.programmes.propose(system, { text, from, says: 'changed' })
        for (const approver of approvers) await app.programmes.approve(approver, id)
        const { duties } = readProgramme(Buffer.from(text))
        record.adopt({ from, adoptedAt: clock.now(), duties })
        return true
      }
      case 'annulled': {
        const done = at(completions, fact.which)
        if (!done) return false
        await app.completions.annul(system, [done.id], { why: 'wrong-person' })
        completions.splice(completions.indexOf(done), 1)
        return true
      }
      case 'term-put-right': {
        const term = at(
          terms.filter((one) => one.kind === 'staff'),
          fact.which,
        )
        const from = term && addDays(term.from, fact.by)
        if (!from || (term.to && term.to < from)) return false
        term.from = from
        await send()
        return true
      }
      case 'absence-put-right': {
        const absence = at(absences, fact.which)
        const to = absence?.to && addDays(absence.to, fact.by)
        if (!to || to < absence.from) return false
        absence.to = to
        await send()
        return true
      }
    }
  }

  return {
    begin: send,
    arrive,
    byRule,
    /** What the lists say of a day. */
    async listed(asAt: Day, asKnownThen = false): Promise<string[]> {
      const { lines, total } = await app.compliance.list(system, { asAt, asKnownThen })
      if (total !== lines.length) throw new Error(`${total} counted, ${lines.length} listed`)
      return lines
        .map(({ person, duty, part, answer: { state, absent, since, due, until } }) =>
          written([person, duty, part.office, absent ? 'absent' : state, since, due, until]),
        )
        .toSorted()
    },
  }
}
