import type { LookupParts } from './lookups.js'
import { came, inTheRoom, mayComeIn } from './room.js'
import type { JudgedRow, RowInWorld } from './verdict.js'

/**
 * A register that is uploaded while its training session still goes on says who comes in, as marks at
 * the door do: whoever has no place is let in where there is room, row by row, or answered that it is
 * full. Once it has ended a register says who was there, and nothing can refuse that.
 */
export async function atTheDoor(
  { entries, clock, keptOut }: Pick<LookupParts, 'entries' | 'clock' | 'keptOut'>,
  judged: readonly JudgedRow[],
  worlds: readonly RowInWorld[],
): Promise<JudgedRow[]> {
  const now = clock.now()
  const rooms = new Map<string, Set<string>>()
  const rows: JudgedRow[] = []
  for (const [place, row] of judged.entries()) {
    const where = worlds[place]?.where
    const room = where && 'held' in where && now <= where.held.endsAt ? where.held : undefined
    if (!room || row.verdict !== 'matched' || row.person === undefined) {
      rows.push(row)
      continue
    }
    const there = rooms.get(room.id) ?? inTheRoom(room, await entries.of(room.id))
    rooms.set(room.id, there)
    const comes = came(row.mark)
    if (comes && !(await mayComeIn(room, row.person, there, now, keptOut))) {
      rows.push({ ...row, verdict: 'faulty', say: { key: 'place.full' } })
      continue
    }
    if (comes) there.add(row.person)
    else there.delete(row.person)
    rows.push(row)
  }
  return rows
}
