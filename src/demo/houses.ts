import { addDays, addMonths, day, latest, type Day } from '../clock.js'
import { addStaff, partyFor, type Making } from './making.js'
import { constituencies } from './names.js'

const lordsDue = day('2021-04-01')
const seminarBegins = day('2022-05-24')

/** The Thursday at or before a day. */
const thursday = (on: Day): Day => addDays(on, -((new Date(on).getUTCDay() + 3) % 7))

/** The Members of the Commons of two parliaments, their offices and staff. */
export function addCommons(making: Making): { member: string; memberOffice: string } {
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

/** The Members of the Lords and their staff. */
export function addLords(making: Making): { peer: string; peerEmail: string } {
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
