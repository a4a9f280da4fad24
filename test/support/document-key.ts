import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { day } from '../../src/clock.js'
import { makeKeyFile } from '../../src/keys/key-files.js'

let made: { name: string; text: string } | undefined

function make(): { name: string; text: string } {
  const folder = mkdtempSync(join(tmpdir(), 'gs-document-key-'))
  const name = `${makeKeyFile(folder, 'rsa', day('2020-01-01')).id}.key`
  const text = readFileSync(join(folder, name), 'utf8')
  rmSync(folder, { recursive: true })
  return { name, text }
}

/**
 * Gives an institution that has no keys yet the RSA key that documents are signed with, as somebody may
 * by hand: making one takes longer than all else of a start. It makes its other keys itself. All of a
 * run are given the same; `anInstitution` is one with keys of its own.
 */
export function giveDocumentKey(keysDir: string): void {
  made ??= make()
  const documents = join(keysDir, 'institution', 'documents')
  mkdirSync(documents, { recursive: true, mode: 0o700 })
  writeFileSync(join(documents, made.name), made.text, { mode: 0o600 })
}
