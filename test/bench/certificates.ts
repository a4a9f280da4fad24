import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import PDFDocument from 'pdfkit'
import { leafHash, nodesFor, rootOf } from '../../src/audit/merkle.js'
import { inclusionProof, provesInclusion } from '../../src/audit/merkle-proof.js'
import { drawCertificate } from '../../src/certificates/certificate-pdf.js'
import { createPress } from '../../src/certificates/press.js'
import { printCertificate } from '../../src/certificates/printing.js'
import { verifyFile } from '../../src/certificates/verification.js'
import { day } from '../../src/clock.js'
import { createLog } from '../../src/log.js'
import { aCertificate, anInstitution, classic, designsDir, place } from '../support/certificates.js'

interface Figure {
  name: string
  value: number
  unit: string
  detail: string
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const rounded = (value: number): number => Math.round(value * 100) / 100

/** Milliseconds of CPU, of all threads of this process, that each round took. */
async function cpuOf(rounds: number, act: (round: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage()
    await act(round)
    const { user, system } = process.cpuUsage(before)
    taken.push((user + system) / 1000)
  }
  return taken
}

const holders = [
  'Ffion Gwenllïan Ŵyn-Morgan',
  'Huw ap Gwilym',
  'Wilhelmina Featherstonehaugh-Cholmondeley of Great Bircham',
  'Ö',
]
const someone = (round: number) =>
  aCertificate({
    holder: `${holders[round % holders.length] ?? ''} ${round}`,
    language: round % 2 === 0 ? 'en' : 'cy',
  })

/** The same words drawn by PDFKit with the faces' files, as its guide says: each document parses them anew. */
function rawDrawing(): () => Promise<void> {
  const { resolve: find } = createRequire(import.meta.url)
  const { fonts, layout, texts } = classic().file
  const faces = Object.entries(fonts)
    .filter(([name]) => name !== 'wide')
    .map(([name, file]) => [name, readFileSync(find(file.replace('npm:', '')))] as const)
  return () =>
    new Promise((resolve) => {
      const doc = new PDFDocument({
        size: 'A4',
        layout: 'landscape',
        subset: 'PDF/A-3a',
        pdfVersion: '1.7',
        tagged: true,
        font: faces[0]?.[1] as never,
      })
      doc.on('data', () => undefined)
      doc.on('end', resolve)
      for (const [name, face] of faces) doc.registerFont(name, face)
      for (const block of layout) {
        if (block.draw !== 'text') continue
        doc.font(block.font).fontSize(Math.min(block.size, 30))
        doc.text(texts.en[block.text] ?? '')
      }
      doc.end()
    })
}

/** An inclusion proof among a million leaves, from nodes in memory. */
function proofs(): Figure[] {
  const size = 1_000_000
  const nodes = new Map<number, Buffer>()
  const key = (level: number, index: number): number => level * 2 ** 40 + index
  const supply = (level: number, index: number): Buffer => {
    const node = nodes.get(key(level, index))
    if (!node) throw new Error('no such node')
    return node
  }
  for (let at = 0; at < size; at += 10_000) {
    const leaves = Array.from({ length: 10_000 }, (_, offset) =>
      leafHash(Buffer.from(String(at + offset))),
    )
    for (const node of nodesFor(at, leaves, supply))
      nodes.set(key(node.level, node.index), node.hash)
  }
  const root = rootOf(size, supply)
  const taken = Array.from({ length: 500 }, (_, round) => {
    const index = (round * 1_999_993) % size
    const before = performance.now()
    const path = inclusionProof(index, size, supply)
    const took = performance.now() - before
    if (!provesInclusion({ leaf: leafHash(Buffer.from(String(index))), index, size, path, root }))
      throw new Error('no proof')
    return took
  })
  return [
    {
      name: 'inclusion-proof',
      value: rounded(median(taken)),
      unit: 'ms',
      detail: 'median of 500 among 1,000,000 leaves, nodes in memory',
    },
    {
      name: 'inclusion-proof-worst',
      value: rounded(Math.max(...taken)),
      unit: 'ms',
      detail: 'worst of the same 500',
    },
  ]
}

/** Certificates: what one costs, what many take, and how quickly a proof is had. */
export async function certificates(): Promise<Figure[]> {
  const rounds = 150
  const { signers, published } = anInstitution()
  const design = classic()
  // The first certificates of a process also pay for compiling; they are drawn and not counted.
  for (let round = 0; round < 60; round += 1)
    await printCertificate({ certificate: someone(round), place, signers }, design)
  const drawRaw = rawDrawing()
  await drawRaw()

  const raw = await cpuOf(20, drawRaw)
  const drawn = await cpuOf(rounds, (round) => drawCertificate(someone(round), design))
  const sizes: number[] = []
  const printed = await cpuOf(rounds, async (round) => {
    sizes.push(
      (await printCertificate({ certificate: someone(round), place, signers }, design)).pdf.length,
    )
  })
  const { pdf } = await printCertificate({ certificate: someone(0), place, signers }, design)
  const checked = await cpuOf(60, () =>
    verifyFile(pdf, { keys: published, today: day('2026-11-21') }),
  )

  const many = process.env['BENCH_FULL'] === '1' ? 10_000 : 1000
  const press = createPress({ designsDir, log: createLog('error'), workers: 2, waiting: many })
  const before = performance.now()
  await Promise.all(
    Array.from({ length: many }, (_, round) =>
      press.print({ certificate: someone(round), place, signers }),
    ),
  )
  const seconds = (performance.now() - before) / 1000
  await press.close()

  return [
    {
      name: 'certificate-drawn',
      value: rounded(median(drawn)),
      unit: 'ms CPU',
      detail: `median of ${rounds}; faces parsed once per design version`,
    },
    {
      name: 'certificate-drawn-raw',
      value: rounded(median(raw)),
      unit: 'ms CPU',
      detail: 'the same words by plain PDFKit with the full faces, median of 20 in the same run',
    },
    {
      name: 'certificate-printed',
      value: rounded(median(printed)),
      unit: 'ms CPU',
      detail: `drawn, signed (RSA 3072), with its credential; median of ${rounds}`,
    },
    {
      name: 'certificate-size',
      value: rounded(Math.max(...sizes) / 1024),
      unit: 'kB',
      detail: `largest of ${rounds}`,
    },
    {
      name: 'certificate-verified',
      value: rounded(median(checked)),
      unit: 'ms CPU',
      detail: 'PDF, credential and page checked offline, median of 60',
    },
    {
      name: 'certificates-in-bulk',
      value: rounded(((seconds / many) * 10_000) / 60),
      unit: 'minutes per 10,000',
      detail: `${many} printed by 2 threads on ${cpus().length} cores, their start included`,
    },
    ...proofs(),
  ]
}
