import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import tsBlankSpace from 'ts-blank-space'

const program = fileURLToPath(new URL('./embedded-server.ts', import.meta.url))
const dist = new URL('../../dist', import.meta.url).href

/** An embedded database in a process of its own. */
export interface Server {
  readonly process: ChildProcess
  readonly uri: string
  readonly started: number
}

/** Asks a server something, or waits for what it says of itself. */
export async function answer<T>(server: ChildProcess, question?: string): Promise<T> {
  if (question) server.send(question)
  const [said] = (await once(server, 'message')) as [T]
  return said
}

/** Starts a server on a folder; it keeps what is in it. */
export async function start(dir: string): Promise<Server> {
  // Without types, so that the compiler that takes them out is not in the server's memory.
  writeFileSync(join(dir, 'server.mjs'), tsBlankSpace(readFileSync(program, 'utf8')))
  const server = fork(join(dir, 'server.mjs'), [dir, dist], { execArgv: [] })
  return { process: server, ...(await answer<{ uri: string; started: number }>(server)) }
}

/** Kills a server as a crash would. */
export async function stop({ process: server }: Server): Promise<void> {
  server.kill('SIGKILL')
  await once(server, 'exit')
}

/** The processor time that a server has taken, in microseconds. */
export const cpuOf = async (server: ChildProcess): Promise<number> =>
  (await answer<{ cpu: number }>(server, 'cpu')).cpu

/** The resident memory of a server, in MB. */
export const memoryOf = async ({ process: server }: Server): Promise<number> =>
  (await answer<{ rss: number }>(server, 'memory')).rss / 1e6
