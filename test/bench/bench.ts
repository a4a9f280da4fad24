import type { Benchmark } from './figure.js'

/** Each part is loaded when its turn comes, so that none is warm from another. */
const parts: Readonly<Record<string, () => Promise<Benchmark>>> = {
  pages: async () => (await import('./pages.js')).pages,
  embedded: async () => (await import('./embedded.js')).embedded,
  courses: async () => (await import('./courses.js')).courses,
  compliance: async () => (await import('./compliance.js')).compliance,
  certificates: async () => (await import('./certificates.js')).certificates,
  'certificates-served': async () => (await import('./certificates-served.js')).certificatesServed,
  registers: async () => (await import('./registers.js')).registers,
  sanctions: async () => (await import('./sanctions.js')).sanctionsFigures,
}

// `npm run bench -- embedded courses`: the named ones, or all; one line of JSON for each figure.
const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !Object.hasOwn(parts, name))
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}, only ${Object.keys(parts).join(', ')}.`)
  process.exitCode = 2
} else {
  for (const [name, load] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const run = await load()
    for await (const figure of await run()) console.log(JSON.stringify(figure))
  }
}
