import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publicActor, systemActor, type Actor, type Role, type Scope } from '../../src/actor.js'
import { may } from '../../src/identity/identity.js'
import { createLog } from '../../src/log.js'
import { json, page } from '../../src/web/web.js'
import { z } from 'zod'
import { absencesCsv, managersCsv, officesCsv, peopleCsv, termsCsv } from './parliament.js'
import type { Visitor } from './visitor.js'
import { createWorld, type World } from './world.js'

/** People whom outcomes concern, and the trainer of bespoke training: they know of it, and may. */
export const respondents = ['mair', 'rowan', 'clerk'] as const
export type RespondentId = (typeof respondents)[number]

const directory = {
  people: peopleCsv(
    'mair,Mair Larkspur,mair@parliament.example,en',
    'rowan,Lord Rowan,rowan@parliament.example,en',
    'clerk,Omar Teasel,omar@parliament.example,en',
    'ada,Ada Linnet,ada@parliament.example,en',
    'head,Nia Kestrelow,nia@parliament.example,en',
    'tess,Tess Fallow,tess@parliament.example,en',
    'otto,Otto Sedge,otto@parliament.example,en',
  ),
  offices: officesCsv(
    'o-mair,Office of Mair Larkspur,commons,member,,mair',
    'dept,Department of Records,both,department,,',
    'team,Search Team,both,team,dept,',
  ),
  terms: termsCsv(
    'mair,mp,commons,Lantern Party,o-mair,Wrenford,2024-07-04,',
    'rowan,peer,lords,Crossbench,,,2026-01-20,',
    'ada,staff,commons,,o-mair,Researcher,2024-09-02,',
    'head,staff,both,,dept,Head,2019-01-07,',
    'clerk,staff,both,,team,Clerk,2025-11-03,',
    'tess,staff,both,,dept,Trainer,2019-01-07,',
    'otto,staff,both,,dept,Trainer,2019-01-07,',
  ),
  absences: absencesCsv(),
  managers: managersCsv('dept,head,2020-01-06,'),
}

/** Everybody who may obtain something and may not learn of an outcome: by role, with their account. */
const ordinary: readonly (readonly [name: string, person: string | undefined, roles: Role[]])[] = [
  ['colleague', 'ada', []],
  ['manager', 'head', []],
  ['whip', undefined, [{ name: 'party-officer', party: 'Lantern Party' }]],
  ['coordinator', undefined, [{ name: 'coordinator' }]],
  ['trainer', 'otto', [{ name: 'trainer' }]],
  ['auditor', undefined, [{ name: 'auditor' }]],
  ['administrator', undefined, [{ name: 'administrator' }]],
  ['author', undefined, [{ name: 'author' }]],
  ['decision-maker', undefined, [{ name: 'decision-maker' }]],
  ['safeguarding-officer', undefined, [{ name: 'safeguarding-officer' }]],
  ['other-body', undefined, [{ name: 'conduct-officer', body: 'conduct-committee' }]],
]
const bodies = ['commons-commissioner', 'lords-commissioner', 'hr-decision-maker'] as const
export const bodyOf: Record<RespondentId, (typeof bodies)[number]> = {
  mair: 'commons-commissioner',
  rowan: 'lords-commissioner',
  clerk: 'hr-decision-maker',
}
const scopes: readonly Scope[] = ['directory', 'compliance', 'registers', 'completions']

/** One of the two worlds, with whoever looks at it. */
export interface Side {
  world: World
  /** What was logged at INFO and above, times left out. */
  log: string[]
  observers: Map<string, { visitor: Visitor; actor: Actor }>
  keys: Map<string, string>
  officers: Map<string, Visitor>
  respondents: Map<string, Visitor>
}

/** Two worlds with the same ordinary acts: in one there are outcomes, in the other there are none. */
export interface TwoWorlds {
  with: Side
  without: Side
  close(): Promise<void>
}

