import { checkContent, loadCatalogue } from '../src/courses/courses.js'
import { loadWords } from '../src/language.js'
const words = loadWords('views/text')
const only = process.argv[2]
const faults = checkContent('courses').filter((f) => !only || f.file.includes(only))
for (const f of faults) console.log(`${f.withholds ? 'E' : 'a'} ${f.file}:${f.line} ${words.say('en', f.say)}`)
const c = loadCatalogue('courses')
console.log([...c.courses.keys()], faults.length)
