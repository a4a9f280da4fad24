import { decimalOf, decimalText } from './decimal.js'
import { elements, items } from './read.js'
import { bigOf, numberOf, regexOf, T, textOf, type Value } from './value.js'

/** A double as MongoDB writes it in messages: `5.0`, not `5`. */
const showDouble = (content: number): string =>
  Number.isInteger(content) && Math.abs(content) < 1e15 ? content.toFixed(1) : String(content)

/** A value as MongoDB's messages write it: `{ email: "a@b", n: 5, at: new Date(0) }`. */
export function show(value: Value): string {
  const { type, bytes, at, end } = value
  switch (type) {
    case T.string:
    case T.symbol:
    case T.code:
      return JSON.stringify(textOf(value))
    case T.object: {
      const fields = elements(value).map(({ name, value: inner }) => `${name}: ${show(inner)}`)
      return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
    }
    case T.array: {
      const list = items(value).map(show)
      return list.length === 0 ? '[]' : `[ ${list.join(', ')} ]`
    }
    case T.objectId:
      return `ObjectId('${bytes.toString('hex', at, end)}')`
    case T.binary:
      return `BinData(${bytes[at + 4] ?? 0}, ${bytes.toString('hex', at + 5, end).toUpperCase()})`
    case T.date:
      return `new Date(${bigOf(value)})`
    case T.timestamp:
      return `Timestamp(${bytes.readUInt32LE(at + 4)}, ${bytes.readUInt32LE(at)})`
    case T.regex: {
      const { pattern, options } = regexOf(value)
      return `/${pattern}/${options}`
    }
    case T.double:
      return showDouble(numberOf(value))
    case T.int:
    case T.long:
      return bigOf(value).toString()
    case T.decimal:
      return decimalText(decimalOf(value))
    case T.bool:
      return String(bytes[at] === 1)
    default:
      return type === T.null ? 'null' : type === T.undefined ? 'undefined' : typeKey(type)
  }
}

const typeKey = (type: number): string => (type === T.minKey ? 'MinKey' : 'MaxKey')
