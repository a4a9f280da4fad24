/** Whether this program runs from its source, as in tests and while it is worked on, or compiled. */
export const fromSource = import.meta.url.endsWith('.ts')

/**
 * How Node is told to load what this program starts of its own. Not every way of loading TypeScript is
 * inherited, so from source one is named that threads and processes can load.
 */
export const loading = fromSource
  ? ['--import', new URL('../from-source/register.js', import.meta.url).href]
  : []

/** The same for a thread; compiled, it inherits how the process was started. */
export const threadLoading = fromSource ? { execArgv: loading } : {}
