/**
 * Thrown where a database, a data directory or a backup cannot be used as it is; the message is a
 * sentence that says why, for the person at the terminal.
 */
export class DatabaseRefused extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(why, options)
    this.name = 'DatabaseRefused'
  }
}

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: 'may not be read or written by this user',
  EPERM: 'may not be changed by this user',
  EROFS: 'is on a file system that can only be read',
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is beyond the quota of this user',
  EFBIG: 'has grown as far as a file may',
  ENOTDIR: 'is not a directory',
  EEXIST: 'is not a directory',
  ENAMETOOLONG: 'has a name that is too long',
}

/** A fault of the system or of a database server as a refusal; any other fault as it is. */
export function asRefusal(fault: unknown): unknown {
  if (!(fault instanceof Error)) return fault
  const { code = '', path = 'What was to be written' } = fault as NodeJS.ErrnoException
  const says = sentences[code]
  if (says) return new DatabaseRefused(`${path} ${says} (${code}).`, { cause: fault })
  const fromServer = fault.name.startsWith('Mongo')
  return fromServer
    ? new DatabaseRefused(`The database refused: ${fault.message}`, { cause: fault })
    : fault
}
