import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { checkDesign } from '../certificates/certificates.js'
import { checkFolder } from '../compliance/compliance.js'
import { readConfig } from '../config.js'
import { inWords } from './sentences.js'
import { print, Refusal } from './terminal.js'

interface Found {
  course?: string
  file: string
  line: number
  withholds: boolean
  says: string
}

const designFile = 'design.yaml'

/** What is wrong with the designs of certificates in a folder; a design with a fault cannot be used. */
const designFaults = (folder: string): Found[] =>
  readdirSync(folder)
    .filter((design) => existsSync(join(folder, design, designFile)))
    .flatMap((design) =>
      checkDesign(join(folder, design)).map(({ file = designFile, line = 1, say }) => ({
        file: join(design, file),
        line,
        withholds: true,
        says: inWords(say),
      })),
    )

const courseFaults = (folder: string): Found[] =>
  checkFolder(folder).map(({ course, file, line, withholds, say }) => {
    const from = course === undefined ? {} : { course }
    return { ...from, file, line, withholds, says: inWords(say) }
  })

/** Says what is wrong in courses, programme and designs, without a database and without a server. */
function checkContent(folder: string | undefined, { json }: { json?: boolean }): void {
  const { coursesDir, certificatesDir } = readConfig()
  const root = folder ?? coursesDir
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Refusal(`${root} is not a folder`)
  }
  const faults =
    folder !== undefined && existsSync(join(folder, 'certificates.yaml'))
      ? designFaults(folder)
      : [...courseFaults(root), ...(folder === undefined ? designFaults(certificatesDir) : [])]
  const withheld = new Set(
    faults.filter(({ withholds }) => withholds).map(({ course, file }) => course ?? file),
  )
  print(json, { faults, withheld: [...withheld] }, [
    ...faults.map(({ file, line, withholds, says }) =>
      [`${file}:${line}`, withholds ? 'withheld' : 'advice', says].join('\t'),
    ),
    `${faults.length} faults${withheld.size > 0 ? `; withheld: ${[...withheld].join(', ')}` : ''}`,
  ])
  if (withheld.size > 0) process.exitCode = 1
}

export function addContentCommands(program: Command): void {
  program
    .command('check-content [folder]')
    .description('what is wrong in courses, programme and certificate designs, by file and line')
    .option('--json', 'print JSON')
    .action(checkContent)
}
