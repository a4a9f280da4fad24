import { createHouse, trainer } from './training.js'

// A process that records a register, until somebody kills it.
const [uri = '', name = '', upload = ''] = process.argv.slice(2)
const house = await createHouse({ uri, name })
process.send?.('ready')
await house.training.uploads.confirm(trainer, upload, 'all')
process.send?.('done')
setInterval(() => undefined, 1000)
