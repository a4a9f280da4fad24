import type { Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import { day, type Clock, type Day } from '../clock.js'
import type { Database } from '../database/database.js'
import { accept, conflict, invalid, notFound, type Fault } from '../errors.js'
import type { Random } from '../random.js'
import type { Duty, Programme } from './programme.js'
import { readProgramme, type PlacedExample } from './programme-file.js'
import { createProgrammesStore, type ProgrammeDocument } from './programmes-store.js'
import { createProposalsStore, type ProposalDocument } from './proposals-store.js'

/** A changed programme on its way: tried against everybody, approved by two, in force from its date. */
export interface Proposal {
  id: string
  text: string
  from: Day
  /** What the change is for, in the proposer's words. */
  says: string
  proposed: { by: Actor; at: Date }
  approvals: readonly { by: Actor; at: Date }[]
  state: 'proposed' | 'adopted' | 'in-force' | 'withdrawn'
}

type Proposed = Pick<Proposal, 'text' | 'from' | 'says'>

/** The programmes, and how one follows another (domain, section 3; two people, and a date). */
export interface Programmes {
  /**
   * The programmes that hold, one after the other, oldest first; as they were known at an instant,
   * where one is given.
   */
  adopted: (knownAt?: Date) => Promise<readonly Programme[]>
  /** The text of the programme that holds today, for whoever writes the next. */
  currentText(): Promise<string>
  /** Adopts the programme that came with the content where there is none yet. Throws at a fault in it. */
  start(text: Buffer): Promise<void>
  /** Throws invalid, with the faults by field and line, for a programme that cannot be one. */
  propose(actor: Actor, proposal: Proposed): Promise<Proposal>
  /** What is wrong already with as much of a proposal as is known, by field and line. */
  check(proposal: Partial<Proposed>): Fault[]
  /** Approves; the second person's approval adopts. Throws conflict for somebody's second. */
  approve(actor: Actor, id: string): Promise<Proposal>
  /** Takes a proposal back before it holds. Throws conflict once it does. */
  withdraw(actor: Actor, id: string): Promise<void>
  /** Every proposal there was, whatever became of it, the newest first. */
  proposals(): Promise<Proposal[]>
  /** Throws not-found. */
  get(id: string): Promise<Proposal>
  /** Adopts what two people approved where a crash came in between; answers how many. */
  resume(): Promise<number>
  /** The duties of a proposal, as they would be. */
  dutiesOf(proposal: Proposal): readonly Duty[]
}

export interface ProgrammesParts {
  database: Database
  audit: Audit
  clock: Clock
  random: Random
  /** The courses that there are, taught or withheld; a proposal may name no other. */
  courses: () => ReadonlySet<string>
  /** Works the examples of a programme, and says which do not come out. */
  checkExamples: (duties: readonly Duty[], examples: readonly PlacedExample[]) => ProgrammeFaults
  /** Does a write that may change everybody's standing. */
  changingEverybody: <Result>(write: () => Promise<Result>) => Promise<Result>
}

type ProgrammeFaults = ReturnType<typeof readProgramme>['faults']

const always = day('1900-01-01')
const approvalsNeeded = 2

export function createProgrammes(parts: ProgrammesParts): Programmes {
  const { database, audit, clock, random, courses, checkExamples, changingEverybody } = parts
  const store = createProgrammesStore(database.connection)
  const proposals = createProposalsStore(database.connection)
  const read = new Map<string, readonly Duty[]>()

  function dutiesOf(id: string, text: string): readonly Duty[] {
    const duties = read.get(id) ?? readProgramme(Buffer.from(text)).duties
    read.set(id, duties)
    return duties
  }

  const holds = ({ adoptedAt, withdrawnAt }: ProgrammeDocument, at?: Date): boolean =>
    at === undefined
      ? withdrawnAt === undefined
      : adoptedAt <= at && !(withdrawnAt && withdrawnAt <= at)

  const stateOf = ({ withdrawn, approvals, from }: ProposalDocument): Proposal['state'] => {
    if (withdrawn) return 'withdrawn'
    if (approvals.length < approvalsNeeded) return 'proposed'
    return from <= clock.today() ? 'in-force' : 'adopted'
  }
  const proposalOf = (document: ProposalDocument): Proposal => {
    const { _id, text, from, says, proposed, approvals } = document
    return { id: _id, text, from, says, proposed, approvals, state: stateOf(document) }
  }

  async function get(id: string): Promise<ProposalDocument> {
    const found = await proposals.find(id)
    if (!found) throw notFound()
    return found
  }

  async function adoptApproved(candidates: readonly ProposalDocument[]): Promise<number> {
    const there = new Set((await store.all()).map(({ _id }) => _id))
    const missing = candidates.filter(
      ({ _id, approvals, withdrawn }) =>
        !withdrawn && approvals.length >= approvalsNeeded && !there.has(_id),
    )
    for (const { _id, text, from, approvals } of missing) {
      const adoptedAt = approvals.at(-1)?.at ?? clock.now()
      await changingEverybody(() => store.adopt({ _id, text, from, adoptedAt }))
    }
    return missing.length
  }

  function check({ text, from, says }: Partial<Proposed>): Fault[] {
    const faults: Fault[] = []
    if (says?.trim() === '') faults.push({ field: 'says', say: { key: 'programme.says-nothing' } })
    if (from !== undefined && from <= clock.today()) {
      faults.push({ field: 'from', say: { key: 'programme.not-ahead', with: { from } } })
    }
    if (text === undefined) return faults
    const { duties, examples, faults: wrong } = readProgramme(Buffer.from(text), courses())
    // An example of a rule that is wrong in itself tells nothing.
    const inText = wrong.length > 0 ? wrong : checkExamples(duties, examples)
    return [...faults, ...inText.map(({ line, say }) => ({ field: 'text', line, say }))]
  }

  return {
    async adopted(knownAt) {
      const holding = (await store.all()).filter((document) => holds(document, knownAt))
      // Of two that were to begin on one day, the one adopted last is meant.
      const last = holding.filter(({ from }, at) => holding[at + 1]?.from !== from)
      return last.map(({ _id, text, from, adoptedAt }) => ({
        from,
        adoptedAt,
        duties: dutiesOf(_id, text),
      }))
    },
    async currentText() {
      const today = clock.today()
      const held = (await store.all()).filter((one) => holds(one) && one.from <= today)
      return held.at(-1)?.text ?? ''
    },
    async start(text) {
      if ((await store.all()).length > 0) return
      const [fault] = readProgramme(text).faults
      if (fault) throw invalid('programme.first-has-fault', { line: fault.line }, [fault])
      const first = {
        _id: 'first',
        text: text.toString('utf8'),
        from: always,
        adoptedAt: clock.now(),
      }
      await store.adopt(first)
    },
    check,
    async propose(actor, { text, from, says }) {
      accept(check({ text, from, says }))
      const proposed = { by: actor, at: clock.now() }
      const document = { _id: random.id(), text, from, says, proposed, approvals: [] }
      await proposals.add(document)
      await audit.record(actor, { act: 'programme.proposed', proposal: document._id, from })
      return proposalOf(document)
    },
    async approve(actor, id) {
      if (actor.kind !== 'person') throw conflict('programme.people-approve')
      const found = await get(id)
      if (stateOf(found) !== 'proposed') throw conflict('programme.decided')
      if (found.from <= clock.today()) throw conflict('programme.too-late', { from: found.from })
      const approval = { by: actor, account: actor.account, at: clock.now() }
      const after = await proposals.approve(id, approval)
      if (!after) throw conflict('programme.second-person')
      await audit.record(actor, { act: 'programme.approved', proposal: id, from: found.from })
      await adoptApproved([after])
      return proposalOf(after)
    },
    resume: async () => adoptApproved(await proposals.all()),
    async withdraw(actor, id) {
      const found = await get(id)
      if (stateOf(found) === 'in-force') throw conflict('programme.in-force')
      const now = clock.now()
      if (!(await proposals.withdraw(id, { by: actor, at: now })))
        throw conflict('programme.decided')
      await changingEverybody(() => store.withdraw(id, now))
      await audit.record(actor, { act: 'programme.withdrawn', proposal: id, from: found.from })
    },
    proposals: async () => (await proposals.all()).map(proposalOf),
    get: async (id) => proposalOf(await get(id)),
    dutiesOf: ({ id, text }) => dutiesOf(id, text),
  }
}
