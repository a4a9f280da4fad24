/** One thing measured. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly detail?: string
}

/** Measures something and tells its figures, one after another or all at the end. */
export type Benchmark = () => AsyncIterable<Figure> | Promise<Iterable<Figure>>
