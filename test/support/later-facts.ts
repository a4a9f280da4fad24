import fc from 'fast-check'

/** One thing that happens, in the order in which the system hears of it. */
export type Fact =
  /** The day ends, and some more pass. */
  | { fact: 'pass'; days: number }
  | { fact: 'hire'; who: number; office: number; in: number }
  | { fact: 'leave'; which: number; in: number }
  | { fact: 'away'; who: number; kind: number; in: number; length: number }
  | { fact: 'done'; who: number; course: number; delivery: number }
  | { fact: 'extended'; who: number; duty: number; by: number }
  | { fact: 'excused'; who: number; duty: number; in: number; length: number }
  | { fact: 'relief-ended'; which: number }
  | { fact: 'office-handed-on'; to: number }
  | { fact: 'rule-changed'; months: number; in: number }
  // Corrections: what speaks of days that are over.
  | { fact: 'late-register'; who: number; course: number; delivery: number; ago: number }
  | { fact: 'annulled'; which: number }
  | { fact: 'term-put-right'; which: number; by: number }
  | { fact: 'absence-put-right'; which: number; by: number }

const corrections = new Set<Fact['fact']>([
  'late-register',
  'annulled',
  'term-put-right',
  'absence-put-right',
])
export const isCorrection = ({ fact }: Fact): boolean => corrections.has(fact)

const kind = <Name extends Fact['fact'], More extends object>(
  weight: number,
  fact: Name,
  more: { [Field in keyof More]: fc.Arbitrary<More[Field]> },
) => ({
  weight,
  arbitrary: fc.record<More>(more).map((rest): { fact: Name } & More => ({ fact, ...rest })),
})
const who = fc.nat(2)
const small = fc.nat(40)

export const facts = (length: number): fc.Arbitrary<Fact[]> =>
  fc.array(
    fc.oneof(
      kind(9, 'pass', { days: fc.integer({ min: 1, max: 90 }) }),
      kind(3, 'hire', { who, office: fc.nat(3), in: small }),
      kind(2, 'leave', { which: fc.nat(20), in: small }),
      kind(3, 'away', { who: fc.nat(4), kind: fc.nat(5), in: small, length: fc.nat(200) }),
      kind(1, 'done', { who: fc.nat(4), course: fc.nat(3), delivery: fc.nat(2) }),
      kind(3, 'extended', {
        who: fc.nat(4),
        duty: fc.nat(2),
        by: fc.integer({ min: 1, max: 200 }),
      }),
      kind(3, 'excused', { who: fc.nat(4), duty: fc.nat(2), in: small, length: fc.nat(200) }),
      kind(4, 'relief-ended', { which: fc.nat(5) }),
      kind(2, 'office-handed-on', { to: fc.nat(1) }),
      kind(1, 'rule-changed', { months: fc.integer({ min: 1, max: 9 }), in: fc.nat(100) }),
      kind(1, 'late-register', {
        who: fc.nat(4),
        course: fc.nat(3),
        delivery: fc.nat(2),
        ago: fc.integer({ min: 1, max: 120 }),
      }),
      kind(1, 'annulled', { which: fc.nat(10) }),
      kind(1, 'term-put-right', { which: fc.nat(20), by: fc.integer({ min: -60, max: 60 }) }),
      kind(1, 'absence-put-right', { which: fc.nat(10), by: fc.integer({ min: -60, max: 60 }) }),
    ),
    { minLength: length, maxLength: length },
  )
