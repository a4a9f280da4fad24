import { z } from 'zod'
import type { Call } from './call.js'

const problem = {
  description: 'A problem document (RFC 9457) that says what is wrong, where, and what to do.',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'detail'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
          errors: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                field: { type: 'string' },
                file: { type: 'string' },
                line: { type: 'integer' },
                column: { type: 'string' },
                detail: { type: 'string' },
              },
            },
          },
        },
      },
    },
  },
}

interface ObjectSchema {
  properties?: Record<string, object | boolean> | undefined
  required?: string[] | undefined
}

const inputOf = (call: Call): ObjectSchema =>
  z.toJSONSchema(call.input, { io: 'input', unrepresentable: 'any' })

function operationOf(call: Call): object {
  const { properties = {}, required = [] } = inputOf(call)
  const inPath = [...call.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const inQuery = call.method === 'get' || call.upload !== undefined
  const others = Object.entries(properties).filter(([name]) => !inPath.includes(name))
  const parameters = [
    ...inPath.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: properties[name] ?? { type: 'string' },
    })),
    ...(inQuery ? others : []).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema,
    })),
    ...(call.method === 'post'
      ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string' } }]
      : []),
  ]
  const fields = {
    type: 'object',
    properties: Object.fromEntries(others),
    required: required.filter((name) => !inPath.includes(name)),
  }
  const body =
    call.upload === undefined
      ? { 'application/json': { schema: fields } }
      : {
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: [call.upload],
              properties: { [call.upload]: { type: 'string', format: 'binary' } },
            },
          },
        }
  return {
    summary: call.says,
    security: [{ key: [] }],
    'x-scope': call.scope,
    parameters,
    ...(call.method === 'post' ? { requestBody: { content: body } } : {}),
    responses: { '2XX': { description: 'JSON' }, default: problem },
  }
}

/** The description of the API (OpenAPI 3.1), made from the calls themselves. */
export function openApiOf(calls: readonly Call[], publicUrl: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const call of calls) {
    const path = call.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [call.method]: operationOf(call) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Good Standing', version: '1' },
    servers: [{ url: `${publicUrl}/api/v1` }],
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    paths,
  }
}
