/** A refusal that the caller can do something about: said in one line, exit 1. */
export class Refusal extends Error {}

/** Writes one line, or the data as JSON where `--json` was asked for. */
export function print(json: boolean | undefined, data: unknown, lines: readonly string[]): void {
  process.stdout.write(
    json ? `${JSON.stringify(data)}\n` : lines.map((line) => `${line}\n`).join(''),
  )
}

/** What long work is doing, where somebody is watching. */
export function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${what} …\n`)
}
