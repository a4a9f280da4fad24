import { systemActor, type Scope } from '../../src/actor.js'
import type { World } from './world.js'

interface Problem {
  type: string
  status: number
  detail: string
  errors?: { field?: string; file?: string; line?: number; detail: string }[]
}

/** What a program was answered: JSON that a test asks for what it knows of it. */
export interface ApiAnswer {
  status: number
  headers: Headers
  text: string
  body: unknown
  problem: Problem
}

/** A program with an API key of these scopes. */
export interface Program {
  get(path: string, headers?: Record<string, string>): Promise<ApiAnswer>
  post(path: string, body: object | FormData, headers?: Record<string, string>): Promise<ApiAnswer>
}

const keeper = systemActor('test')

export async function createProgram(
  world: World,
  scopes: readonly Scope[],
  body?: string,
): Promise<Program> {
  const expiresAt = new Date(world.clock.now().getTime() + 365 * 86_400_000)
  const request = { name: 'a program', scopes, expiresAt, ...(body ? { body } : {}) }
  const { token } = await world.app.identity.createKey(keeper, request)
  return programWith(world, token)
}

/** A program with a token of its own, right or wrong. */
export function programWith(world: World, token: string): Program {
  async function ask(path: string, init: RequestInit): Promise<ApiAnswer> {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${token}`)
    const response = await fetch(`${world.address}/api/v1${path}`, { ...init, headers })
    const text = await response.text()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    const { status } = response
    return { status, headers: response.headers, text, body, problem: body as Problem }
  }
  return {
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, body, headers = {}) =>
      body instanceof FormData
        ? ask(path, { method: 'POST', headers, body })
        : ask(path, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: JSON.stringify(body),
          }),
  }
}
