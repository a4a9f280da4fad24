import { certificates } from '/work/wt/certificates/test/bench/certificates.js'
for (const f of await certificates()) console.log(JSON.stringify(f))
