import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { loading } from '../../src/from-source.js'

interface Started {
  page: string
  bare: string
  cookie: string
}

const seconds = 5

/** A page of a course from the server: how long one reader waits, and beside a bare Express page. */
export async function* learningFigures() {
  const child = fork(fileURLToPath(new URL('./learning-server.ts', import.meta.url)), {
    execArgv: loading,
  })
  try {
    const [started] = (await once(child, 'message')) as [Started]
    const { page, bare, cookie } = started
    const load = async (url: string, connections: number) => {
      const headers = { cookie }
      await autocannon({ url, connections, duration: 2, headers })
      const run = await autocannon({ url, connections, duration: seconds, headers })
      if (run.non2xx > 0 || run.errors > 0) throw new Error(`${url}: ${run.non2xx} not answered`)
      return run
    }
    const one = await medianOf(page, cookie)
    // In turn, so that whatever else the machine does touches both.
    const [own, other] = [await load(page, 10), await load(bare, 10)]
    const where = `${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1) ?? ''}`
    yield {
      name: 'learning.course-page-median',
      value: Math.round(one * 100) / 100,
      unit: 'ms',
      detail: `at 1 connection, signed in, on the embedded database, goal 15; ${where}`,
    }
    const [mine, theirs] = [own.requests.average, other.requests.average]
    yield {
      name: 'learning.course-page-share-of-bare-express',
      value: Math.round((mine / theirs) * 1000) / 10,
      unit: '%',
      detail: `${Math.round(mine)} a second beside ${Math.round(theirs)} of the same words from a bare Express page, 10 connections, goal 30; ${where}`,
    }
  } finally {
    if (child.connected) child.send('stop')
    await once(child, 'exit')
  }
}

/** The median of one reader's waits, one request after another, in milliseconds. */
async function medianOf(url: string, cookie: string): Promise<number> {
  const waits: number[] = []
  for (let at = 0; at < 600; at++) {
    const began = performance.now()
    const answer = await fetch(url, { headers: { cookie } })
    await answer.text()
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`)
    if (at >= 100) waits.push(performance.now() - began)
  }
  return waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? Number.NaN
}
