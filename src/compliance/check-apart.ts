import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { ContentFault } from '../courses/courses.js'
import { threadLoading } from '../from-source.js'

/** As `checkFolder`, in a thread of its own: it reads every word of every course, and takes seconds. */
export async function checkFolderApart(root: string): Promise<readonly ContentFault[]> {
  const own = fileURLToPath(import.meta.url)
  const pool = new Piscina({
    filename: new URL(`./check-folder${extname(own)}`, import.meta.url).href,
    maxThreads: 1,
    ...threadLoading,
  })
  try {
    return (await pool.run(root, { name: 'checkFolder' })) as readonly ContentFault[]
  } finally {
    await pool.close()
  }
}
