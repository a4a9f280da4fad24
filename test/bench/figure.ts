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
