import type { Command } from 'commander'
import {
  createKeys,
  didWeb,
  openIssuerKeys,
  publishedKeysOf,
  verifyOffline,
  type OfflineCheck,
} from '../certificates/certificates.js'
import { systemClock } from '../clock.js'
import { readConfig } from '../config.js'
import { readInstitution } from '../institution.js'
import { withdrawalReasons } from '../keys/keys.js'
import { systemRandom } from '../random.js'
import { openBodyRings, safeguarding } from '../sanctions/sanctions.js'
import { openSurveyRing } from '../surveys/surveys.js'
import { inWords } from './sentences.js'
import { print, Refusal } from './terminal.js'

interface VerifyOptions {
  keys?: string
  list?: string[]
  proof?: string
  json?: boolean
}

/** The keys of the institution that this is set up for, where no published ones were given. */
function ownKeys(): OfflineCheck['keys'] {
  const { keysDir, coursesDir, publicUrl } = readConfig()
  const rings = openIssuerKeys({ keysDir, issuer: 'institution', make: false, clock: systemClock })
  const institution = { name: readInstitution(coursesDir).name, did: didWeb(publicUrl) }
  return publishedKeysOf(rings, institution)
}

const marks = { good: '+', note: '·', bad: '!' } as const

async function verify(path: string, options: VerifyOptions): Promise<void> {
  const { keys = ownKeys(), list: lists, proof, json } = options
  const check: OfflineCheck = {
    file: path,
    keys,
    ...(lists ? { lists } : {}),
    ...(proof === undefined ? {} : { proof }),
  }
  const { findings, ...found } = await verifyOffline(check, systemClock.today())
  const said = findings.map(({ say, ...one }) => ({ ...one, says: inWords(say) }))
  print(json, { ...found, findings: said }, [
    inWords({ key: `certificates.verify.verdict.${found.verdict}` }),
    ...said.map(({ weight, says }) => `${marks[weight]} ${says}`),
  ])
  if (found.verdict !== 'valid') process.exitCode = 1
}

const reasons = withdrawalReasons.join(', ')

interface KeysOptions {
  rotate?: string
  withdraw?: string
  reason?: string
  json?: boolean
}

function keys({ rotate, withdraw, reason, json }: KeysOptions): void {
  const { keysDir, coursesDir } = readConfig()
  const bodies = readInstitution(coursesDir).conductBodies.map(({ id }) => id)
  const options = { keysDir, clock: systemClock }
  const rings = [
    ...createKeys({ ...options, bodies }),
    openSurveyRing({ ...options, make: true }),
    ...[...bodies, safeguarding].map(
      (body) => openBodyRings({ ...options, body, make: true }).sealing,
    ),
  ]
  const names = rings.map(({ name }) => name).join(', ')
  if (rotate !== undefined) {
    const ring = rings.find(({ name }) => name === rotate)
    if (!ring) throw new Refusal(`there are no keys called ${rotate}, only ${names}`)
    ring.rotate()
  }
  if (withdraw !== undefined) {
    const ring = rings.find((one) => one.history().some(({ id }) => id === withdraw))
    if (!ring) throw new Refusal(`there is no key ${withdraw}`)
    const why = withdrawalReasons.find((one) => one === reason)
    if (!why) throw new Refusal(`say with --reason why the key is withdrawn: ${reasons}`)
    ring.withdraw(withdraw, why)
  }
  const made = rings.map((ring) => ({
    name: ring.name,
    keys: ring.history().map(({ id, from, until, withdrawn }) => ({ id, from, until, withdrawn })),
  }))
  const lines = made.flatMap((ring) =>
    ring.keys.map(({ id, from, until, withdrawn }) => {
      const end = withdrawn ? `withdrawn on ${withdrawn.on}` : until ? `until ${until}` : 'in use'
      return `${ring.name}\t${id}\tfrom ${from}\t${end}`
    }),
  )
  const sessionSecret = systemRandom.bytes(32).toString('base64url')
  print(json, { keysDir, rings: made, sessionSecret }, [
    `Keys are in ${keysDir}; keep a copy where nobody else can read it.`,
    ...lines,
    `For processes that share a database, one secret for all: SESSION_SECRET=${sessionSecret}`,
  ])
}

export function addCertificateCommands(program: Command): void {
  program
    .command('verify <file>')
    .description('check a certificate (PDF, credential or badge) without asking anybody')
    .option('--keys <file>', 'the published keys, from /verify/keys.json; else those in KEYS_DIR')
    .option('--list <file...>', 'status lists, from the addresses in /status/lists.json')
    .option('--proof <file>', 'the proof from the log, from /verify/<serial>/proof.json')
    .option('--json', 'print JSON')
    .action(verify)
  program
    .command('create-keys')
    .description('make the keys that are not there yet, and list all there are')
    .option('--rotate <keys>', 'begin a new key; what the old one signed stays valid')
    .option('--withdraw <id>', 'no longer trust a key that was lost or stolen')
    .option('--reason <why>', `why it is withdrawn, for everybody to read: ${reasons}`)
    .option('--json', 'print JSON')
    .action(keys)
}
