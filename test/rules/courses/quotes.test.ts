import { expect } from 'chai'
import { curlQuotes } from '../../../src/courses/quotes.js'

describe('quotation marks', () => {
  const cases: [written: string, shown: string][] = [
    ['nothing to do', 'nothing to do'],
    ['"Stop," she said.', '“Stop,” she said.'],
    ["It's Huw's turn", 'It’s Huw’s turn'],
    ["P'un a ydych, mae'n bwysig", 'P’un a ydych, mae’n bwysig'],
    ['&quot;Iawn,&quot; medd hi.', '“Iawn,” medd hi.'],
    ['<p>"One."</p>\n<p>"Two."</p>', '<p>“One.”</p>\n<p>“Two.”</p>'],
    ['<a href="/support#helpline">"Here"</a>', '<a href="/support#helpline">“Here”</a>'],
    ['she said <em>"no"</em>', 'she said <em>“no”</em>'],
    ['"<em>no</em>" she said', '“<em>no</em>” she said'],
    ['He said, "\'So,\' she said."', 'He said, “‘So,’ she said.”'],
    ['("quoted")', '(“quoted”)'],
    ['a "word" – "another"', 'a “word” – “another”'],
  ]
  for (const [written, shown] of cases) {
    it(`turn ${written} into ${shown}`, () => {
      expect(curlQuotes(written)).to.equal(shown)
    })
  }
})
