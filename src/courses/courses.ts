import { makeCatalogue, type Catalogue } from './catalogue.js'
import { gather } from './gather.js'
import { keep } from './keep.js'

export type {
  Audience,
  Choice,
  CourseImage,
  CourseVersion,
  Delivery,
  Html,
  Judgement,
  Module,
  Option,
  Question,
  Scenario,
  Scene,
  Step,
} from './course.js'
export { audiences, deliveries } from './course.js'
export type { Catalogue } from './catalogue.js'
export type { ContentFault } from './fault.js'
export { collector, grave } from './fault.js'
export { parseYaml, type Parsed } from './parse.js'
export { checkContent } from './check-content.js'
export { bankOf, isFor } from './check-tests.js'

/**
 * Reads every course of a folder into versions that can be taught and stored (domain, section 2:
 * course). A course with a fault that withholds it is left out and said; the others are not touched
 * by it. Reads synchronously, meant for the start; never throws for what a file holds. What came of
 * the same files is taken from `keptIn`, a file that it writes itself, where one is named: only the
 * courses that have changed are read again.
 */
export function loadCatalogue(directory: string, keptIn?: string): Catalogue {
  const folder = gather(directory)
  return keptIn === undefined ? makeCatalogue(folder) : keep(keptIn, folder)
}
