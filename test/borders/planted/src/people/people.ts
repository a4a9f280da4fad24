import { web } from '../web/web.js'
import { inner } from '../courses/inner.js'

export const people = [web, inner]
