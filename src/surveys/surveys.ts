import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { personOf, type Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { conflict, refused } from '../errors.js'
import { openKeyRing, type KeyRing } from '../keys/keys.js'
import type { Random } from '../random.js'
import { createSealing } from './sealing.js'
import {
  countOf,
  wordsOf,
  type SurveyAnswers,
  type SurveyCounts,
  type SurveyName,
} from './survey.js'
import { createSurveysStore } from './surveys-store.js'

export { answersIn, kindOf, questionsOf, type SurveyAnswers, type SurveyName } from './survey.js'
export { surveyCollections } from './surveys-store.js'

/** What may be told of a survey; words only where enough people wrote some. */
export interface SurveyResult {
  people: number
  counts: SurveyCounts
  words?: readonly string[]
}

/**
 * Anonymous surveys (issue *Courses*, part 6). No answer is kept with whoever gave it, nor in an
 * order or at a time that would tell: it waits sealed among others until there are `least` of them,
 * and all of those are counted at once. That somebody has answered is kept as a keyed mark.
 */
export interface Surveys {
  /** From how many people on anything is told. */
  readonly least: number
  /** Whether somebody has answered a survey; never what. */
  hasAnswered(actor: Actor, survey: SurveyName): Promise<boolean>
  /** Takes somebody's answers. Throws conflict where they have answered before. */
  answer(actor: Actor, survey: SurveyName, answers: SurveyAnswers): Promise<void>
  /** What was answered; nothing while fewer than `least` people have. */
  result(survey: SurveyName): Promise<SurveyResult | undefined>
}

/** The key that seals answers: one for ever, so that nobody answers twice after a change of keys. */
export const openSurveyRing = (options: {
  keysDir: string
  make: boolean
  clock: Pick<Clock, 'today'>
}): KeyRing =>
  openKeyRing({
    name: 'surveys',
    directory: join(options.keysDir, 'surveys'),
    kind: 'secret',
    make: options.make,
    clock: options.clock,
  })

export function createSurveys(parts: {
  database: Database
  ring: KeyRing
  least: number
  random: Random
}): Surveys {
  const { database, ring, least, random } = parts
  const store = createSurveysStore(database.connection)
  const firstKey = () => ring.held(ring.history()[0]?.id ?? '').secret
  const sealing = createSealing(firstKey, random)

  function markOf(actor: Actor, survey: SurveyName): string {
    const person = personOf(actor)
    if (person === undefined) throw refused('problem.refused')
    return sealing.markOf(survey, person)
  }

  /** Counts what waits, once it is enough. Whoever comes between makes it be done again. */
  async function tell(survey: SurveyName): Promise<void> {
    for (;;) {
      const found = await store.find(survey)
      if (!found || found.waiting.length < least) return
      const answers = found.waiting.map((sealed) => sealing.open(sealed))
      const batch = createHash('sha256').update(found.waiting.join('\n')).digest('base64url')
      await store.keepWords(batch, wordsOf(survey, answers))
      const told = {
        people: found.people + answers.length,
        counts: countOf(survey, answers, found.counts),
        batches: [...found.batches, batch],
      }
      if (await store.tell(found, told)) return
      // Another process may have told this very batch: then its words are wanted.
      if (!(await store.find(survey))?.batches.includes(batch)) await store.forgetWords(batch)
    }
  }

  return {
    least,
    hasAnswered: (actor, survey) => store.isMarked(survey, markOf(actor, survey)),
    async answer(actor, survey, answers) {
      if (!(await store.mark(survey, markOf(actor, survey)))) throw conflict('surveys.answered')
      await store.wait(survey, sealing.seal(answers))
      await tell(survey)
    },
    async result(survey) {
      const found = await store.find(survey)
      if (!found || found.people < least) return undefined
      const { people, counts, batches } = found
      const words = await store.words(batches)
      return { people, counts, ...(words.length >= least ? { words } : {}) }
    },
  }
}
