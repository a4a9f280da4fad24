import { z } from 'zod'
import { personOf, type Actor } from '../../actor.js'
import type { Certificates } from '../../certificates/certificates.js'
import type { Compliance } from '../../compliance/compliance.js'
import type { CourseImage } from '../../courses/courses.js'
import { notFound } from '../../errors.js'
import type { Language } from '../../language.js'
import type { Learning, Place, Request, Submitted } from '../../learning/learning.js'
import { file, go, page, view, type Answer, type Page, type Typed, type Visit } from '../page.js'
import { certificateAddress } from './certificates.js'
import { addressAfter, courseAddress, stepAddress, stepOfModule } from './learning/addresses.js'
import { aroundOf, type AroundParts } from './learning/around.js'
import { showCourse } from './learning/course.js'
import { showPrint } from './learning/print.js'
import { answerIn } from './learning/questions.js'
import { sceneAfter } from './learning/scenarios.js'
import { showStep, type Asked } from './learning/steps.js'

export interface LearningPagesParts extends AroundParts {
  learning: Learning
  compliance: Compliance
  certificates: Pick<Certificates, 'own'>
  courseImage: (hash: string) => Promise<CourseImage | undefined>
}

const name = z.string().max(100)
const flag = z.preprocess((value) => value === '1', z.boolean())
const course = z.object({ course: name })
const asked = {
  scene: name.optional().catch(undefined),
  answer: z.string().max(1000).optional().catch(undefined),
  again: flag,
  go: flag,
}
const submitted = z.looseObject({
  course: name,
  module: name,
  step: name,
  do: z.enum(['read', 'check', 'choose', 'acknowledge', 'answer']),
  attempt: name.default(''),
  scene: name.default(''),
  choice: name.default(''),
  confirm: z.string().optional(),
  hash: name.default(''),
  language: z.enum(['en', 'cy']).default('en'),
  form: z.coerce.number().int().min(1).max(10_000).catch(1),
  question: name.default(''),
})
type Sent = z.output<typeof submitted>

/** What a form asks to have recorded. Whether it can be is for the door to say. */
function requestIn(sent: Sent): Request {
  const to = { attempt: sent.attempt, step: `${sent.module}/${sent.step}` }
  switch (sent.do) {
    case 'read':
      return { ...to, kind: 'read' }
    case 'check':
      return { ...to, kind: 'check', answer: answerIn(sent) }
    case 'choose':
      return { ...to, kind: 'choose', scene: sent.scene, choice: sent.choice }
    case 'acknowledge': {
      const { hash, language } = sent
      return { ...to, kind: 'acknowledge', hash, language }
    }
    case 'answer': {
      const { form, question } = sent
      return { ...to, kind: 'answer', form, question, answer: answerIn(sent) }
    }
  }
}

/** What is missing in a form that was sent without being filled in. */
const faultIn = (sent: Sent): string | undefined =>
  sent.do === 'choose' && sent.choice === ''
    ? 'learning.no-choice'
    : sent.do === 'acknowledge' && sent.confirm === undefined
      ? 'learning.not-confirmed'
      : undefined

/** Where the browser goes when something has been saved: to what there is to say about it. */
function addressOf(saved: Exclude<Submitted, { refused: unknown }>, sent: Sent): string {
  const { place, fact } = saved
  const step = { id: fact.step }
  const here = stepAddress(place.course, step)
  if (fact.kind === 'checked') {
    return `${here}?answer=${encodeURIComponent(fact.answer.join())}#result`
  }
  if (fact.kind === 'chose') {
    const scenario = Object.values(place.version.scenarios).find(({ hash }) => hash === fact.hash)
    const to = scenario && sceneAfter(scenario, sent.scene, sent.choice)
    return to ? `${here}?scene=${to}#result` : here
  }
  if (place.progress.complete) return courseAddress(place.course)
  if (fact.kind === 'tested') return `${here}#result`
  return addressAfter(place, step)
}

