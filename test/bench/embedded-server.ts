import { monitorEventLoopDelay } from 'node:perf_hooks'
import { MongoClient } from 'mongodb'
import type { startEmbedded as Start } from '../../src/database/embedded/embedded.js'
import type { createLog as MakeLog } from '../../src/log.js'

// Stands for the web server: the built database in its thread, and a client in the main one.
const [, , directory = '', dist = ''] = process.argv
const [{ startEmbedded }, { createLog }] = (await Promise.all([
  import(`${dist}/database/embedded/embedded.js`),
  import(`${dist}/log.js`),
])) as [{ startEmbedded: typeof Start }, { createLog: typeof MakeLog }]

const began = performance.now()
const { uri, read } = await startEmbedded({ dir: directory, log: createLog('warn') })
process.send?.({ uri, started: performance.now() - began })

const client = await MongoClient.connect(uri)
const collection = client.db('bench').collection('documents')

const pipeline = [
  { $group: { _id: '$group', n: { $sum: 1 }, sum: { $sum: '$n' }, last: { $max: '$at' } } },
]

process.on('message', (asked) => {
  void (async () => {
    if (asked === 'memory') {
      process.send?.({ rss: process.memoryUsage().rss })
      return
    }
    if (asked === 'cpu') {
      const { user, system } = process.cpuUsage()
      process.send?.({ cpu: user + system })
      return
    }
    if (asked === 'look') {
      const times = 10_000
      const names = Array.from({ length: times }, (_, i) => ({
        name: `name ${(i * 7919) % 100_003}`,
      }))
      const each = async (act: (name: { name: string }) => Promise<unknown>): Promise<number> => {
        for (const name of names.slice(0, 1000)) await act(name)
        const start = performance.now()
        for (const name of names) await act(name)
        return ((performance.now() - start) * 1000) / times
      }
      const looked = await each((name) => read('bench.documents', name))
      const found = await each((name) => collection.find(name).toArray())
      process.send?.({ looked, found })
      return
    }
    // How late a timer of this thread may be while the database works.
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const [start, before] = [performance.now(), process.cpuUsage()]
    if (asked === 'rest') await new Promise((resolve) => setTimeout(resolve, 1000))
    else await collection.aggregate(pipeline).toArray()
    const took = performance.now() - start
    delay.disable()
    const { user, system } = process.cpuUsage(before)
    process.send?.({ took, delay: delay.max / 1e6, cpu: (user + system) / 1000 })
  })()
})
