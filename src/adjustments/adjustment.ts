import type { Day } from '../clock.js'
import type { Language } from '../language.js'

/** How pages look for somebody, everywhere and on every device. */
export const displays = ['large-print', 'more-space', 'soft-colours'] as const
export type Display = (typeof displays)[number]

/** What somebody needs in a room or a video call. Said to whoever prepares it, never why. */
export const roomNeeds = [
  'step-free',
  'hearing-loop',
  'sign-language',
  'captions',
  'papers-beforehand',
  'breaks',
  'companion',
] as const
export type RoomNeed = (typeof roomNeeds)[number]

/** Another way through the training, for which nobody has to give a reason. */
export const routeKinds = ['without-distressing-scenes', 'one-to-one'] as const
export type RouteKind = (typeof routeKinds)[number]

export interface Route {
  id: string
  kind: RouteKind
  askedAt: Date
  /** `asked` until somebody outside the employer's line has looked at it. */
  state: 'asked' | 'agreed' | 'not-agreed'
}

/** What somebody has told us once, so that it holds everywhere. Nobody at their employer sees it. */
export interface Adjustments {
  display: readonly Display[]
  room: readonly RoomNeed[]
  /** The language they chose; without it the one that the directory gives. */
  language?: Language
  /** The eighteenth birthday of somebody who is younger; from that day on it says nothing. */
  adultFrom?: Day
  route?: Route
}

/** What of it decides which pages of a course somebody is shown. */
export interface Way {
  quiet: boolean
  under18: boolean
}

/**
 * The way somebody takes on a day. The route without distressing scenes holds from the moment it is
 * asked for: nobody has to go on looking at a scene until an officer has found the time.
 */
export function wayOf({ adultFrom, route }: Adjustments, on: Day): Way {
  return {
    quiet: route?.kind === 'without-distressing-scenes' && route.state !== 'not-agreed',
    under18: adultFrom !== undefined && on < adultFrom,
  }
}
