import { decimalText } from './numbers.js'
import { bigOf, elements, items, numberOf, regexOf, T, textOf, type Value } from './value.js'

const inside = (open: string, list: readonly string[], close: string): string =>
  list.length === 0 ? open + close : `${open} ${list.join(', ')} ${close}`

/** A value as MongoDB's messages write it: `{ email: "a@b", n: 5, at: new Date(0) }`. */
export function show(value: Value): string {
  const { type, bytes, at, end } = value
  switch (type) {
    case T.string:
    case T.symbol:
    case T.javascript:
      return JSON.stringify(textOf(value))
    case T.object:
      return inside(
        '{',
        elements(value).map((each) => `${each.name}: ${show(each.value)}`),
        '}',
      )
    case T.array:
      return inside('[', items(value).map(show), ']')
    case T.objectId:
      return `ObjectId('${bytes.toString('hex', at, end)}')`
    case T.binData:
      return `BinData(${bytes[at + 4] ?? 0}, ${bytes.toString('hex', at + 5, end).toUpperCase()})`
    case T.date:
      return `new Date(${bigOf(value)})`
    case T.timestamp:
      return `Timestamp(${bytes.readUInt32LE(at + 4)}, ${bytes.readUInt32LE(at)})`
    case T.regex:
      return `/${regexOf(value).pattern}/${regexOf(value).options}`
    case T.double:
      return Number.isSafeInteger(numberOf(value))
        ? `${numberOf(value)}.0`
        : String(numberOf(value))
    case T.int:
    case T.long:
      return bigOf(value).toString()
    case T.decimal:
      return decimalText(value)
    case T.bool:
      return String(bytes[at] === 1)
    default:
      return type === T.minKey ? 'MinKey' : type === T.maxKey ? 'MaxKey' : 'null'
  }
}
