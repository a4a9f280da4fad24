import type { Role } from '../actor.js'
import { addDays, addMonths, day, latest, type Day } from '../clock.js'
import type { Delivery } from '../courses/courses.js'
import type { DirectoryFile } from '../people/people.js'
import type { Random } from '../random.js'
import { createChance, type Chance } from './chance.js'
import { constituencies, departments, houseGrades, parties, posts } from './names.js'
import { createRegister, type Register } from './register-of-people.js'

/** A course that somebody did before this system was there. */
export interface Learnt {
  person: string
  course: string
  delivery: Delivery
  on: Day
}

/** Somebody to sign in as: the account that is printed at the start, and what it shows. */
export interface DemoAccount {
  shows: string
  email: string
  person: string
  roles: readonly Role[]
}

/** A whole fictional parliament: its directory as five files, what its people have learnt, who signs in. */
export interface Parliament {
  files: Record<DirectoryFile, Uint8Array>
  learnt: readonly Learnt[]
  accounts: readonly DemoAccount[]
  /** The Member about whom there is a running case. */
  respondent: string
}

interface Making {
  today: Day
  chance: Chance
  register: Register
  learnt: Learnt[]
  accounts: DemoAccount[]
}

const staffRuleBegins = day('2024-01-08')
const staffRuleDue = day('2024-06-28')
const lordsDue = day('2021-04-01')
const seminarBegins = day('2022-05-24')

function partyFor(chance: Chance) {
  let left = chance.between(0, 99) / 100
  return parties.find(({ share }) => (left -= share) < 0) ?? parties[0] ?? { name: '', share: 1 }
}

/** The Thursday at or before a day. */
const thursday = (on: Day): Day => addDays(on, -((new Date(on).getUTCDay() + 3) % 7))

/** Staff of a Member, a peer or the House: when they learnt, late, or not at all. */
function staffLearning(
  { today, chance, learnt }: Making,
  person: string,
  start: Day,
  end?: Day,
): void {
  const due = start < staffRuleBegins ? staffRuleDue : addMonths(start, 2)
  const begin = latest(start, addDays(staffRuleBegins, -60))
  const on = chance.percent(91)
    ? chance.dayBetween(addDays(begin, 3), due)
    : chance.percent(45)
      ? chance.dayBetween(addDays(due, 1), addDays(due, 90))
      : undefined
  if (!on || on >= today || (end && on > end)) return
  const delivery = chance.percent(80) ? 'online' : chance.percent(50) ? 'remote' : 'face-to-face'
  learnt.push({ person, course: 'behaviour-code-staff', delivery, on })
}

function addStaff(making: Making, office: string, house: 'commons' | 'lords', since: Day): string {
  const { today, chance, register } = making
  const { id } = register.person()
  const from = chance.dayBetween(since, addDays(today, -2))
  const leaves = chance.percent(14) ? chance.dayBetween(from, addDays(today, -1)) : undefined
  register.term(id, 'staff', house, from, {
    office,
    title: chance.pick(posts),
    ...(leaves ? { to: leaves } : {}),
  })
  if (!leaves && chance.percent(3)) {
    const away = chance.dayBetween(from, addDays(today, -10))
    register.absence(
      id,
      'away',
      away,
      chance.percent(60) ? addDays(away, chance.between(20, 180)) : undefined,
    )
  }
  staffLearning(making, id, from, leaves)
  return id
}

