// The house as rows: a file may import from rows below its own, never from a sibling, never upward,
// and from another folder only through its door, the file named like the folder.
// docs/decisions/0002 says why; test/borders holds a planted violation against it.
const rows = [
  ['database', 'keys', 'tables'],
  ['audit', 'notifications', 'surveys'],
  ['people', 'courses'],
  ['identity', 'certificates', 'sanctions', 'requirements', 'adjustments'],
  ['completions'],
  ['learning', 'training-sessions'],
  ['compliance'],
  ['publication', 'reconciler', 'hearing-bundle'],
  ['web', 'demo'],
]
const ground = 'errors|clock|random|actor|log|language|turns|remembering|from-source'
const shared = `^src/(${ground})\\.ts$`
// Every other file beside the folders puts the whole together, and no folder knows of it.
const roots = `^src/(?!(${ground})\\.ts$)[^/]+\\.ts$|^src/cli/`

const upward = rows.flatMap((row, level) =>
  row.map((folder) => {
    const allowed = rows.slice(0, level).flat()
    const others = rows
      .flat()
      .filter((name) => name !== folder && !allowed.includes(name))
      .join('|')
    return {
      name: `${folder}-looks-down-only`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: `^src/(${others})/|${roots}` },
    }
  }),
)

const doors = rows.flat().map((folder) => ({
  name: `${folder}-has-one-door`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${folder}/` },
  to: { path: `^src/${folder}/`, pathNot: `^src/${folder}/${folder}\\.ts$` },
}))

module.exports = {
  forbidden: [
    ...upward,
    ...doors,
    {
      name: 'every-folder-stands-in-a-row',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${rows.flat().join('|')}|cli)/` },
      to: { path: '^src/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-is-the-ground',
      severity: 'error',
      from: { path: shared },
      to: { path: '^src/', pathNot: shared },
    },
    {
      name: 'app-does-not-know-its-starters',
      severity: 'error',
      from: { path: '^src/(app|parts|config)\\.ts$' },
      to: { path: '^src/(main|start)\\.ts$|^src/cli/' },
    },
    {
      name: 'express-and-passport-only-in-web',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/' },
      to: {
        path: 'node_modules/(@types/)?(express|express-session|passport|passport-local|helmet|multer)/',
      },
    },
    {
      name: 'mongoose-only-in-stores',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/database/|-store\\.ts$' },
      to: { path: 'node_modules/(mongoose|mongodb|bson|lmdb)/' },
    },
    {
      name: 'pdfkit-only-in-pdf-files',
      severity: 'error',
      from: { path: '^src/', pathNot: '-pdf\\.ts$' },
      to: { path: 'node_modules/(@types/)?pdfkit/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'src-knows-no-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
