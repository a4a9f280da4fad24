import { stringify } from 'csv-stringify/sync'
import type { Day } from '../clock.js'
import type { Language } from '../language.js'
import {
  foldName,
  type AbsenceKind,
  type DirectoryFile,
  type House,
  type TermKind,
} from '../people/people.js'
import type { Chance } from './chance.js'
import { firstNames, lastNames } from './names.js'

type Row = Record<string, string>

/** The five files of the demo parliament while they are being written. */
export interface Register {
  person(preset?: { name?: string; language?: Language }): {
    id: string
    name: string
    email: string
  }
  office(
    name: string,
    house: House,
    kind: string,
    above?: { parent?: string; employer?: string },
  ): string
  term(
    person: string,
    kind: TermKind,
    house: House,
    from: Day,
    more?: { to?: Day; party?: string; office?: string; title?: string },
  ): void
  absence(person: string, kind: AbsenceKind, from: Day, to?: Day): void
  manager(office: string, person: string, from: Day): void
  files(): Record<DirectoryFile, Uint8Array>
}

const columns: Record<DirectoryFile, readonly string[]> = {
  people: ['id', 'name', 'email', 'language'],
  offices: ['id', 'name', 'house', 'kind', 'parent', 'employer'],
  terms: ['person', 'kind', 'house', 'party', 'office', 'title', 'from', 'to'],
  absences: ['person', 'kind', 'from', 'to'],
  managers: ['office', 'person', 'from', 'to'],
}

/** Begins an empty register; names are drawn so that each full name is there once. */
export function createRegister(chance: Chance): Register {
  const rows: Record<DirectoryFile, Row[]> = {
    people: [],
    offices: [],
    terms: [],
    absences: [],
    managers: [],
  }
  const taken = new Set<string>()

  function freeName(): string {
    for (;;) {
      const name = `${chance.pick(firstNames)} ${chance.pick(lastNames)}`
      if (!taken.has(name)) return name
    }
  }

  return {
    person({ name = freeName(), language = chance.percent(6) ? 'cy' : 'en' } = {}) {
      taken.add(name)
      const id = `P${String(10_000 + rows.people.length)}`
      const email = `${foldName(name).replaceAll(' ', '.')}@parliament.example`
      rows.people.push({ id, name, email, language })
      return { id, name, email }
    },
    office(name, house, kind, { parent = '', employer = '' } = {}) {
      const id = `O${String(1_000 + rows.offices.length)}`
      rows.offices.push({ id, name, house, kind, parent, employer })
      return id
    },
    term(person, kind, house, from, { to = '', party = '', office = '', title = '' } = {}) {
      rows.terms.push({ person, kind, house, party, office, title, from, to })
    },
    absence(person, kind, from, to) {
      rows.absences.push({ person, kind, from, to: to ?? '' })
    },
    manager(office, person, from) {
      rows.managers.push({ office, person, from, to: '' })
    },
    files() {
      const text = (file: DirectoryFile) =>
        Buffer.from(stringify(rows[file], { header: true, columns: [...columns[file]] }))
      return {
        people: text('people'),
        offices: text('offices'),
        terms: text('terms'),
        absences: text('absences'),
        managers: text('managers'),
      }
    },
  }
}
