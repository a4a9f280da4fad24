import { spawnSync } from 'node:child_process'
import type { Context } from 'mocha'

const packages: Readonly<Record<string, string>> = {
  qpdf: 'qpdf',
  pdfsig: 'poppler-utils',
  pdfinfo: 'poppler-utils',
  pdftotext: 'poppler-utils',
  pdftoppm: 'poppler-utils',
  pdfdetach: 'poppler-utils',
  certutil: 'libnss3-tools',
  zbarimg: 'zbar-tools',
}

const isThere = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined

/**
 * Says which tools a test looks with. In CI a missing one is a failure; on a machine that has only Node the
 * test is skipped, and says aloud what to install to have it run.
 */
export function needsTools(context: Context, ...tools: string[]): void {
  const missing = tools.filter((tool) => !isThere(tool))
  if (missing.length === 0) return
  const install = [...new Set(missing.map((tool) => packages[tool] ?? tool))].join(' ')
  const message = `not run: ${missing.join(', ')} missing (apt-get install ${install})`
  if (process.env['CI'] === 'true') throw new Error(message)
  console.warn(`    ${message}`)
  context.skip()
}

/** Runs a tool and gives back what it printed. Throws with its complaint when it fails. */
export function run(tool: string, ...args: string[]): string {
  const result = spawnSync(tool, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (result.status !== 0) {
    throw new Error(`${tool} ${args.join(' ')}: ${result.stderr || result.stdout}`)
  }
  return result.stdout
}
