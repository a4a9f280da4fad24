import type { Day } from '../clock.js'
import { unbakePng, unbakeSvg } from './badge.js'
import type { Afterlife, Certificate, Status } from './certificate.js'
import { checkCredential } from './credential-check.js'
import { differences, fieldsOf, shownFieldsOf, type ShownFields } from './credential-fields.js'
import { aboutField, finding, type Finding } from './finding.js'
import { checkLogProof } from './log-proof.js'
import { changedLines, pageDifferences } from './page-check.js'
import { readPdf, type PageLine } from './pdf-reading.js'
import { checkPdfSignature, type SignatureState } from './pdf-signature.js'
import type { PublishedKeys } from './published-keys.js'
import { credentialTrust, signatureTrust, type Trust } from './signature-findings.js'
import { standingOnLists, standingOnRecord } from './standing-findings.js'
import { checkStatusLists } from './status-check.js'

/** What somebody who checks a file knows besides the file. Only the keys are needed. */
export interface Knowledge {
  keys: PublishedKeys
  today: Day
  /** Published status lists, as JSON texts. */
  statusLists?: readonly string[]
  /** The proof from the log that was offered with the certificate, as JSON text. */
  proof?: string
  /** What the institution itself holds about this serial, where it is the institution that checks. */
  record?: { certificate: Certificate; afterlife: Afterlife; pdf?: Uint8Array }
}

/**
 * `altered`: the institution issued it and it has been changed. `unknown`: nothing here shows that the
 * institution issued it. The rest are states of a certificate that is as it was issued.
 */
type Verdict = Status | 'altered' | 'unknown'

/** What a check of a file came to: for a page, for JSON and for the command line alike. */
export interface Verification {
  file: 'pdf' | 'credential' | 'badge' | 'unreadable'
  verdict: Verdict
  /** The status when it was issued: `valid` as soon as the file is known to be what was issued. */
  atIssue?: 'valid'
  now?: Status
  fields?: ShownFields
  findings: readonly Finding[]
}

/** The largest file that is looked into; a certificate has about 50 kB, a badge about 60. */
const largestFile = 5 * 1024 * 1024
const largestCredential = 100 * 1024

/** What a file is made of, before anything in it is believed. */
interface Opened {
  file: Verification['file']
  trust: Trust[]
  credential?: unknown
  page?: readonly PageLine[]
  original?: readonly PageLine[]
  findings: Finding[]
}

const startsWith = (bytes: Buffer, text: string, within: number): boolean =>
  bytes.subarray(0, within).includes(Buffer.from(text, 'latin1'))

