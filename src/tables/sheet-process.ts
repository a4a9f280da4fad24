import { readHere } from './reading.js'
import type { Order, Reply } from './apart.js'

// A process that reads one file and ends. Rows go over in handfuls: one message of twenty thousand
// rows would hold up whoever receives it for longer than a page may wait.
const handful = 500
const send = (reply: Reply): void => void process.send?.(reply)

process.once('message', ({ bytes, file, limits }: Order) => {
  void readHere(bytes, file, limits).then(({ rows, ...rest }) => {
    for (let at = 0; at < rows.length; at += handful) {
      send({ rows: rows.slice(at, at + handful) })
    }
    send({ done: rest })
  })
})
