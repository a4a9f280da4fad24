export { readCsv, type Row, type Table } from './csv.js'
export { decodeText, type Decoded } from './encoding.js'
