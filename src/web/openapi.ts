import { z } from 'zod'
import type { Call } from './call.js'

const problem = {
  description: 'A problem document (RFC 9457). `errors` names each field that has to be changed.',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
          errors: {
            type: 'array',
            items: {
              type: 'object',
              properties: { field: { type: 'string' }, detail: { type: 'string' } },
            },
          },
        },
      },
    },
  },
}

const schemaOf = (schema: z.ZodType): object =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })

function operationOf({ method, path, scope, summary, body }: Call): object {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name)
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    schema: { type: 'string', maxLength: 255 },
  }
  return {
    summary,
    description: `Scope: \`${scope}\`.`,
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...(method === 'post' ? [key] : []),
    ],
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body) } },
          },
        }
      : {}),
    responses: {
      '2XX': {
        description: 'Done, or found.',
        content: { 'application/json': { schema: {} } },
      },
      '4XX': problem,
    },
  }
}

/** The API described by OpenAPI 3.1, from the calls themselves: what is not declared is not there. */
export function describeCalls(calls: readonly Call[], publicUrl: string): object {
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
    security: [{ key: [] }],
    paths,
  }
}
