import { fileURLToPath } from 'node:url'
import { loadWords, type Sentence, type Words } from '../language.js'

let words: Words | undefined

/** A sentence in English, as the pages say it. */
export function inWords(sentence: Sentence): string {
  words ??= loadWords(fileURLToPath(new URL('../../views/text', import.meta.url)))
  return words.say('en', sentence)
}
