/** CSV text from rows: the header of a directory file, then what is given. */
const csv =
  (header: string) =>
  (...rows: string[]): string =>
    [header, ...rows, ''].join('\n')

export const peopleCsv = csv('id,name,email,language')
export const officesCsv = csv('id,name,house,kind,parent,employer')
export const termsCsv = csv('person,kind,house,party,office,title,from,to')
export const absencesCsv = csv('person,kind,from,to')
export const managersCsv = csv('office,person,from,to')

/** A small parliament: an MP with two members of staff, a peer, a department of the House. */
export const smallParliament = {
  people: peopleCsv(
    'mair,Mair Larkspur,mair@parliament.example,en',
    'tomos,Tomos Wren,tomos@parliament.example,cy',
    'ada,Ada Linnet,ada@parliament.example,en',
    'rowan,Lord Rowan,rowan@parliament.example,en',
    'head,Nia Kestrelow,nia@parliament.example,en',
    'clerk,Omar Teasel,omar@parliament.example,en',
  ),
  offices: officesCsv(
    'o-mair,Office of Mair Larkspur,commons,member,,mair',
    'dept,Department of Records,both,department,,',
    'team,Search Team,both,team,dept,',
  ),
  terms: termsCsv(
    'mair,mp,commons,Lantern Party,o-mair,Wrenford,2024-07-04,',
    'tomos,staff,commons,,o-mair,Caseworker,2026-01-05,',
    'ada,staff,commons,,o-mair,Researcher,2024-09-02,',
    'rowan,peer,lords,Crossbench,,,2026-01-20,',
    'head,staff,both,,dept,Head,2019-01-07,',
    'clerk,staff,both,,team,Clerk,2025-11-03,',
  ),
  absences: absencesCsv('ada,away,2026-02-02,2026-03-20'),
  managers: managersCsv('dept,head,2020-01-06,'),
}

/** A parliament in which what conduct bodies decide has its respondents, trainers and officers. */
export const casesParliament = {
  people: peopleCsv(
    'ann,Ann Ashworth,ann@parliament.example,en',
    'ben,Lord Brook,ben@parliament.example,en',
    'cyn,Lady Cairn,cyn@parliament.example,en',
    'dai,Dai Dwyer,dai@parliament.example,en',
    'tom,Tom Thirsk,tom@parliament.example,en',
    'head,Nia Kestrelow,nia@parliament.example,en',
    'clerk,Omar Teasel,omar@parliament.example,en',
    'zed,Zed Yarrow,zed@parliament.example,en',
    'fay,Fay Fernley,fay@parliament.example,en',
  ),
  offices: officesCsv(
    'dept,Department of Records,both,department,,',
    'far,Estates,both,department,,',
  ),
  terms: termsCsv(
    'ann,mp,commons,Lantern Party,,Wrenford,2015-05-08,',
    'dai,mp,commons,Lantern Party,,Fernham,2015-05-08,',
    'ben,peer,lords,Crossbench,,,2015-01-20,',
    'cyn,peer,lords,Crossbench,,,2015-01-20,',
    'tom,staff,both,,far,Trainer,2015-01-07,',
    'head,staff,both,,dept,Head,2015-01-07,',
    'clerk,staff,both,,dept,Clerk,2015-11-03,',
    'zed,staff,both,,far,Adviser,2015-01-07,',
    'fay,staff,both,,far,Adviser,2015-01-07,',
  ),
  managers: managersCsv('dept,head,2015-01-06,'),
}
