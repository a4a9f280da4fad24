import { expect } from 'chai'
import fc from 'fast-check'
import { histories, live, type HistoryAct } from '../support/two-histories.js'
import { createTwoWorlds, differences, filled } from '../support/two-worlds.js'
import { long, property } from '../support/property.js'

const leak = '/planted/'

/** Where two texts part, for whoever has to find out why. */
function parting(one: string, other: string): string {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 80), at + 160)
  return `with: ${around(one)}\nwithout: ${around(other)}`
}

/** Lives a history in two worlds and holds everything that anybody can obtain from them side by side. */
async function hold(history: readonly HistoryAct[]): Promise<void> {
  const worlds = await createTwoWorlds('2026-03-02T10:00:00Z')
  try {
    const { ids } = await live(worlds, history)
    const sealed = [...ids.map(({ id }) => id), ...ids.flatMap(({ session }) => session ?? [])]
    const limits = long
      ? { ways: 9, links: 80, publicForAll: true }
      : { ways: 2, links: 5, publicForAll: false }
    const { found, asked } = await differences(worlds, sealed, limits)

    // The page that was planted is reached by everybody without being named here, and gives itself away.
    for (const [who, addresses] of asked) {
      if (who === 'public' || who.startsWith('key')) continue
      expect(
        [...addresses].some((address) => address.startsWith(leak)),
        who,
      ).to.equal(true)
      expect(
        found.some((one) => one.who === who && one.address.startsWith(leak)),
        who,
      ).to.equal(true)
    }
    const others = found.filter(({ address }) => !address.startsWith(leak))
    const told = others.map((one) => `${one.who} ${one.address}\n${parting(one.with, one.without)}`)
    expect(told, told.slice(0, 5).join('\n\n')).to.deep.equal([])

    // Mail: the one world sends nothing more than its generic words, and those say nothing.
    const generic =
      'There is something for you to see in Good Standing. Please sign in when you can.\n'
    const [one, other] = [worlds.with, worlds.without].map(({ world }) => world.mail)
    expect(one?.some(({ text }) => text === generic)).to.equal(true)
    expect(other?.some(({ text }) => text === generic)).to.equal(false)
    expect(one?.filter(({ text }) => text !== generic)).to.deep.equal(other)
    for (const mail of one?.filter(({ text }) => text === generic) ?? []) {
      expect({ ...mail, id: '', to: '' }).to.deep.equal({
        id: '',
        to: '',
        language: 'en',
        subject: 'Something for you in Good Standing',
        text: generic,
      })
    }
    expect(worlds.with.log).to.deep.equal(worlds.without.log)
  } finally {
    await worlds.close()
  }
}

describe('non-interference (domain, section 4)', function () {
  this.timeout(long ? 3_600_000 : 180_000)

  it('holds for every page, call, mail and log line that anybody beside the case can obtain', () =>
    fc.assert(
      fc.asyncProperty(histories(long ? 40 : 24), (history) => hold(history)),
      { ...property(1, 20), endOnFailure: true },
    ))

  it('fills the addresses of pages that nobody has listed', () => {
    expect(filled('/new-page', ['a', 'b'], 3)).to.deep.equal(['/new-page'])
    expect(filled('/new-page/:thing', ['a', 'b'], 3)).to.deep.equal(['/new-page/a', '/new-page/b'])
    expect(filled('/new/:one/:other.json', ['a', 'b'], 1)).to.deep.equal(['/new/a/b.json'])
  })
})
