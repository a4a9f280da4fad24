import { load, type CheerioAPI } from 'cheerio'

/** What came back: the page as HTML that can be asked. */
export interface Answered {
  status: number
  headers: Headers
  text: string
  $: CheerioAPI
  /** The words of the main part of the page, white space folded. */
  words: string
  location: string | null
}

/** Fields by name, or one after another where a name comes more than once. */
type Form = Record<string, string> | [string, string][]

/** Somebody at a browser without JavaScript: cookies are kept, forms carry their tokens. */
export interface Visitor {
  get(path: string): Promise<Answered>
  /** Sends a form with the token of the page looked at last; a redirect (303) is followed. */
  post(path: string, form: Form): Promise<Answered>
  /** The same, without following a redirect. */
  send(path: string, form: Form, headers?: Record<string, string>): Promise<Answered>
  upload(
    path: string,
    field: string,
    files: Record<string, string | Uint8Array>,
    form?: Record<string, string>,
  ): Promise<Answered>
  fetch(path: string, init?: RequestInit): Promise<Response>
  cookies: Map<string, string>
  token: string
}

export function createVisitor(address: string): Visitor {
  const cookies = new Map<string, string>()

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(new URL(path, address), { redirect: 'manual', ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      if (/expires=thu, 01 jan 1970/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  async function read(response: Response): Promise<Answered> {
    const text = await response.text()
    const $ = load(text)
    const token = $('input[name="_csrf"]').first().attr('value')
    if (token !== undefined) visitor.token = token
    return {
      status: response.status,
      headers: response.headers,
      text,
      $,
      words: $('main').text().replace(/\s+/g, ' ').trim(),
      location: response.headers.get('location'),
    }
  }

  const visitor: Visitor = {
    cookies,
    token: '',
    fetch: request,
    async get(path) {
      let response = await request(path)
      for (let hops = 0; response.status === 303 && hops < 5; hops++) {
        response = await request(response.headers.get('location') ?? '/')
      }
      return read(response)
    },
    async send(path, form, headers = {}) {
      const token: [string, string] = ['_csrf', visitor.token]
      const fields = Array.isArray(form)
        ? [token, ...form]
        : Object.entries({ _csrf: visitor.token, ...form })
      const body = new URLSearchParams(fields)
      return read(await request(path, { method: 'POST', body, headers }))
    },
    async post(path, form) {
      const answer = await visitor.send(path, form)
      return answer.status === 303 && answer.location ? visitor.get(answer.location) : answer
    },
    async upload(path, field, files, form = {}) {
      const body = new FormData()
      for (const [name, value] of Object.entries({ _csrf: visitor.token, ...form }))
        body.set(name, value)
      for (const [name, bytes] of Object.entries(files)) {
        body.append(field, new Blob([bytes]), name)
      }
      const response = await request(path, { method: 'POST', body })
      const next = response.headers.get('location')
      return response.status === 303 && next ? visitor.get(next) : read(response)
    },
  }
  return visitor
}
