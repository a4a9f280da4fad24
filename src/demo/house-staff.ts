import type { Role } from '../actor.js'
import { addDays } from '../clock.js'
import { staffLearning, type Making } from './making.js'
import { departments, houseGrades } from './names.js'

/** A team of House staff and whoever leads it. */
interface Team {
  head: string
  headName: string
  headEmail: string
}

/** Those who work for the Houses themselves, in departments and teams. */
export function addHouseStaff(making: Making): {
  teams: Team[]
} {
  const { today, chance, register } = making
  const long = addDays(today, -4000)
  const teams: Team[] = []
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
    const first = teams.length === 0
    const { id, name, email } = register.person(
      first ? { name: 'Wanda Larkrise', language: 'en' } : {},
    )
    register.term(id, 'staff', house, long, { office, title: 'Head of team' })
    staffLearning(making, id, long)
    register.manager(office, id, addDays(today, -1400))
    teams.push({ head: id, headName: name, headEmail: email })
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
export function addOfficers(making: Making, office: string): void {
  const { today, register, accounts } = making
  const officer = (name: string, shows: string, title: string, roles: readonly Role[]) => {
    const { id, email } = register.person({ name, language: 'en' })
    making.names.set(id, name)
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
  officer('Dafydd Pantglas', 'trainer: plans sessions, uploads registers', 'Trainer', [
    { name: 'trainer' },
  ])
  officer(
    'Davina Quillmoor',
    'coordinator: every list, the directory, the programme',
    'Compliance Coordinator',
    [{ name: 'coordinator' }],
  )
  officer('Isla Thornbury-West', 'decision-maker: excusals and extensions', 'Registrar', [
    { name: 'decision-maker' },
  ])
  officer('Sorcha Kingsmead', 'second decision-maker: approves excusals', 'Deputy Registrar', [
    { name: 'decision-maker' },
  ])
  officer(
    'Zofia Marchbanks',
    'conduct officer of the Commons Commissioner: the running case',
    'Investigations Manager',
    [{ name: 'conduct-officer', body: 'commons-commissioner' }],
  )
  officer('Gwen Overbury', 'conduct officer of the Lords Commissioner', 'Investigations Manager', [
    { name: 'conduct-officer', body: 'lords-commissioner' },
  ])
  officer('Leila Standish-Moor', 'safeguarding officer', 'Safeguarding Lead', [
    { name: 'safeguarding-officer' },
  ])
  officer(
    'Moira Tattersall',
    'party officer of the Lantern Party: its Members only',
    'Whips’ Office Manager',
    [{ name: 'party-officer', party: 'Lantern Party' }],
  )
  officer('Esme Windrush-Lee', 'auditor of the programme', 'Internal Auditor', [
    { name: 'auditor' },
  ])
  officer('Jaspreet Yewtree', 'author: faults in content, statistics', 'Learning Designer', [
    { name: 'author' },
  ])
  officer('Ifan Upperdale', 'administrator: accounts and roles', 'Service Owner', [
    { name: 'administrator' },
  ])
}
