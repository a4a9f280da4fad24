import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { loading } from '../../src/from-source.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const program = [...loading, 'src/cli/cli.ts']
export interface Said {
  readonly code: number
  readonly out: string
  readonly complaint: string
}

/** What the command says, and how it ends. */
export const goodStanding = (dataDir: string, ...words: string[]): Promise<Said> =>
  goodStandingWith({ DATA_DIR: dataDir }, ...words)

/** The same with settings of its own. */
export async function goodStandingWith(
  settings: Readonly<Record<string, string>>,
  ...words: string[]
): Promise<Said> {
  const env = { ...process.env, MONGODB_URI: '', ...settings }
  const run = promisify(execFile)(process.execPath, [...program, ...words], { cwd: root, env })
  const done = (code: number, { stdout, stderr }: { stdout: string; stderr: string }): Said => ({
    code,
    out: stdout,
    complaint: stderr,
  })
  return await run.then(
    (said) => done(0, said),
    (error: unknown) => {
      const failed = error as { code: number; stdout: string; stderr: string }
      return done(failed.code, failed)
    },
  )
}

/** Starts the server as a user does; resolves with how to end it once it answers. */
export async function serve(dataDir: string): Promise<() => Promise<void>> {
  const server = spawn(process.execPath, [...program, 'serve'], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', MONGODB_URI: '', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const gone = once(server, 'exit')
  let said = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('Good Standing is at')) resolve()
    })
    void gone.then(() => reject(new Error(said)))
  })
  return async () => {
    server.kill('SIGTERM')
    await gone
  }
}
