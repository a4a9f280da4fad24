import type { Role, Scope } from '../actor.js'
import type { Grant } from './identity-store.js'

/** Whom an account is made for. */
export interface Invitation {
  email: string
  person?: string
  roles?: readonly Role[]
}

export interface KeyRequest {
  name: string
  scopes: readonly Scope[]
  /** Needed for the scope `outcomes`: the one conduct body whose outcomes it may touch. */
  body?: string
  expiresAt: Date
}

export interface Account {
  id: string
  email: string
  person?: string
  grants: readonly Grant[]
  /** Whether somebody has opened it by accepting the invitation. */
  open: boolean
  closed: boolean
}

/** An API key as it is shown: never its secret. */
export interface Key {
  id: string
  name: string
  scopes: readonly Scope[]
  body?: string
  expiresAt: Date
  revoked: boolean
}
