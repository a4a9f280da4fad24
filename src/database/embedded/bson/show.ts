import { deserialize, EJSON } from 'bson'
import { T, type Value } from './value.js'
import { objectValue } from './write.js'

const inside = (open: string, list: readonly string[], close: string): string =>
  list.length === 0 ? open + close : `${open} ${list.join(', ')} ${close}`

/** A value as MongoDB's messages write it, such as `{ email: "a@b", n: 5 }`; rare types as extended JSON. */
export function show(value: Value): string {
  const { type, bytes, at, end } = value
  if (type === T.array) return inside('[', value.items().map(show), ']')
  if (type === T.objectId) return `ObjectId('${bytes.toString('hex', at, end)}')`
  if (type === T.object) {
    const fields = value.elements().map((field) => `${field.name}: ${show(field.value)}`)
    return inside('{', fields, '}')
  }
  const options = { promoteValues: false, bsonRegExp: true, validation: { utf8: false } } as const
  const { v } = deserialize(objectValue([['v', value]]).copy(), options)
  return EJSON.stringify(v)
}
