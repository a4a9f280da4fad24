import { createPressRoom } from './press-room.js'

// A process in which people complete a course one after another, until somebody kills it.
const [uri = '', name = '', keysDir = ''] = process.argv.slice(2)
const room = await createPressRoom({ server: { uri, name }, keysDir })
const people = Array.from({ length: 40 }, (_, n) => `person-${n}`)
await room.directory(Object.fromEntries(people.map((id) => [id, 'Somebody'])))
await room.complete('person-0')
process.send?.('begun')
for (const person of people.slice(1)) {
  await room.complete(person, { evidence: { kind: 'attempt', id: `attempt-of-${person}` } })
  await room.certificates.press()
  await room.audit.seal()
}
setInterval(() => undefined, 1000)
