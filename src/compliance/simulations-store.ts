import { chunk } from 'es-toolkit'
import { Schema, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import type { CollectionPlan } from '../database/database.js'
import type { EffectKind } from './effects.js'
import type { Answer, Part } from './roll.js'

/** What a changed programme does to one requirement of one person. */
export interface EffectLine {
  person: string
  name: string
  kind: EffectKind
  duty: string
  part: Part
  before?: Answer
  after?: Answer
}

/** A changed programme tried against everybody, as at the day it would begin. */
export interface Simulation {
  id: string
  on: Day
  at: Date
  people: number
  counts: Record<EffectKind, number>
}

interface SimulationDocument extends Omit<Simulation, 'id'> {
  _id: string
}
interface LineDocument extends EffectLine {
  _id: string
  simulation: string
  place: number
}

const text = { type: String, required: true }
const plain = { versionKey: false, strict: 'throw' } as const
const schema = new Schema(
  { _id: text, on: text, at: { type: Date, required: true }, people: Number, counts: Object },
  { ...plain, collection: 'simulations' },
)
const lineSchema = new Schema(
  {
    _id: text,
    simulation: text,
    place: { type: Number, required: true },
    person: text,
    name: text,
    kind: text,
    duty: text,
    part: Object,
    before: Object,
    after: Object,
  },
  { ...plain, collection: 'simulation_lines' },
)

export const simulationCollections: readonly CollectionPlan[] = [
  { collection: 'simulations', indexes: [] },
  {
    collection: 'simulation_lines',
    indexes: [{ key: { simulation: 1, kind: 1, place: 1 } }, { key: { simulation: 1, place: 1 } }],
  },
]

export function createSimulationsStore(connection: Connection) {
  const simulations = connection.model<SimulationDocument>('simulations', schema)
  const lines = connection.model<LineDocument>('simulation_lines', lineSchema)
  return {
    /** Keeps a simulation with its lines, in the order given, in place of an earlier one of that id. */
    async keep({ id, ...fields }: Simulation, found: readonly EffectLine[]): Promise<void> {
      await simulations.deleteOne({ _id: id })
      await lines.deleteMany({ simulation: id })
      const numbered = found.map((line, place) => ({
        _id: `${id}:${place}`,
        simulation: id,
        place,
        ...line,
      }))
      for (const batch of chunk(numbered, 1000)) await lines.insertMany(batch, { lean: true })
      // Last, so that a simulation that can be found is whole.
      await simulations.create({ _id: id, ...fields })
    },
    async drop(id: string): Promise<void> {
      await simulations.deleteOne({ _id: id })
      await lines.deleteMany({ simulation: id })
    },
    async find(id: string): Promise<Simulation | undefined> {
      const found = await simulations.findOne({ _id: id }).lean<SimulationDocument>()
      return found ? { ...found, id: found._id } : undefined
    },
    page: (id: string, kind: EffectKind | undefined, from: number, size: number) =>
      lines
        .find({ simulation: id, ...(kind ? { kind } : {}) })
        .sort({ place: 1 })
        .skip(from)
        .limit(size)
        .lean<EffectLine[]>(),
  }
}
