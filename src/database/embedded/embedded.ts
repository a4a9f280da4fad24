import type { Log } from '../../log.js'

export interface EmbeddedServer {
  uri: string
  close(): Promise<void>
}
export class DirectoryInUse extends Error {}
export const startEmbedded = (_options: { dir: string; log: Log }): Promise<EmbeddedServer> =>
  Promise.reject(new Error('not here yet'))
