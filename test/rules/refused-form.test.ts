import { expect } from 'chai'
import { z } from 'zod'
import { conflict, invalid, type Fault } from '../../src/errors.js'
import { go, page, view, type Page } from '../../src/web/page.js'
import { problemOf } from '../../src/web/problems.js'
import { refusedForm } from '../../src/web/refused-form.js'

const form = (more: Partial<Page> = {}): Page => ({
  ...page({
    method: 'post',
    path: '/form',
    permission: 'public',
    input: z.object({}),
    audit: 'nothing',
    handle: () => go('/'),
  }),
  ...more,
})
const shown = view('form', { key: 'form' }, { typed: { name: 'Mair' } })
const say = (key: string) => ({ key })
const at = (...fields: (string | undefined)[]): Fault[] =>
  fields.map((field) => ({ say: say('named'), ...(field === undefined ? {} : { field }) }))
const whole = (...fields: (string | undefined)[]): Fault[] =>
  at(...fields).map((fault) => ({ ...fault, say: say('whole') }))

describe('a form that was refused', () => {
  const table: [what: string, page: Page, named: Fault[], expected: Fault[]][] = [
    ['names its faults beside their fields', form(), at('name', 'day'), at('name', 'day')],
    ['says above itself what concerns no field', form(), [], whole(undefined)],
    ['says at its field what names none', form({ faultsAt: 'name' }), [], whole('name')],
    ['leaves a named fault where it is', form({ faultsAt: 'name' }), at('day'), at('day')],
    [
      'finds its own field for one that is called otherwise',
      form({ faultsAt: (named = 'name') => named.replace('training.', '') }),
      at('training.day', undefined),
      at('day', 'name'),
    ],
    [
      'names no field where none is meant',
      form({ faultsAt: () => undefined }),
      at('day'),
      at(undefined),
    ],
    [
      'says at the file why it was not taken, and all that is wrong in it',
      form({ upload: 'file' }),
      at('day'),
      [...whole('file'), ...at('file')],
    ],
  ]
  for (const [what, spec, named, expected] of table) {
    it(what, () => {
      const answer = refusedForm(spec, shown, problemOf(invalid('whole', undefined, named)))
      expect(answer).to.deep.equal({
        ...shown,
        model: { typed: { name: 'Mair' }, faults: expected },
        status: 400,
      })
    })
  }

  it('has the status of what refused it, and the faults that its page lists itself', () => {
    const own = view('form', { key: 'form' }, { faults: at('other') })
    const answer = refusedForm(form(), own, problemOf(conflict('taken')))
    expect(answer).to.deep.equal({ ...own, status: 409 })
  })

  it('leads on where there is nothing to show again', () => {
    expect(refusedForm(form(), go('/done'), problemOf(invalid('whole')))).to.deep.equal(go('/done'))
  })
})
