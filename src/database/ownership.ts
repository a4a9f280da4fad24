import { existsSync, linkSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DatabaseRefused } from './refused.js'

/** Who has a data directory, as `owner.json` says, so that the command line finds the server. */
export interface Owner {
  readonly pid: number
  readonly uri: string
  readonly startedAt: string
  /** Tells the process from another one that got the same number later, where the system can. */
  readonly process?: string | undefined
}

/** Thrown when another server already has the data directory. */
export class DirectoryInUse extends DatabaseRefused {
  constructor(dir: string, { pid, startedAt, uri }: Owner) {
    super(
      `the data directory ${dir} is in use by process ${pid}, which has had it since ${startedAt} (${uri})`,
    )
    this.name = 'DirectoryInUse'
  }
}

/** Who has a data directory, as far as the file says; the process may be gone. */
export function readOwner(dir: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8')) as Owner
  } catch {
    return undefined
  }
}

/** When a process began, counted since a boot that is named too; nothing where that cannot be read. */
function processMark(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${started}`
  } catch {
    return undefined
  }
}

/** Whether somebody answers where an owner is said to listen. */
function answers(uri: string): Promise<boolean> {
  const address = decodeURIComponent(uri.replace('mongodb://', ''))
  const [host = '', port = ''] = address.split(':')
  const socket = address.startsWith('/') ? connect(address) : connect(Number(port), host)
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy()) as Promise<boolean>
}

/** The directories that this very process has, which its own mark cannot tell from a stale one. */
const own = new Set<string>()

async function isAlive(dir: string, { pid, uri, process: mark }: Owner): Promise<boolean> {
  if (own.has(dir) || (await answers(uri))) return true
  // It may not listen yet, so the process is looked at too, unless it is this one.
  return pid !== process.pid && mark !== undefined && processMark(pid) === mark
}

/** Who has a data directory; nothing where that process is gone. */
export async function findOwner(dir: string): Promise<Owner | undefined> {
  const owner = readOwner(dir)
  return owner && (await isAlive(realpathSync(dir), owner)) ? owner : undefined
}

/** Puts a file there unless there is one; whether it did. */
function claim(file: string, owner: Owner): boolean {
  const draft = `${file}.${process.pid}.${performance.now()}`
  writeFileSync(draft, `${JSON.stringify(owner, undefined, 2)}\n`, { mode: 0o600 })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (existsSync(file)) return false
    throw error
  } finally {
    rmSync(draft)
  }
}

/**
 * Takes a data directory, also from a process that has died with it. Returns how to give it back.
 * Throws `DirectoryInUse`.
 */
export async function takeDirectory(
  dir: string,
  uri: string,
  startedAt: string,
): Promise<() => void> {
  const owner: Owner = { pid: process.pid, uri, startedAt, process: processMark(process.pid) }
  const [file, taking] = [join(dir, 'owner.json'), join(dir, 'owner.taking')]
  for (let attempt = 0; !claim(file, owner); attempt++) {
    const found = readOwner(dir)
    if (found && (await isAlive(dir, found))) throw new DirectoryInUse(dir, found)
    // Of several that find a dead owner only one may clear it away; the others look again.
    if (claim(taking, owner)) {
      const still = readOwner(dir)
      if (still?.startedAt === found?.startedAt && still?.pid === found?.pid)
        rmSync(file, { force: true })
      rmSync(taking)
    } else if (attempt > 40) rmSync(taking, { force: true })
    else await wait(50)
  }
  own.add(dir)
  return () => {
    own.delete(dir)
    rmSync(file, { force: true })
  }
}
