import { addDays, type Day } from '../clock.js'
import type { DirectoryFile } from '../people/people.js'
import type { Random } from '../random.js'
import { createChance } from './chance.js'
import { addOfficers, addHouseStaff } from './house-staff.js'
import { addCommons, addLords } from './houses.js'
import type { DemoAccount, Learnt, Making } from './making.js'
import { createRegister } from './register-of-people.js'

export type { DemoAccount } from './making.js'

/** A whole fictional parliament: its directory as five files, what its people have learnt, who signs in. */
export interface Parliament {
  files: Record<DirectoryFile, Uint8Array>
  learnt: readonly Learnt[]
  accounts: readonly DemoAccount[]
  /** The Member about whom there is a running case. */
  respondent: string
  /** What everybody with an account is called, by person. */
  names: ReadonlyMap<string, string>
}

/**
 * Makes the demo parliament: the same for the same day and seed. 650 MPs, 830 peers, their staff,
 * House staff, offices, managers and officers, with more than three years of history.
 */
export function makeParliament(today: Day, random: Random): Parliament {
  const chance = createChance(random)
  const register = createRegister(chance)
  const making: Making = { today, chance, register, learnt: [], accounts: [], names: new Map() }
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
  const assistantName = 'Osian Nantgarw'
  const assistant = register.person({ name: assistantName, language: 'cy' })
  register.term(assistant.id, 'staff', 'commons', addDays(today, -80), {
    office: memberOffice,
    title: 'Caseworker',
  })
  account('member of a Member’s staff: overdue, reads Welsh', assistant.email, assistant.id)
  const [team] = teams
  if (team) account('manager of a team of House staff', team.headEmail, team.head)
  making.names.set(member, 'Ffion Appletree').set(assistant.id, assistantName)
  if (team) making.names.set(team.head, team.headName)
  const compliance = register.office('Behaviour Code Training', 'both', 'department')
  addOfficers(making, compliance)
  return {
    files: register.files(),
    learnt: making.learnt,
    accounts: making.accounts,
    respondent: member,
    names: making.names,
  }
}
