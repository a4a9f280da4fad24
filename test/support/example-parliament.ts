import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import type { Delivery } from '../../src/courses/courses.js'
import { absencesCsv, managersCsv, officesCsv, peopleCsv, termsCsv } from './parliament.js'
import type { Visitor } from './visitor.js'
import type { World } from './world.js'

const system = systemActor('test')

/** The people of the domain's examples, each as the directory would have them. */
export const exampleParliament = {
  people: peopleCsv(
    'early,Lord Early,early@parliament.example,en',
    'late,Baroness Late,late@parliament.example,en',
    'new,Lord New,new@parliament.example,en',
    'away,Lord Away,away@parliament.example,en',
    'refuser,Lord Refuser,refuser@parliament.example,en',
    'held,Lady Held,held@parliament.example,en',
    'panel,Paul Panel,panel@parliament.example,en',
    'a,Aled Member,a@parliament.example,en',
    'b,Lord Bea,b@parliament.example,en',
    'c,Cara Member,c@parliament.example,en',
    'two,Dylan Twoposts,two@parliament.example,en',
    'other,Olwen Other,other@parliament.example,en',
  ),
  offices: officesCsv(
    'office-a,Office of Aled Member,commons,member,,a',
    'office-b,Office of Lord Bea,lords,member,,b',
    'office-c,Office of Cara Member,commons,member,,c',
  ),
  terms: termsCsv(
    'early,peer,lords,Crossbench,,,2015-06-01,',
    'late,peer,lords,Crossbench,,,2015-06-01,',
    'new,peer,lords,Crossbench,,,2021-11-30,',
    'away,peer,lords,Crossbench,,,2010-01-12,',
    'refuser,peer,lords,Crossbench,,,2015-06-01,',
    'held,peer,lords,Crossbench,,,2015-06-01,',
    'panel,mp,commons,Harbour Party,,Northmoor,2019-12-12,',
    'a,mp,commons,Lantern Party,,Wrenford,2024-07-04,',
    'b,peer,lords,Lantern Party,,,2012-01-12,',
    'c,mp,commons,Harbour Party,,Quaymouth,2024-07-04,',
    'two,staff,commons,,office-a,Researcher,2025-03-01,2025-06-30',
    'two,staff,lords,,office-b,Researcher,2025-05-01,',
    'two,staff,commons,,office-c,Researcher,2025-10-01,',
    'other,staff,commons,,office-a,Caseworker,2025-01-06,',
  ),
  absences: absencesCsv(
    'away,leave-of-absence,2020-09-01,2023-01-13',
    'held,suspended,2020-12-07,2022-09-01',
  ),
  managers: managersCsv(),
}

/** Lets a register say that somebody completed a course. */
export async function completeIn(
  world: World,
  person: string,
  course: string,
  on: string,
  delivery: Delivery,
): Promise<void> {
  await world.app.completions.recordMany(system, [
    {
      person,
      course,
      delivery,
      on: day(on),
      version: { hash: 'v1', label: '1' },
      evidence: { kind: 'register', id: `${person}-${on}` },
    },
  ])
}

/** The row of a list that bears a name, as it is read; empty where there is none. */
export async function rowOf(visitor: Visitor, address: string, name: string): Promise<string> {
  const { $ } = await visitor.get(address)
  const row = $('tbody tr').filter((_, one) => $(one).text().includes(name))
  return row.text().replace(/\s+/g, ' ').trim()
}
