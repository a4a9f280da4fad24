import { z } from 'zod'
import { dayOf } from '../../../clock.js'
import { checkHearing, type HearingBundles } from '../../../hearing-bundle/hearing-bundle.js'
import { invalid } from '../../../errors.js'
import { calledName } from '../../../people/people.js'
import type { Step } from '../../../sanctions/sanctions.js'
import { file, page, view, type Page } from '../../page.js'
import type { OutcomesPagesParts } from './officer-view.js'

const id = z.string().max(64)
const check = { key: 'hearing.check-title' }

/** Steps that a hearing has no need of: they open something, or reach somebody in private. */
const leftOut: readonly Step['step'][] = ['shared', 'address']

/** One click gathers a case for a hearing; whoever is given the file can check it, asking nobody. */
export function hearingPages(parts: OutcomesPagesParts & { hearings: HearingBundles }): Page[] {
  const { sanctions, people, hearings } = parts
  const officer = { permission: 'conduct-body', sealed: true, audit: 'act' } as const
  return [
    page({
      method: 'get',
      path: '/outcomes/:id/bundle',
      ...officer,
      input: z.object({ id }),
      async handle({ actor, input }) {
        const { json, steps } = await sanctions.find(actor, { id: input.id })
        const person = await people.find(json.respondent)
        return view(
          'outcomes/bundle',
          { key: 'hearing.title' },
          {
            id: input.id,
            reference: json.reference,
            respondent: person ? calledName(person) : json.respondent,
            steps: steps.map((step) => ({
              ...step,
              on: dayOf(step.at),
              left: leftOut.includes(step.step),
            })),
            back: `/outcomes/${input.id}`,
          },
        )
      },
    }),
    page({
      method: 'post',
      path: '/outcomes/:id/bundle',
      ...officer,
      input: z.looseObject({ id, why: z.string().max(500).default('') }),
      async handle({ actor, input }) {
        const chosen = Object.keys(input).filter((name) => name.startsWith('step-'))
        const why = input.why.trim() || '–'
        const redactions = chosen.map((name) => ({ step: name.slice('step-'.length), why }))
        const bytes = await hearings.gather(actor, { id: input.id }, redactions)
        return file(bytes, 'application/zip', { name: 'hearing-bundle.zip' })
      },
    }),
    page({
      method: 'get',
      path: '/verify/hearing',
      permission: 'public',
      input: z.object({}),
      audit: 'nothing',
      handle: () => view('outcomes/bundle-check', check),
    }),
    page({
      method: 'post',
      path: '/verify/hearing',
      permission: 'public',
      sealed: true,
      input: z.object({}),
      audit: 'nothing',
      upload: 'file',
      handle({ files }) {
        const [sent] = files.filter(({ bytes }) => bytes.length > 0)
        if (!sent) throw invalid('hearing.no-file')
        const { faults: wrong, ...found } = checkHearing(sent.bytes)
        const result = { ...found, wrong, intact: wrong.length === 0 }
        return view('outcomes/bundle-check', check, { result })
      },
      again: () => view('outcomes/bundle-check', check),
    }),
  ]
}