function parseJson(text: string): unknown {
  if (text.length > largestCredential) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function open(bytes: Buffer, known: Knowledge): Promise<Opened> {
  if (startsWith(bytes, '%PDF-', 1024)) return await openPdf(bytes, known)
  const text = startsWith(bytes, '\x89PNG', 4)
    ? unbakePng(bytes)
    : unbakeSvg(bytes.subarray(0, largestCredential * 4).toString('utf8'))
  if (text !== undefined) {
    return { file: 'badge', trust: [], credential: parseJson(text), findings: [] }
  }
  const credential = parseJson(bytes.subarray(0, largestCredential + 1).toString('utf8'))
  return typeof credential === 'object' && credential !== null
    ? { file: 'credential', trust: [], credential, findings: [] }
    : { file: 'unreadable', trust: [], findings: [finding('bad', 'file.unreadable')] }
}

async function openPdf(bytes: Buffer, known: Knowledge): Promise<Opened> {
  const signature = checkPdfSignature(bytes)
  const trust = [signatureTrust(signature, known.keys)]
  const reading = await readPdf(bytes)
  if (reading.state !== 'read') {
    return { file: 'pdf', trust, findings: [finding('bad', `file.${reading.state}`)] }
  }
  const credentials = reading.attached.map((file) => parseJson(file.toString('utf8')))
  const credential = credentials.find((one) => fieldsOf(one) !== undefined)
  const original = await originalPage(bytes, signature, known)
  const findings = credential === undefined ? [finding('bad', 'credential.missing')] : []
  return {
    file: 'pdf',
    trust,
    page: reading.lines,
    findings,
    ...(credential === undefined ? {} : { credential }),
    ...(original ? { original } : {}),
  }
}

/** The page as it was signed: from the institution's own copy, or from before something was added. */
async function originalPage(
  bytes: Buffer,
  signature: SignatureState,
  known: Knowledge,
): Promise<readonly PageLine[] | undefined> {
  const stored = known.record?.pdf
  const signed = signature.state === 'added' ? bytes.subarray(0, signature.size) : undefined
  const source = stored ? Buffer.from(stored) : signed
  const reading = source && (await readPdf(source))
  return reading?.state === 'read' ? reading.lines : undefined
}

/**
 * Checks a file that is said to be a certificate: a PDF, a credential or a badge. Everything is computed
 * from what is given; nothing is fetched. The findings say what holds and exactly what does not.
 */
export async function verifyFile(bytes: Uint8Array, known: Knowledge): Promise<Verification> {
  if (bytes.length > largestFile) {
    const limit = largestFile / 1024 / 1024
    const findings = [finding('bad', 'file.too-large', { limit })]
    return { file: 'unreadable', verdict: 'unknown', findings }
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const opened = await open(buffer, known)
  const told = opened.credential === undefined ? undefined : fieldsOf(opened.credential)
  const trust = [...opened.trust]
  if (opened.credential !== undefined) {
    const state = await checkCredential(opened.credential, known.keys)
    trust.push(credentialTrust(state, told?.fields.issuedOn, known.keys))
  }
  const findings = [...trust.flatMap((one) => one.findings), ...opened.findings]
  const fields = told?.fields
  const expected = known.record ? shownFieldsOf(known.record.certificate) : fields
  const compared = [...comparePage(opened, expected), ...compareRecord(fields, expected)]

  const proof =
    known.proof !== undefined && fields ? checkLogProof(known.proof, fields, known.keys) : undefined
  const logged = proof ? [logFinding(proof)] : []
  const verdict = verdictOf(
    trust,
    [...findings, ...compared],
    proof?.state === 'in-log' || isStoredCopy(buffer, known),
  )
  const result = {
    file: opened.file,
    ...(fields ? { fields } : {}),
    findings: [...findings, ...compared, ...logged],
  }
  if (verdict !== 'valid' || !expected) return { ...result, verdict }
  const standing = known.record
    ? standingOnRecord(expected, known.record.afterlife, known.today)
    : standingOnLists(
        expected,
        await checkStatusLists(told?.places ?? [], known.statusLists ?? [], known.keys),
        known.today,
      )
  return {
    ...result,
    verdict: standing.now,
    atIssue: 'valid',
    now: standing.now,
    findings: [...result.findings, ...standing.findings],
  }
}

/** Whether this is, byte for byte, the copy that the institution keeps. */
const isStoredCopy = (bytes: Buffer, known: Knowledge): boolean =>
  known.record?.pdf !== undefined && bytes.equals(known.record.pdf)

function comparePage(opened: Opened, expected: ShownFields | undefined): Finding[] {
  if (!opened.page || !expected) return []
  const fields = pageDifferences(expected, opened.page, opened.original).map(
    ({ field, found, ...values }) =>
      aboutField(found === undefined ? 'page-lacks' : 'page-differs', field, {
        ...values,
        ...(found === undefined ? {} : { found }),
      }),
  )
  if (!opened.original || fields.length > 0) return fields
  const { added, removed } = changedLines(opened.page, opened.original)
  return [
    ...added.map((text) => finding('bad', 'page.added', { text })),
    ...removed.map((text) => finding('bad', 'page.removed', { text })),
  ]
}

const compareRecord = (
  found: ShownFields | undefined,
  expected: ShownFields | undefined,
): Finding[] =>
  found && expected
    ? differences(expected, found).map(({ field, ...values }) =>
        aboutField('record-differs', field, values),
      )
    : []

function logFinding(state: ReturnType<typeof checkLogProof>): Finding {
  if (state.state !== 'in-log') return finding('bad', `log.${state.state}`)
  const { origin, index, size, on, since } = state
  return since
    ? finding('good', 'log.continues', { origin, number: index + 1, size, on, since })
    : finding('good', 'log.in-log', { origin, number: index + 1, size, on })
}

const tampering = new Set(['signature.bytes', 'signature.added', 'credential.altered'])

/** `valid` here only means that the file is what was issued; what became of it since is asked next. */
function verdictOf(
  trust: readonly Trust[],
  findings: readonly Finding[],
  vouched: boolean,
): 'valid' | 'altered' | 'unknown' {
  const bad = findings.filter((one) => one.weight === 'bad')
  const ours = trust.some((one) => one.by === 'ours')
  if (trust.some((one) => one.by === 'stranger')) return 'unknown'
  if (bad.length === 0) return ours ? 'valid' : 'unknown'
  // The key was stolen. The log, which another key signs, or the institution's own copy still vouch.
  if (bad.every((one) => one.finding === 'key.withdrawn')) return vouched ? 'valid' : 'unknown'
  return ours || bad.some((one) => tampering.has(one.finding)) ? 'altered' : 'unknown'
}