/** Courses as somebody takes them. A GET shows and writes nothing; what is sent is kept as given. */
export function learningPages(parts: LearningPagesParts): Page[] {
  const { learning, compliance, certificates, courseImage } = parts
  const around = (place?: Place) => aroundOf(parts, place)

  async function showCourseOf(actor: Actor, id: string, language: Language): Promise<Answer> {
    const [place, lines] = await Promise.all([
      learning.open(actor, id),
      compliance.ofPerson(actor, personOf(actor) ?? ''),
    ])
    const asks = lines.filter((line) => line.course === id)
    const proof = place.progress.complete ? await certificateFor(actor, id) : []
    return showCourse(place, asks, proof, language, around(place))
  }

  /** The certificate of a course that somebody has completed; nothing while it waits to be issued. */
  async function certificateFor(actor: Actor, id: string): Promise<object[]> {
    const { certificates: held } = await certificates.own.all(actor)
    return held
      .filter(({ certificate, afterlife }) => certificate.course.id === id && !afterlife.superseded)
      .slice(0, 1)
      .map((one) => ({ ...one, href: certificateAddress(one) }))
  }

  async function showStepOf(
    visit: Visit<unknown>,
    id: string,
    stepId: string | { module: string },
    what: Asked,
  ): Promise<Answer> {
    const place = await learning.open(visit.actor, id)
    if (place.number === 0) return go(courseAddress(id))
    const step =
      typeof stepId === 'string' ? stepFor(place, stepId) : stepOfModule(place, stepId.module)
    if (!step) throw notFound('learning.no-such-step')
    const typed = Object.keys(visit.kept).length > 0 ? visit.kept : undefined
    return showStep({
      place,
      step,
      language: visit.language,
      asked: what,
      around: around(place),
      ...(typed ? { typed } : {}),
    })
  }

  /** The page again with what was typed and what is wrong with it; or why it could not be kept. */
  function answerRefusal(
    place: Place | undefined,
    sent: Sent,
    key: string,
    language: Language,
  ): Answer {
    const step = place && stepFor(place, `${sent.module}/${sent.step}`)
    const mendable = ['learning.no-answer', 'learning.no-choice', 'learning.not-confirmed']
    const fault = { key }
    if (place && step && mendable.includes(key)) {
      const typed: Typed = sent
      return showStep({ place, step, language, asked: {}, typed, fault, around: around(place) })
    }
    const model = { say: fault, to: courseAddress(sent.course), ...around(place) }
    return view('learning/not-kept', { key: 'learning.not-kept' }, model, 409)
  }

  return [
    page({
      method: 'get',
      path: '/training/:course',
      permission: 'own-training',
      input: course.extend({ print: flag, large: flag }),
      audit: 'nothing',
      async handle({ actor, input, language }) {
        if (!input.print) return showCourseOf(actor, input.course, language)
        const place = await learning.open(actor, input.course)
        return showPrint(place, language, input.large, around(place))
      },
    }),
    page({
      method: 'post',
      path: '/training/:course',
      permission: 'own-training',
      input: course.extend({ after: z.coerce.number().int().min(0).max(100_000).catch(0) }),
      audit: 'act',
      async handle({ actor, input }) {
        const place = await learning.begin(actor, input.course, input.after)
        const { next } = place.progress
        return go(next ? stepAddress(place.course, next) : courseAddress(place.course))
      },
    }),
    page({
      method: 'get',
      path: '/training/:course/:module',
      permission: 'own-training',
      input: course.extend({ module: name, ...asked }),
      audit: 'nothing',
      handle: (visit) =>
        showStepOf(visit, visit.input.course, { module: visit.input.module }, visit.input),
    }),
    page({
      method: 'get',
      path: '/training/:course/:module/:step',
      permission: 'own-training',
      input: course.extend({ module: name, step: name, ...asked }),
      audit: 'nothing',
      handle(visit) {
        const { course: id, module, step } = visit.input
        return showStepOf(visit, id, `${module}/${step}`, visit.input)
      },
    }),
    page({
      method: 'post',
      path: '/training/:course/:module/:step',
      permission: 'own-training',
      input: submitted,
      audit: 'act',
      async handle({ actor, input, language }) {
        const fault = faultIn(input)
        if (fault) {
          const place = await learning.open(actor, input.course)
          return answerRefusal(place, input, fault, language)
        }
        const saved = await learning.submit(actor, input.course, requestIn(input))
        if ('refused' in saved) {
          return answerRefusal(saved.place, input, saved.refused.key, language)
        }
        return go(addressOf(saved, input))
      },
    }),
    page({
      method: 'get',
      path: '/course-images/:file',
      permission: 'be-signed-in',
      input: z.object({ file: z.string().regex(/^[0-9a-f]{64}\.(png|jpg|webp|svg)$/) }),
      audit: 'nothing',
      async handle({ input }) {
        const image = await courseImage(input.file.slice(0, 64))
        if (!image) throw notFound()
        return file(Buffer.from(image.bytes), image.type, { frozen: true })
      },
    }),
  ]
}

/** A step of the learner's own path, or the one that stands beside it. */
function stepFor({ progress, version, attempt }: Place, id: string) {
  const own = progress.steps.find(({ step }) => step.id === id)?.step
  if (own || attempt.learner.under18) return own
  const beside = progress.steps.some(({ step }) => step.standIn === id || step.standsFor === id)
  return beside ? version.steps.find((step) => step.id === id) : undefined
}
