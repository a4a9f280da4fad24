import type { Parts } from './parts.js'
import type { Step } from './reconciler/reconciler.js'
import { sealedSteps } from './sealed-plane.js'

/** Everything that is done beside requests: what a crash left, what is due, what waits. */
export function stepsOf(parts: Parts): Step[] {
  const { audit, certificates, completions, compliance, learning, notifications } = parts
  const { claims, escalations, people, programmes, publication, training } = parts

  /** Tries what has been proposed and not yet been tried, so that approvers see what it does. */
  async function tryProposals(): Promise<number> {
    let tried = 0
    for (const proposal of await programmes.proposals()) {
      const { id, from, state } = proposal
      if (state !== 'proposed' || (await compliance.simulation(id, { from: 0, size: 1 }))) continue
      await compliance.simulate({ id, from, duties: programmes.dutiesOf(proposal) })
      tried++
    }
    return tried
  }

  return [
    { name: 'seal the record', everySeconds: 2, run: () => audit.seal() },
    { name: 'adopt programmes', everySeconds: 60, run: () => programmes.resume() },
    { name: 'try programmes', everySeconds: 2, run: tryProposals },
    { name: 'finish claims', everySeconds: 60, run: () => claims.resume() },
    { name: 'tell of missed dates', everySeconds: 600, run: () => escalations.run() },
    { name: 'publish editions', everySeconds: 60, run: () => publication.publishDue() },
    { name: 'finish imports', everySeconds: 60, run: () => people.directory.resume() },
    { name: 'finish courses', everySeconds: 60, run: () => learning.resume() },
    { name: 'follow completions', everySeconds: 5, run: () => completions.follow() },
    { name: 'press certificates', everySeconds: 2, run: () => certificates.press() },
    { name: 'tend training sessions', everySeconds: 10, run: () => training.tend() },
    ...sealedSteps(parts),
    { name: 'send mail', everySeconds: 5, run: () => notifications.deliver() },
  ]
}