function addCommons(making: Making): { member: string; memberOffice: string } {
  const { today, chance, register, learnt } = making
  const election = thursday(addDays(today, -850))
  const dissolved = addDays(election, -35)
  const before = thursday(addDays(election, -1640))
  let member = ''
  let memberOffice = ''
  for (const [seat, constituency] of constituencies.slice(0, 650).entries()) {
    const party = partyFor(chance)
    const returned = seat % 2 === 1 && seat < 630
    if (!returned) {
      const former = register.person()
      register.term(former.id, 'mp', 'commons', before, {
        to: dissolved,
        party: partyFor(chance).name,
        title: constituency,
      })
    }
    const first = seat === 0
    const { id, name } = register.person(first ? { name: 'Ffion Appletree', language: 'en' } : {})
    if (returned)
      register.term(id, 'mp', 'commons', before, {
        to: dissolved,
        party: party.name,
        title: constituency,
      })
    const office = register.office(`Office of ${name}`, 'commons', 'member', { employer: id })
    const byElection =
      !first && chance.percent(1.5)
        ? chance.dayBetween(addDays(election, 120), addDays(today, -20))
        : undefined
    const title = constituency
    register.term(id, 'mp', 'commons', election, {
      party: party.name,
      title,
      office,
      ...(byElection ? { to: addDays(byElection, -30) } : {}),
    })
    if (byElection) {
      const newcomer = register.person()
      register.term(newcomer.id, 'mp', 'commons', byElection, {
        party: partyFor(chance).name,
        title,
      })
    }
    if (party.abstains) register.absence(id, 'abstentionist', election)
    else if (!first && chance.percent(72)) {
      const on = chance.dayBetween(addDays(election, 14), addDays(today, -3))
      learnt.push({
        person: id,
        course: 'behaviour-code',
        delivery: chance.percent(50) ? 'face-to-face' : 'online',
        on,
      })
    }
    const since = returned ? before : addDays(election, 4)
    for (let post = chance.between(5, 7); post > 0; post--)
      addStaff(making, office, 'commons', since)
    if (first) [member, memberOffice] = [id, office]
  }
  return { member, memberOffice }
}

function lordsLearning(making: Making, person: string, introduced: Day): void {
  const { today, chance, learnt, register } = making
  const early = introduced <= day('2020-11-03')
  if (chance.percent(5)) {
    const away = chance.dayBetween(latest(introduced, day('2020-06-01')), addDays(today, -40))
    const back = chance.percent(50)
      ? chance.dayBetween(addDays(away, 30), addDays(today, -5))
      : undefined
    register.absence(person, 'leave-of-absence', away, back)
    if (early && away < day('2020-11-03') && !back) return
    if (back && back > seminarBegins) {
      const on = chance.dayBetween(addDays(back, 2), addMonths(back, 3))
      if (on < today) learnt.push({ person, course: 'lords-seminar', delivery: 'remote', on })
      return
    }
  }
  const due = early ? lordsDue : addMonths(introduced, 3)
  const late = !chance.percent(94)
  if (late && chance.percent(25)) return
  const on = late
    ? chance.dayBetween(addDays(due, 1), addDays(due, 120))
    : chance.dayBetween(early ? day('2020-09-14') : addDays(introduced, 5), due)
  if (on >= today) return
  const course = on < seminarBegins ? 'lords-first-course' : 'lords-seminar'
  learnt.push({ person, course, delivery: chance.percent(85) ? 'remote' : 'face-to-face', on })
}

function addLords(making: Making): { peer: string; peerEmail: string } {
  const { today, chance, register } = making
  const recent = addDays(today, -62)
  const newcomer = register.person({ name: 'Lord Bramblecote of Mossybank', language: 'en' })
  register.term(newcomer.id, 'peer', 'lords', recent, {
    party: 'Compass Democrats',
    title: 'Baron Bramblecote',
  })
  for (let seat = 1; seat < 830; seat++) {
    const { id, name } = register.person()
    const introduced =
      seat < 60
        ? chance.dayBetween(day('2020-11-10'), addDays(today, -20))
        : chance.dayBetween(day('1992-05-01'), day('2020-10-30'))
    const crossbench = chance.percent(22)
    const party = crossbench ? 'Crossbench' : partyFor(chance).name
    register.term(id, 'peer', 'lords', introduced, { party })
    lordsLearning(making, id, introduced)
    if (seat % 3 === 0) {
      const office = register.office(`Office of ${name}`, 'lords', 'member', { employer: id })
      for (let post = chance.between(1, 2); post > 0; post--) {
        addStaff(making, office, 'lords', latest(introduced, addDays(today, -1800)))
      }
    }
  }
  return { peer: newcomer.id, peerEmail: newcomer.email }
}

