import { expect } from 'chai'
import { checkDirectory } from '../../src/people/directory-checks.js'
import {
  directoryFiles,
  readRows,
  type DirectoryFile,
  type DirectoryRow,
} from '../../src/people/directory-rows.js'
import { readCsv } from '../../src/tables/tables.js'
import { atOnce } from '../../src/turns.js'
import {
  absencesCsv,
  managersCsv,
  officesCsv,
  peopleCsv,
  smallParliament,
  termsCsv,
} from '../support/parliament.js'

const nothingStored = { people: [], offices: [], terms: [], absences: [], managers: [] }
type Files = Partial<Record<DirectoryFile, string | Uint8Array>>

/** What is wrong in a directory's files, as "file:line:column key". */
async function faultsOf(files: Files): Promise<string[]> {
  const read = {} as Record<DirectoryFile, DirectoryRow[]>
  const found = []
  for (const file of directoryFiles) {
    const text = files[file]
    const result =
      text === undefined
        ? undefined
        : atOnce(readRows(file, await readCsv(Buffer.from(text), `${file}.csv`)))
    read[file] = result?.rows ?? []
    found.push(...(result?.faults ?? []))
  }
  found.push(...atOnce(checkDirectory(read, nothingStored)).faults)
  return found.map(({ file, line, column, say }) =>
    [[file, line, column].filter((part) => part !== undefined).join(':'), say.key].join(' '),
  )
}

const windows1252 = Buffer.concat([
  Buffer.from('id,name,email,language\np1,Si'),
  Buffer.from([0xe2]),
  Buffer.from('n,,cy\n'),
])
const utf16 = Buffer.from('\ufeffid,name', 'utf16le')

const cases: [what: string, files: Files, faults: string[]][] = [
  ['nothing wrong', smallParliament, []],
  [
    'a byte-order mark and Windows line ends',
    { people: `\ufeff${peopleCsv('p1,Ann,,en').replaceAll('\n', '\r\n')}` },
    [],
  ],
  ['old Macintosh line ends', { people: peopleCsv('p1,Ann,,en').replaceAll('\n', '\r') }, []],
  [
    'quotes, commas and line breaks in cells',
    { people: peopleCsv('p1,"Ann, ""Nan""",,en', 'p2,"Bet\nsy",,en') },
    ['people.csv:3:name directory.name'],
  ],
  ['columns in another order', { people: 'language,email,name,id\nen,,Ann,p1\n' }, []],
  [
    'a missing column',
    { people: 'id,name,language\np1,Ann,en\n' },
    ['people.csv:1:email directory.column-missing'],
  ],
  [
    'a column nobody knows',
    { people: 'id,name,email,language,notes\np1,Ann,,en,x\n' },
    ['people.csv:1:notes directory.column-unknown'],
  ],
  [
    'a column twice',
    { people: 'id,name,name,email,language\n' },
    ['people.csv:1 table.column-twice'],
  ],
  ['too few cells', { people: peopleCsv('p1,Ann') }, ['people.csv:2 table.cell-count']],
  ['an open quote', { people: peopleCsv('p1,"Ann,,en') }, ['people.csv:2 table.broken-quotes']],
  ['an empty file', { people: '' }, ['people.csv table.empty']],
  ['a PDF', { people: '%PDF-1.7 …' }, ['people.csv table.is-pdf']],
  ['a spreadsheet', { people: 'PK\u0003\u0004…' }, ['people.csv table.is-zip']],
  ['Windows-1252', { people: windows1252 }, ['people.csv:2 table.not-utf-8']],
  ['UTF-16', { people: utf16 }, ['people.csv table.utf-16']],
  [
    'a formula for a name',
    { people: peopleCsv('p1,=1+1,,en') },
    ['people.csv:2:name directory.name'],
  ],
  [
    'script for a name',
    { people: peopleCsv('p1,<script>alert(1)</script>,,en') },
    ['people.csv:2:name directory.name'],
  ],
  [
    'an operator for an id',
    { people: peopleCsv('{$gt:1},Ann,,en') },
    ['people.csv:2:id directory.id'],
  ],
  ['no id', { people: peopleCsv(',Ann,,en') }, ['people.csv:2:id directory.missing']],
  [
    'an id twice',
    { people: peopleCsv('p1,Ann,,en', 'p1,Bet,,en') },
    ['people.csv:3 directory.twice'],
  ],
  [
    'a language that is not here',
    { people: peopleCsv('p1,Ann,,fr') },
    ['people.csv:2:language directory.language'],
  ],
  [
    'an unknown person',
    { terms: termsCsv('ghost,mp,commons,,,,2024-07-04,') },
    ['terms.csv:2:person directory.unknown-person'],
  ],
  [
    'an unknown office',
    { ...smallParliament, terms: termsCsv('clerk,staff,both,,nowhere,,2024-07-04,') },
    ['terms.csv:2:office directory.unknown-office'],
  ],
  [
    'a date that does not exist',
    { ...smallParliament, terms: termsCsv('mair,mp,commons,,,,2024-02-30,') },
    ['terms.csv:2:from directory.date'],
  ],
  [
    'the year 20225',
    { ...smallParliament, terms: termsCsv('mair,mp,commons,,,,20225-02-03,') },
    ['terms.csv:2:from directory.date'],
  ],
  [
    'a term that ends before it begins',
    { ...smallParliament, terms: termsCsv('mair,mp,commons,,,,2024-07-04,2024-07-03') },
    ['terms.csv:2:to directory.ends-before'],
  ],
  [
    'a party for staff',
    { ...smallParliament, terms: termsCsv('clerk,staff,both,Lantern Party,team,,2024-07-04,') },
    ['terms.csv:2:party directory.party-of-staff'],
  ],
  [
    'sitting in both Houses',
    {
      ...smallParliament,
      terms: termsCsv('mair,mp,commons,,,,2024-07-04,', 'mair,peer,lords,,,,2025-01-06,'),
    },
    ['terms.csv:3:from directory.contradicts'],
  ],
  [
    'an MP who becomes a peer',
    {
      ...smallParliament,
      terms: termsCsv('mair,mp,commons,,,,2024-07-04,2025-01-05', 'mair,peer,lords,,,,2025-01-06,'),
    },
    [],
  ],
  [
    'staff with two employers',
    {
      ...smallParliament,
      terms: termsCsv(
        'ada,staff,commons,,o-mair,,2024-07-04,',
        'ada,staff,both,,team,,2025-01-06,',
      ),
    },
    [],
  ],
  [
    'an unknown kind of absence',
    { ...smallParliament, absences: absencesCsv('ada,sick,2024-07-04,') },
    ['absences.csv:2:kind directory.absence-kind'],
  ],
  [
    'an office that is its own parent',
    { offices: officesCsv('a,A,both,team,a,') },
    ['offices.csv:2:parent directory.own-parent'],
  ],
  [
    'offices in a circle',
    { offices: officesCsv('a,A,both,team,b,', 'b,B,both,team,a,') },
    ['offices.csv:2:parent directory.own-parent'],
  ],
  [
    'a manager of themselves',
    { ...smallParliament, managers: managersCsv('team,clerk,2025-01-06,') },
    ['managers.csv:2:person directory.own-manager'],
  ],
]

describe('the files of a directory', () => {
  for (const [what, files, faults] of cases) {
    it(`say of ${what}: ${faults.length === 0 ? 'nothing' : faults.join(', ')}`, async () => {
      expect(await faultsOf(files)).to.deep.equal(faults)
    })
  }
})
