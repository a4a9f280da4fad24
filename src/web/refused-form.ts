import type { Fault } from '../errors.js'
import type { Answer, Page } from './page.js'
import type { Problem } from './problems.js'

/** Faults where the page has them: above the form and, where a fault names a field, beside that field. */
function faultsOf({ upload, faultsAt }: Page, { say, faults }: Problem): Fault[] {
  // Whatever is wrong with a file is said at the file, and first of all why it was not taken.
  if (upload) return [{ say }, ...faults].map((fault) => ({ ...fault, field: upload }))
  return (faults.length > 0 ? faults : [{ say }]).map(({ field: named, ...fault }: Fault) => {
    const field = typeof faultsAt === 'function' ? faultsAt(named) : (named ?? faultsAt)
    return { ...fault, ...(field === undefined ? {} : { field }) }
  })
}

/**
 * The page of a form that was refused: what is wrong beside its fields, answered with the status of
 * the refusal. A page that lists its `faults` itself keeps them.
 */
export function refusedForm(page: Page, shown: Answer, problem: Problem): Answer {
  if (shown.kind !== 'view') return shown
  const model = { faults: faultsOf(page, problem), ...shown.model }
  return { ...shown, model, status: problem.status }
}
