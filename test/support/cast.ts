import { systemActor, type Role } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { smallParliament } from './parliament.js'
import { createWorld, type World } from './world.js'

/** The small parliament on 2 March 2026, with Olive, who acts for the Commons Commissioner, and Mair. */
export async function createConductWorld(directory = smallParliament): Promise<World> {
  const world = await createWorld('2026-03-02T10:00:00Z')
  await world.directory(directory)
  const body = 'commons-commissioner'
  await world.account('olive@example.org', undefined, { name: 'conduct-officer', body })
  await world.account('mair@parliament.example', 'mair')
  return world
}

/** The same with Tess, who may give every course face to face. */
export async function createCircleWorld(): Promise<World> {
  const world = await createConductWorld({
    ...smallParliament,
    people: `${smallParliament.people}tess,Tess Merlin,tess@parliament.example,en\n`,
    terms: `${smallParliament.terms}tess,staff,both,,dept,Trainer,2024-01-08,\n`,
  })
  await world.account('tess@parliament.example', 'tess', { name: 'trainer' })
  await world.app.training.accreditations.grant(systemActor('test'), {
    person: 'tess',
    name: 'sexual-violence',
    from: day('2026-01-01'),
  })
  return world
}

/** Every role there is that somebody may hold beside being a person, of one body where it is a body's. */
export const everyRole = (body: string): Role[] => [
  { name: 'administrator' },
  { name: 'coordinator' },
  { name: 'auditor' },
  { name: 'author' },
  { name: 'trainer' },
  { name: 'decision-maker' },
  { name: 'safeguarding-officer' },
  { name: 'conduct-officer', body },
]