function addHouseStaff(making: Making): {
  teams: { office: string; head: string; headEmail: string }[]
} {
  const { today, chance, register } = making
  const long = addDays(today, -4000)
  const teams: { office: string; head: string; headEmail: string }[] = []
  const all = departments.flatMap(({ house, name, teams: inside }) => {
    const department = register.office(name, house, 'department')
    const chief = register.person()
    register.term(chief.id, 'staff', house, long, {
      office: department,
      title: 'Head of department',
    })
    staffLearning(making, chief.id, long)
    register.manager(department, chief.id, addDays(today, -1500))
    return inside.map((team) => ({ house, department, team }))
  })
  for (const { house, department, team } of all) {
    const office = register.office(team, house, 'team', { parent: department })
    const { id, email } = register.person()
    register.term(id, 'staff', house, long, { office, title: 'Head of team' })
    staffLearning(making, id, long)
    register.manager(office, id, addDays(today, -1400))
    teams.push({ office, head: id, headEmail: email })
    for (let post = Math.ceil(4150 / all.length); post > 0; post--) {
      const one = register.person()
      const from = chance.dayBetween(addDays(today, -3600), addDays(today, -5))
      register.term(one.id, 'staff', house, from, { office, title: chance.pick(houseGrades) })
      staffLearning(making, one.id, from)
    }
  }
  return { teams }
}

/** House staff who have been trusted with something, each with an account. */
function addOfficers(making: Making, office: string): void {
  const { today, register, accounts } = making
  const officer = (shows: string, title: string, roles: readonly Role[]) => {
    const { id, email } = register.person()
    const from = addDays(today, -1200)
    register.term(id, 'staff', 'both', from, { office, title })
    making.learnt.push({
      person: id,
      course: 'behaviour-code-staff',
      delivery: 'online',
      on: addDays(today, -300),
    })
    accounts.push({ shows, email, person: id, roles })
  }
  officer('trainer: plans sessions, uploads registers', 'Trainer', [{ name: 'trainer' }])
  officer('coordinator: every list, the directory, the programme', 'Compliance Coordinator', [
    { name: 'coordinator' },
  ])
  officer('decision-maker: excusals and extensions', 'Registrar', [{ name: 'decision-maker' }])
  officer('second decision-maker: approves excusals', 'Deputy Registrar', [
    { name: 'decision-maker' },
  ])
  officer(
    'conduct officer of the Commons Commissioner: the running case',
    'Investigations Manager',
    [{ name: 'conduct-officer', body: 'commons-commissioner' }],
  )
  officer('conduct officer of the Lords Commissioner', 'Investigations Manager', [
    { name: 'conduct-officer', body: 'lords-commissioner' },
  ])
  officer('safeguarding officer', 'Safeguarding Lead', [{ name: 'safeguarding-officer' }])
  officer('party officer of the Lantern Party: its Members only', 'Whips’ Office Manager', [
    { name: 'party-officer', party: 'Lantern Party' },
  ])
  officer('auditor of the programme', 'Internal Auditor', [{ name: 'auditor' }])
  officer('author: faults in content, statistics', 'Learning Designer', [{ name: 'author' }])
  officer('administrator: accounts and roles', 'Service Owner', [{ name: 'administrator' }])
}

/**
 * Makes the demo parliament: the same for the same day and seed. 650 MPs, 830 peers, their staff,
 * House staff, offices, managers and officers, with more than three years of history.
 */
export function makeParliament(today: Day, random: Random): Parliament {
  const chance = createChance(random)
  const register = createRegister(chance)
  const making: Making = { today, chance, register, learnt: [], accounts: [] }
  const { member, memberOffice } = addCommons(making)
  const { peer, peerEmail } = addLords(making)
  const { teams } = addHouseStaff(making)
  const account = (shows: string, email: string, person: string) =>
    making.accounts.push({ shows, email, person, roles: [] })

  account(
    'Member: what they owe, a course, their own staff',
    'ffion.appletree@parliament.example',
    member,
  )
  account('peer: introduced two months ago, due within three', peerEmail, peer)
  const assistant = register.person({ name: 'Osian Nettlefold-Roy', language: 'cy' })
  register.term(assistant.id, 'staff', 'commons', addDays(today, -80), {
    office: memberOffice,
    title: 'Caseworker',
  })
  account('member of a Member’s staff: overdue, reads Welsh', assistant.email, assistant.id)
  const [team] = teams
  if (team) account('manager of a team of House staff', team.headEmail, team.head)
  const compliance = register.office('Behaviour Code Training', 'both', 'department')
  addOfficers(making, compliance)
  return {
    files: register.files(),
    learnt: making.learnt,
    accounts: making.accounts,
    respondent: member,
  }
}