/** A page that somebody adds one day without a thought: it tells everybody how many outcomes there are. */
const leak = (count: () => Promise<number>) =>
  page({
    method: 'get',
    path: '/planted/:anything',
    permission: 'see-lists',
    input: z.object({ anything: z.string() }),
    audit: 'nothing',
    handle: async () => json({ count: await count() }),
  })

async function begin(instant: string, keysDir: string): Promise<Side> {
  const log: string[] = []
  const world = await createWorld(instant, {
    keysDir,
    log: createLog('info', {
      write: (line) => void log.push(line.replace(/"time":\d+,?/, '')),
    }),
    morePages: ({ database }) => [
      leak(() => database.connection.collection('sealed').countDocuments()),
    ],
  })
  return {
    world,
    log,
    observers: new Map([['public', { visitor: world.visitor(), actor: publicActor }]]),
    keys: new Map(),
    officers: new Map(),
    respondents: new Map(),
  }
}

/** The people of the directory, and an account for everybody who looks or acts. */
async function people(side: Side): Promise<void> {
  const { world } = side
  const { identity } = world.app
  await world.directory(directory)
  for (const [name, person, roles] of ordinary) {
    const email = `${name}@example.org`
    await world.account(email, person, ...roles)
    const account = await identity.findAccount(email)
    const actor = (await identity.actor(account?.id ?? '')) ?? publicActor
    side.observers.set(name, { visitor: await world.signedIn(email), actor })
  }
  for (const body of bodies) {
    await world.account(`${body}@example.org`, undefined, { name: 'conduct-officer', body })
    side.officers.set(body, await world.signedIn(`${body}@example.org`))
  }
  for (const person of [...respondents, 'tess']) {
    await world.account(`${person}@own.example`, person)
    side.respondents.set(person, await world.signedIn(`${person}@own.example`))
  }
  for (const scope of scopes) {
    const request = { name: scope, scopes: [scope], expiresAt: new Date('2030-01-01') }
    side.keys.set(scope, (await identity.createKey(systemActor('test'), request)).token)
  }
}

export async function createTwoWorlds(instant: string): Promise<TwoWorlds> {
  const keysDir = mkdtempSync(join(tmpdir(), 'gs-keys-'))
  // One after the other begins, so that the second finds the keys; then both are peopled at once.
  const [one, other] = [await begin(instant, keysDir), await begin(instant, keysDir)]
  await Promise.all([people(one), people(other)])
  return {
    with: one,
    without: other,
    async close() {
      await Promise.all([one.world.close(), other.world.close()])
      rmSync(keysDir, { recursive: true, force: true })
    },
  }
}

/** Something that one world answered and the other did not. */
export interface Difference {
  who: string
  address: string
  with: string
  without: string
}

// Drawn afresh for every request by the libraries that guard forms and scripts: no act has to do with it.
const drawnAfresh: readonly [RegExp, string][] = [
  [/name="_csrf" value="[^"]*"/g, 'name="_csrf" value=""'],
  [/nonce="[^"]*"/g, 'nonce=""'],
  [/'nonce-[^']*'/g, "'nonce'"],
  [/http:\/\/127\.0\.0\.1:\d+/g, 'http://here'],
]
const unlike = new Set(['date', 'set-cookie', 'etag', 'connection', 'keep-alive'])

const folded = (text: string): string =>
  drawnAfresh.reduce((now, [pattern, plain]) => now.replaceAll(pattern, plain), text)

/** Everything of an answer that somebody can see, as one text. */
export async function answerOf(response: Response): Promise<string> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const headers = [...response.headers]
    .filter(([name]) => !unlike.has(name))
    .map(([name, value]) => `${name}: ${value}`)
  const body = bytes.toString('latin1')
  return folded([String(response.status), ...headers, '', body].join('\n'))
}

