import type { Actor } from '../actor.js'
import { may, type Permission } from '../identity/identity.js'
import type { Sentence } from '../language.js'

interface Place {
  href: string
  permission: Permission
  text: Sentence
}

/** What stands in the header, in this order. */
const places: readonly Place[] = [
  { href: '/training', permission: 'own-training', text: { key: 'navigation.training' } },
  {
    href: '/certificates',
    permission: 'own-training',
    text: { key: 'navigation.certificates' },
  },
  { href: '/compliance', permission: 'see-lists', text: { key: 'navigation.compliance' } },
  { href: '/training-sessions', permission: 'be-signed-in', text: { key: 'navigation.sessions' } },
  {
    href: '/registers',
    permission: 'run-training-sessions',
    text: { key: 'navigation.registers' },
  },
  { href: '/decisions', permission: 'decide', text: { key: 'navigation.decisions' } },
  { href: '/programme', permission: 'see-programme', text: { key: 'navigation.programme' } },
  { href: '/authors', permission: 'author', text: { key: 'navigation.authors' } },
  { href: '/surveys', permission: 'see-surveys', text: { key: 'navigation.surveys' } },
  {
    href: '/adjustments/asked',
    permission: 'safeguard',
    text: { key: 'navigation.ways-asked' },
  },
  { href: '/private', permission: 'own-training', text: { key: 'navigation.private' } },
  { href: '/outcomes', permission: 'conduct-body', text: { key: 'navigation.outcomes' } },
  {
    href: '/certificate-designs',
    permission: 'author',
    text: { key: 'certificate-designs.title' },
  },
  {
    href: '/safeguarding',
    permission: 'safeguard',
    text: { key: 'navigation.safeguarding' },
  },
  { href: '/directory', permission: 'keep-directory', text: { key: 'navigation.directory' } },
  { href: '/accounts', permission: 'keep-accounts', text: { key: 'navigation.accounts' } },
]

/** The places of the header that an actor may go to, the one they are in marked. */
export const navigationOf = (actor: Actor, path: string): object[] =>
  places
    .filter(({ permission }) => may(actor, permission))
    .map(({ href, text }) => ({
      href,
      text,
      current: path === href || path.startsWith(`${href}/`),
    }))

/** Where somebody begins: the first place of the header that is theirs. */
export const firstPlaceOf = (actor: Actor): string =>
  places.find(({ permission }) => may(actor, permission))?.href ?? '/'
