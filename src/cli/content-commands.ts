import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { checkFolder } from '../compliance/compliance.js'
import { readConfig } from '../config.js'
import { inWords } from './sentences.js'
import { print, Refusal } from './terminal.js'

/** Says what is wrong in a courses folder, without a database and without a server. */
function checkContent(folder: string | undefined, { json }: { json?: boolean }): void {
  const root = folder ?? readConfig().coursesDir
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Refusal(`${root} is not a folder`)
  }
  const faults = checkFolder(root).map(({ course, file, line, withholds, say }) => {
    const from = course === undefined ? {} : { course }
    return { ...from, file, line, withholds, says: inWords(say) }
  })
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
    .description('what is wrong in the files of courses and programme, by file and line')
    .option('--json', 'print JSON')
    .action(checkContent)
}
