import { createHmac, timingSafeEqual } from 'node:crypto'

/** How check-in codes change: every so many seconds, each good for as long again. */
export interface CodeRule {
  seconds: number
}

const stepAt = (at: Date, { seconds }: CodeRule): number =>
  Math.floor(at.getTime() / 1000 / seconds)

const codeOf = (secret: string, session: string, step: number): string =>
  createHmac('sha256', Buffer.from(secret, 'base64url'))
    .update(`check-in/${session}/${step}`)
    .digest('base64url')
    .slice(0, 16)

/** The code that the door shows at a moment, for the address in its QR picture. */
export const codeAt = (secret: string, session: string, at: Date, rule: CodeRule): string =>
  codeOf(secret, session, stepAt(at, rule))

/** Whether a code is the one shown now, or the one before: somebody may just have photographed it. */
export function isCodeGood(
  secret: string,
  session: string,
  code: string,
  at: Date,
  rule: CodeRule,
): boolean {
  const given = Buffer.from(code)
  const now = stepAt(at, rule)
  return [now, now - 1].some((step) => {
    const right = Buffer.from(codeOf(secret, session, step))
    return right.length === given.length && timingSafeEqual(right, given)
  })
}
