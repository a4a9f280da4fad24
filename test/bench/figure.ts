/** One thing measured. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it must reach, where the issue says so: at most this. */
  readonly goal?: number
  /** Processor time of the whole process meanwhile, in milliseconds: what a busy machine does not spoil. */
  readonly cpu?: number
  readonly detail?: string
}

/** Measures something and tells its figures, one after another or all at the end. */
export type Benchmark = () => AsyncIterable<Figure> | Promise<Iterable<Figure>>

export const rounded = (value: number): number => Math.round(value * 100) / 100

export const atShare = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0

/** Median, 95th and 99th of a hundred. */
export const spread = (values: readonly number[]): string =>
  [0.5, 0.95, 0.99].map((share) => rounded(atShare(values, share))).join('/')
