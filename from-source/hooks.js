import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// How Node reads the TypeScript of this repository without a build: ts-blank-space takes the types out,
// and what comes of a file is kept by its content. A run of the tests starts a hundred threads and
// processes; each of them would read the compiler, and take the types out of the same files, again.

const { version } = createRequire(import.meta.url)('ts-blank-space/package.json')
const kept = new URL('../node_modules/.cache/good-standing/', import.meta.url)

const isSource = (url = '') => url.endsWith('.ts') && !url.includes('/node_modules/')

/** @type {import('node:module').ResolveHook} */
export function resolve(specifier, context, next) {
  // What is imported as the JavaScript that it will be is there as TypeScript.
  if (isSource(context.parentURL) && specifier.startsWith('.') && specifier.endsWith('.js')) {
    const url = new URL(`${specifier.slice(0, -'.js'.length)}.ts`, context.parentURL)
    if (existsSync(url)) return { url: url.href, format: 'module', shortCircuit: true }
  }
  return next(specifier, context)
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!isSource(url)) return next(url, context)
  const text = readFileSync(new URL(url), 'utf8')
  const name = createHash('sha256').update(version).update(text).digest('hex')
  const file = new URL(`${name}.js`, kept)
  const source = `${read(file) ?? (await strip(text, file))}\n//# sourceURL=${url}`
  return { format: 'module', shortCircuit: true, source }
}

/** @param {URL} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** @param {string} text @param {URL} file */
async function strip(text, file) {
  const { default: withoutTypes } = await import('ts-blank-space')
  const source = withoutTypes(text)
  try {
    mkdirSync(kept, { recursive: true })
    // Many may do so at once: a file is there whole or not at all.
    const whole = new URL(`${file.href}.${process.pid}-${performance.now()}`)
    writeFileSync(whole, source)
    renameSync(whole, file)
  } catch {
    // Whoever may not write here goes without.
  }
  return source
}
