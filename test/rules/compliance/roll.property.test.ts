import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, day } from '../../../src/clock.js'
import { createCurrentRoll } from '../../../src/compliance/current-roll.js'
import type { FactSources } from '../../../src/compliance/facts.js'
import { indexNames, orderOf } from '../../../src/compliance/names.js'
import { openRoll, type Roll } from '../../../src/compliance/roll.js'
import { queryRoll } from '../../../src/compliance/roll-query.js'
import { workOutRoll } from '../../../src/compliance/roll-work.js'
import type { Rolls } from '../../../src/compliance/rolls.js'
import { createTexts } from '../../../src/compliance/texts.js'
import type { Tenure } from '../../../src/people/people.js'
import type { Programme } from '../../../src/requirements/requirements.js'
import { programmeFile } from '../../support/programme.js'
import { property } from '../../support/property.js'

const programmes: Programme[] = [
  { from: day('1900-01-01'), adoptedAt: new Date(0), duties: programmeFile.duties },
]
const today = day('2026-11-22')
const everything = { sort: 'name', from: 0, size: 1000 } as const

interface Known {
  name: string
  tenure: Tenure
  done: boolean
}

/** One person as the directory might have them: a name that others bear too, and some posts. */
const known = fc
  .record({
    name: fc.constantFrom('Ada Wren', 'Ád Wren', 'Éowyn Larkspur', 'Bo Teasel', 'Zoë Linnet', '李'),
    posts: fc.array(fc.tuple(fc.nat(2000), fc.constantFrom('mp', 'staff'), fc.nat(2)), {
      maxLength: 3,
    }),
    done: fc.boolean(),
  })
  .map(({ name, posts, done }): Known => ({
    name,
    done,
    tenure: {
      person: '',
      absences: [],
      terms: posts.map(([back, kind, office], at) => ({
        id: `t${at}`,
        person: '',
        kind: kind as 'mp',
        house: 'commons',
        from: addDays(today, -back),
        ...(kind === 'staff' ? { office: `o${office}`, employedBy: 'house' as const } : {}),
      })),
    },
  }))

/** Facts that lie in a map, for whoever asks about some or about everybody. */
function sourcesOf(people: ReadonlyMap<string, Known>): FactSources {
  const some = <Value>(ids: readonly string[] | undefined, of: (one: Known) => Value) =>
    Promise.resolve(
      new Map(
        (ids ?? [...people.keys()]).flatMap((id) => {
          const one = people.get(id)
          return one ? [[id, of(one)] as const] : []
        }),
      ),
    )
  return {
    people: {
      called: (ids) => some(ids, ({ name }) => name),
      tenures: (ids) => some(ids, ({ tenure }) => tenure),
    },
    completions: {
      facts: (ids) =>
        some(ids, ({ done }) =>
          done
            ? [
                {
                  id: 'c',
                  person: '',
                  course: 'behaviour-code',
                  delivery: 'online' as const,
                  on: addDays(today, -30),
                },
              ]
            : [],
        ),
    },
    decisions: { of: () => Promise.resolve(new Map()) },
  }
}

/** As it comes from another thread. */
const handedOver = (roll: Roll): Roll => openRoll(structuredClone(roll.data()))

describe('a roll', () => {
  it('comes out of another thread with everybody in it, each found by their id', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' })), (ids) => {
        const texts = createTexts()
        ids.forEach((id, at) => texts.set(at, id))
        const handed = createTexts(structuredClone(texts.data()))
        expect(handed.length).to.equal(ids.length)
        for (const [at, id] of ids.entries()) {
          expect(handed.text(at)).to.equal(id)
          expect(handed.find(id)).to.equal(at)
          expect(handed.find(`${id} and no other`)).to.equal(undefined)
        }
        handed.set(ids.length, 'somebody new, by an id that nobody had')
        expect(handed.find('somebody new, by an id that nobody had')).to.equal(ids.length)
      }),
      property(200, 20_000),
    )
  })

  it('keeps its people in order, whoever comes and whatever they are called from now on', () => {
    const names = fc.array(known, { minLength: 1, maxLength: 12 })
    const changes = fc.array(fc.tuple(fc.nat(14), known), { maxLength: 8 })
    fc.assert(
      fc.property(names, changes, (people, changed) => {
        const made = openRoll()
        people.forEach(({ name }, at) => made.put(`p${at}`, name, []))
        const roll = handedOver(made)
        const index = indexNames(roll)
        for (const [at, { name }] of changed) roll.put(`p${at}`, name, [])
        const moved = changed.flatMap(([at]) => roll.indexOf(`p${at}`) ?? [])
        expect([...index.placed(moved).order]).to.deep.equal([...orderOf(roll)])
      }),
      property(300, 20_000),
    )
  })

  it('that is kept up to date says what one that is made anew says', async () => {
    const ids = fc.nat(7).map((at) => `p${at}`)
    const rounds = fc.array(fc.array(fc.tuple(ids, known), { maxLength: 4 }), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.array(known, { maxLength: 6 }), rounds, async (first, news) => {
        const people = new Map(first.map((one, at) => [`p${at}`, one]))
        const sources = sourcesOf(people)
        const rolls: Pick<Rolls, 'roll'> = {
          roll: async () => handedOver(await workOutRoll(sources, programmes)),
        }
        let told: string[] = []
        const keep = (news: () => Promise<string[]>) =>
          createCurrentRoll(sources, rolls, { news }, () => Promise.resolve(programmes))
        const current = keep(() => Promise.resolve(told))
        // Laid out before anything changes, so that the days that are kept have to follow.
        await (await current()).on(today)
        for (const changes of news) {
          for (const [id, one] of changes) people.set(id, one)
          told = changes.map(([id]) => id)
          const [read] = await Promise.all([current(), current()])
          const [kept, fresh] = await Promise.all(
            [read, await keep(() => Promise.resolve([]))()].map(async ({ roll, on }) =>
              queryRoll(roll, await on(today), [{ sees: 'everybody' }], {}, everything),
            ),
          )
          expect([...(kept?.lines ?? [])]).to.deep.equal([...(fresh?.lines ?? [])])
          expect(kept?.counts).to.deep.equal(fresh?.counts)
          expect(kept?.choices).to.deep.equal(fresh?.choices)
        }
      }),
      property(100, 5000),
    )
  })
})
