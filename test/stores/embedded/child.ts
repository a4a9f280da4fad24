import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { loading } from '../../../src/from-source.js'

const program = fileURLToPath(new URL('./child-server.ts', import.meta.url))

/** A server in a process of its own, which can be killed. */
export interface ChildServer {
  readonly uri: string
  readonly pid: number
  /** Ends it at once, without a chance to tidy up. */
  kill(): Promise<void>
}

/** What the process said instead of starting. */
export class StartFailed extends Error {}

/** Starts a server in a process of its own; `limits` are those of a shell's `ulimit`, such as `-f 2000`. */
export async function childServer(dir: string, limits = '', user?: number): Promise<ChildServer> {
  const node = `exec "$0" ${loading.map((word) => `"${word}"`).join(' ')} "${program}" "${dir}"`
  const child = spawn(
    '/bin/sh',
    ['-c', `${limits ? `ulimit ${limits}; ` : ''}${node}`, process.execPath],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      ...(user === undefined ? {} : { uid: user, gid: user }),
    },
  )
  const gone = once(child, 'exit')
  child.stdout.setEncoding('utf8')
  let said = ''
  const first = await new Promise<string>((resolve) => {
    child.stdout.on('data', (text: string) => {
      said += text
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')))
    })
    void gone.then(() => resolve(said))
  })
  if (!first.startsWith('mongodb:')) {
    await gone
    throw new StartFailed(first)
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone
  }
  return { uri: first, pid: child.pid ?? 0, kill }
}
