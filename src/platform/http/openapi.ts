/** The API document, made from what each endpoint says about itself. */
import { z } from 'zod';
import type { Endpoint, EndpointSpec } from './options.ts';

type Module = Record<string, unknown>;

const isEndpoint = (value: unknown): value is Endpoint => typeof value === 'function' && 'spec' in value;
const schemaOf = (schema: z.ZodType): unknown =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

const refusal = { $ref: '#/components/schemas/Refusal' };
const problem = (description: string) => ({
  description,
  content: { 'application/json': { schema: refusal } },
});

/** Statuses an endpoint can answer with, besides the good one. */
function problemsOf(spec: EndpointSpec, method: string): Record<string, unknown> {
  const writes = method !== 'get';
  return {
    ...(writes
      ? { 400: problem('Malformed'), 413: problem('Too big'), 415: problem('Wrong content type') }
      : {}),
    ...(spec.open ? {} : { 401: problem('Sign in first') }),
    ...(writes || !spec.open ? { 403: problem('Not your role, or sent from another origin') } : {}),
    404: problem('Not there, or not yours'),
    ...(writes ? { 409: problem('Refused by the state of things') } : {}),
    422: problem('Invalid: `details.fields` says which'),
    429: problem('Slow down: see Retry-After'),
    503: problem('Try again: see Retry-After'),
  };
}

function operation(spec: EndpointSpec, method: string, path: string): Record<string, unknown> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const input = spec.input
    ? (schemaOf(spec.input) as { properties?: Record<string, unknown>; required?: string[] })
    : null;
  const parameters: unknown[] = inPath.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: input?.properties?.[name] ?? { type: 'string' },
  }));
  if (method === 'get') {
    for (const [name, schema] of Object.entries(input?.properties ?? {})) {
      if (!inPath.includes(name)) {
        parameters.push({ name, in: 'query', required: input?.required?.includes(name) ?? false, schema });
      }
    }
  }
  for (const [where, schema] of [
    ['query', spec.describes?.query],
    ['header', spec.describes?.headers],
  ] as const) {
    const { properties = {}, required = [] } = schema
      ? (schemaOf(schema) as { properties?: Record<string, unknown>; required?: string[] })
      : {};
    for (const [name, described] of Object.entries(properties)) {
      parameters.push({ name, in: where, required: required.includes(name), schema: described });
    }
  }
  if (spec.idempotent) {
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      schema: { type: 'string', minLength: 8, maxLength: 100 },
    });
  }
  const content = { schema: input };
  const body = spec.raw
    ? { 'application/json': { schema: spec.describes ? schemaOf(spec.describes.body) : {} } }
    : { 'application/json': content, 'application/x-www-form-urlencoded': content };
  const data = spec.output ? schemaOf(spec.output) : {};
  return {
    ...(spec.summary ? { summary: spec.summary } : {}),
    ...(spec.open ? {} : { security: [{ session: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(method !== 'get' && (input || spec.raw) ? { requestBody: { required: true, content: body } } : {}),
    responses: {
      [spec.status]: {
        description: 'Done',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['success', 'data'],
              properties: { success: { const: true }, data, message: { type: 'string' } },
            },
          },
        },
      },
      ...problemsOf(spec, method),
    },
  };
}

/** `modules` are the files under pages/api by route pattern (`/api/orders/[id]`). */
export function openApi(modules: Iterable<[string, Module]>, server: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [pattern, module] of modules) {
    const path = pattern.replace(/\[(?:\.\.\.)?(\w+)\]/g, '{$1}');
    for (const [name, value] of Object.entries(module)) {
      const method = name.toLowerCase();
      if (isEndpoint(value)) (paths[path] ??= {})[method] = operation(value.spec, method, path);
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Atrium', version: '1', description: 'Every command and read of an Atrium site.' },
    servers: [{ url: server }],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => a.localeCompare(b))),
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'session' } },
      schemas: {
        Refusal: {
          type: 'object',
          required: ['error', 'code', 'request_id'],
          properties: {
            error: { type: 'string', description: 'A sentence for a person, in their language.' },
            code: { type: 'string', description: 'snake_case, for programs.' },
            details: { type: 'object' },
            request_id: { type: 'string' },
          },
        },
      },
    },
  };
}
