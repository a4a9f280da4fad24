import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays, day, systemClock, type Clock } from '../../src/clock.js'
import { openDatabase } from '../../src/database/database.js'
import { createLog } from '../../src/log.js'
import { systemRandom } from '../../src/random.js'
import { bodyKeysOf } from '../../src/sanctions/body-keys.js'
import { labelsOf, newFile, withSteps } from '../../src/sanctions/case-file.js'
import {
  createSealedStore,
  openBodyRings,
  sealedCollections,
  type SealedStore,
} from '../../src/sanctions/sanctions.js'
import { createVault, shapes } from '../../src/sanctions/vault.js'
import { terms } from '../support/outcomes.js'
import { done, keyActor, makeKeys, panel, sealedPlane, setClock } from '../support/sealed-plane.js'
import { atShare, rounded, spread, type Figure } from './figure.js'
import { slowReceiver } from './slow-receiver.js'

const open = 10_000
const today = '2026-03-02'

/** Puts open outcomes of many people into the store, a day apart in when they are due. */
async function fill(store: SealedStore, keysDir: string, clock: Clock): Promise<void> {
  const { sealing } = openBodyRings({ body: panel, keysDir, make: false, clock })
  const vault = createVault(new Map([[panel, bodyKeysOf(sealing, clock)]]), systemRandom)
  for (let start = 0; start < open; start += 500) {
    const documents = Array.from({ length: 500 }, (_, n) => {
      const decision = terms({
        reference: `R ${start + n}`,
        respondent: `person-${start + n}`,
        body: panel,
        noticeTo: panel,
        decidedOn: day('2026-01-05'),
        training: {
          subject: { course: 'behaviour-code', equivalents: [] },
          delivery: ['online'],
          dueOn: addDays(day(today), 1 + ((start + n) % 300)),
        },
      })
      const making = {
        now: clock.now(),
        random: systemRandom,
        doer: { as: 'key', id: 'bench' },
      } as const
      const file = {
        ...withSteps(newFile, [{ step: 'imposed', terms: decision }], making),
        effects: [],
      }
      const content = { kind: 'outcome', ...labelsOf(file, panel), value: file }
      return vault.draft(shapes.outcomes, panel, content)
    })
    await store.outcomes.insertMissing(documents)
  }
}

async function timed(rounds: number, act: (round: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const before = performance.now()
    await act(round)
    taken.push(performance.now() - before)
  }
  return taken
}

/** What the sealed plane costs (issue 8): completions, the daily scan, and a receiver that is slow. */
export async function* sanctionsFigures(): AsyncGenerator<Figure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gs-bench-'))
  const keysDir = join(dataDir, 'keys')
  makeKeys(keysDir)
  const log = createLog('silent')
  const clock = setClock(`${today}T09:00:00Z`)
  const database = await openDatabase({ dataDir, clock: systemClock, random: systemRandom, log })
  try {
    await database.migrate(sealedCollections)
    const store = createSealedStore(database.connection)
    const { sanctions } = sealedPlane({ store, keysDir, clock })
    const key = keyActor(panel)
    const rounds = 300
    const of = (person: string, n: number) =>
      done(today, { id: `${person}-${n}`, person, delivery: 'online' })

    const without = await timed(rounds, (n) => sanctions.consider([of(`stranger-${n}`, n)]))
    await fill(store, keysDir, clock)
    const others = await timed(rounds, (n) => sanctions.consider([of(`stranger-${n}`, n)]))
    const met = await timed(rounds, (n) => sanctions.consider([of(`person-${n}`, n)]))
    const batch = Array.from({ length: 1000 }, (_, n) => of(`stranger-${n}`, n))
    const [thousand = 0] = await timed(1, () => sanctions.consider(batch))
    const base = atShare(without, 0.5)
    yield {
      name: 'sealed.completion.added',
      value: rounded(atShare(others, 0.5) - base),
      unit: 'ms',
      detail: `more for a completion with ${open} open outcomes than with none, median of ${rounds}; 50/95/99 %: ${spread(without)} without, ${spread(others)} with`,
    }
    yield {
      name: 'sealed.completion.discharging',
      value: rounded(atShare(met, 0.5) - base),
      unit: 'ms',
      detail: `more where the completion discharges one of them, median of ${rounds}; 50/95/99 %: ${spread(met)}`,
    }
    yield {
      name: 'sealed.completion.batch',
      value: rounded(thousand / 1000),
      unit: 'ms',
      detail: 'per completion, a register of 1,000 people',
    }

    await sanctions.deliver()
    const begun = process.cpuUsage()
    const [quiet = 0] = await timed(1, () => sanctions.scanDueDates())
    const { user, system } = process.cpuUsage(begun)
    const busy = Math.round((user + system) / 1000)
    yield {
      name: 'sealed.scan',
      value: rounded(quiet),
      unit: 'ms',
      detail: `daily scan of due dates, ${open} outcomes, none missed; CPU of all threads ${busy} ms, the database's in this process with them`,
    }
    clock.set('2026-03-04T06:00:00Z')
    const [missing = 0] = await timed(1, () => sanctions.scanDueDates())
    yield {
      name: 'sealed.scan.missed',
      value: rounded(missing),
      unit: 'ms',
      detail: `the same when ${Math.round(open / 300)} dates were missed the day before`,
    }
    const [list = 0] = await timed(1, () => sanctions.list(key))
    yield {
      name: 'sealed.list',
      value: rounded(list),
      unit: 'ms',
      detail: `an officer's quiet list of ${open} outcomes`,
    }
  } finally {
    await database.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  yield* slowReceiver()
}
