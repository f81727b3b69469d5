/** A request as an endpoint meets it after the middleware, without a server or a database. */
import './settings.ts';
import type { APIContext } from 'astro';
import { messages } from '#platform/i18n/index.ts';
import type { Endpoint } from '#platform/endpoint.ts';

interface Visit {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  params?: Record<string, string>;
  user?: { id: string; email: string } | null;
  /** Limits are counted by it, so each visit has its own unless a test is about limits. */
  address?: string;
}

let visits = 0;

export function visit({
  method = 'POST',
  path = '/api/things',
  headers = {},
  body,
  params = {},
  user = null,
  address,
}: Visit) {
  visits += 1;
  const url = new URL(path, 'http://localhost:4321');
  const cookies = new Map<string, string>();
  const shown: { path: string; form: App.Locals['form'] }[] = [];
  const locals = {
    requestId: `request-${visits}`,
    address: address ?? `10.0.${visits >> 8}.${visits & 255}`,
    business: { id: 'b1', locales: ['en', 'es'], country: 'ES' },
    locale: 'en',
    m: messages('en'),
    href: (to: string) => to,
    db: {},
    user,
    form: null,
    flash: null,
  } as unknown as App.Locals;
  const context = {
    request: new Request(url, {
      method,
      headers: { host: 'localhost:4321', ...headers },
      body: body ?? null,
    }),
    url,
    params,
    locals,
    routePattern: '/api/things',
    cookies: {
      get: (name: string) => (cookies.has(name) ? { value: cookies.get(name) } : undefined),
      set: (name: string, value: string) => cookies.set(name, value),
      delete: (name: string) => cookies.delete(name),
    },
    rewrite: async (to: Request) => {
      shown.push({ path: new URL(to.url).pathname, form: locals.form });
      return new Response('<h1>The form again</h1>', { headers: { 'content-type': 'text/html' } });
    },
  } as unknown as APIContext;
  return { context, cookies, shown };
}

export const json = { 'content-type': 'application/json' };
export const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };

export async function send(endpoint: Endpoint, request: Visit) {
  const visited = visit(request);
  const response = await endpoint(visited.context);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    ...visited,
    status: response.status,
    headers: response.headers,
    text,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    json: (isJson && text ? JSON.parse(text) : null) as any,
  };
}
