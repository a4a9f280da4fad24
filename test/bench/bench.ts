import { compliance } from './compliance.js'
import { embedded } from './embedded.js'
import type { Benchmark } from './figure.js'

const benchmarks: Readonly<Record<string, Benchmark>> = { compliance, embedded }

// `npm run bench -- embedded`: the named ones, or all; one line of JSON for each figure.
const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : Object.keys(benchmarks)) {
  const run = benchmarks[name]
  if (!run)
    throw new Error(`there is no benchmark '${name}', only ${Object.keys(benchmarks).join(', ')}`)
  for await (const figure of run())
    console.log(JSON.stringify({ ...figure, name: `${name}: ${figure.name}` }))
}
