import type { Download } from '../../src/training-sessions/training-sessions.js'

/** A download as text. */
export async function collect({ pieces }: Download): Promise<string> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all).toString()
}
