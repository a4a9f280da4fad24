import { monitorEventLoopDelay } from 'node:perf_hooks'
import { MongoClient } from 'mongodb'
import type { startEmbedded as Start } from '../../src/database/embedded/embedded.js'
import { createLog } from '../../src/log.js'

// Stands for the web server: the built database in its thread, and a client in the main one.
const built = new URL('../../dist/database/embedded/embedded.js', import.meta.url).href
const { startEmbedded } = (await import(built)) as { startEmbedded: typeof Start }

const began = performance.now()
const { uri } = await startEmbedded({ dir: process.argv[2] ?? '', log: createLog('warn') })
process.send?.({ uri, started: performance.now() - began })

const client = await MongoClient.connect(uri)
const collection = client.db('bench').collection('documents')

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
    // How late a timer of this thread may be while the database works.
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const start = performance.now()
    await collection
      .aggregate([
        { $group: { _id: '$group', n: { $sum: 1 }, sum: { $sum: '$n' }, last: { $max: '$at' } } },
      ])
      .toArray()
    const took = performance.now() - start
    delay.disable()
    process.send?.({ took, delay: delay.max / 1e6 })
  })()
})