/** Addresses within the site that a page leads to; signing out is not looking. */
export const linksIn = (answer: string): string[] =>
  [...answer.matchAll(/(?:href|src)="(\/(?!\/)[^"#]*)/g)].flatMap(([, href]) =>
    href === undefined || href.startsWith('/assets/') ? [] : [href.replaceAll('&amp;', '&')],
  )

/** Every way of filling the parameters of a declared path with values, up to a number of them. */
export function filled(path: string, values: readonly string[], most: number): string[] {
  const names = path.match(/:\w+/g) ?? []
  if (names.length === 0) return [path]
  const ways = Math.min(most, values.length)
  // Where only a few are tried, each path begins elsewhere; the first of all is always among them.
  const turn = path.length % Math.max(values.length, 1)
  const others = Array.from({ length: ways - 1 }, (_, n) => ((turn + n) % (values.length - 1)) + 1)
  return [0, ...others].map((way) =>
    names.reduce(
      (address, name, place) =>
        address.replace(
          name,
          encodeURIComponent(values[(way + place * (way + 1)) % values.length] ?? ''),
        ),
      path,
    ),
  )
}

/** Ids and names that occur in the worlds, for addresses; those of outcomes among them. */
async function valuesIn({ world }: Side, sealed: readonly string[]): Promise<string[]> {
  const { completions, certificates, shelf } = world.app
  const done = [...(await completions.of()).values()].flat()
  const bound = await certificates.ofCompletions(done.map(({ id }) => id))
  return [
    ...sealed.slice(0, 2),
    'mair',
    [...shelf.catalogue().courses.keys()][0] ?? '',
    ...bound.slice(0, 1).map(({ serial }) => serial),
    ...done.slice(0, 1).map(({ id }) => id),
    'rowan',
    'clerk',
    'nothing-like-this',
  ]
}

/**
 * Asks both worlds for everything that each observer can reach: every GET page and call that the web
 * layer declares, its parameters filled, then what those pages lead to. Answers what differs.
 */
export async function differences(
  worlds: TwoWorlds,
  sealed: readonly string[],
  limits: { ways: number; links: number; publicForAll: boolean },
): Promise<{ found: Difference[]; asked: Map<string, Set<string>> }> {
  const found: Difference[] = []
  const asked = new Map<string, Set<string>>()
  const values = [...new Set(await valuesIn(worlds.without, sealed))]
  const { pages, calls } = worlds.with.world.app.web

  const compare = async (
    who: string,
    address: string,
    ask: (side: Side) => Promise<Response>,
  ): Promise<string> => {
    const answers = await Promise.all(
      [worlds.with, worlds.without].map(async (side) => answerOf(await ask(side))),
    )
    const [one = '', other = ''] = answers
    if (one !== other) found.push({ who, address, with: one, without: other })
    return other
  }

  for (const [who, { actor }] of worlds.without.observers) {
    const seen = new Set<string>()
    asked.set(who, seen)
    // What is there for everybody, and what is there for nobody, need not be asked for by each of them.
    const few = who === 'public' || who === 'colleague' || who === 'administrator'
    const declared = pages.filter(({ method, permission, sealed: isSealed }) => {
      if (method !== 'get') return false
      if (isSealed && few) return true
      return may(actor, permission) && (few || limits.publicForAll || permission !== 'public')
    })
    const queue = declared.flatMap(({ path }) => filled(path, values, limits.ways))
    const own = queue.length
    for (let at = 0; at < Math.min(queue.length, own + limits.links); at++) {
      const address = queue[at] ?? '/'
      if (seen.has(address)) continue
      seen.add(address)
      const answer = await compare(who, address, (side) => {
        const observer = side.observers.get(who)
        if (!observer) throw new RangeError(who)
        return observer.visitor.fetch(address)
      })
      queue.push(...linksIn(answer).filter((link) => !queue.includes(link)))
    }
  }
  for (const scope of worlds.without.keys.keys()) {
    const seen = new Set<string>()
    asked.set(`key for ${scope}`, seen)
    for (const { path } of calls.filter(({ method }) => method === 'get')) {
      for (const address of filled(`/api/v1${path}`, values, limits.ways)) {
        seen.add(address)
        await compare(`key for ${scope}`, address, (side) =>
          fetch(new URL(address, side.world.address), {
            headers: { authorization: `Bearer ${side.keys.get(scope) ?? ''}` },
          }),
        )
      }
    }
  }
  return { found, asked }
}
