import fc from 'fast-check'

/** Whether `npm run test:long` asked for the full counts. */
export const long = process.env['LONG'] === '1'

/** How many rounds: a sample in `npm test`, the full count in `npm run test:long`. */
export const rounds = (sample: number, full: number): number => (long ? full : sample)

const seed = Number(process.env['SEED'])

/** fast-check settings with a seed that a failure prints; repeat one with `SEED=… npm test`. */
export const property = (sample: number, full: number): fc.Parameters<unknown> => ({
  numRuns: rounds(sample, full),
  seed,
  verbose: fc.VerbosityLevel.None,
})
