/** One thing measured. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly detail?: string
}

/** Measures something and tells its figures one after another. */
export type Benchmark = () => AsyncIterable<Figure>
