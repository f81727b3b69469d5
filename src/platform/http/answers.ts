/** The answers of pages/api: JSON to programs, a redirect or the form's page again to people. */
import { createHash } from 'node:crypto';
import type { APIContext } from 'astro';
import { config } from '../config.ts';
import { type Refusal, sentence } from '../refusals.ts';
import { setFlash } from './cookies.ts';
import { kindOf } from './body.ts';
import { ownPath, refererPath, visitedHost } from './origin.ts';

/** A list with its way on: answered as `{ success, data, page: { next, total } }`. `next` is an opaque cursor. */
export class Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
  readonly total: number | null;
  constructor(rows: readonly T[], next: string | null = null, total: number | null = null) {
    this.rows = rows;
    this.next = next;
    this.total = total;
  }
}

/** A program is answered in JSON: one that sent JSON, that accepts JSON, or that reads without asking for a page. */
export function wantsJson(request: Request): boolean {
  if (kindOf(request.headers) === 'json') return true;
  const accept = request.headers.get('accept') ?? '';
  if (accept.includes('application/json')) return true;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && !accept.includes('text/html');
}

export const here = (context: Pick<APIContext, 'request' | 'url'>): string =>
  visitedHost(context.request.headers, config.TRUST_PROXY, context.url);

/** The page of ours that the visitor came from, as they see its address. */
export const cameFrom = (context: Pick<APIContext, 'request' | 'url'>): string | null =>
  ownPath(refererPath(context.request.headers, here(context)));

/** Headers every refusal carries: how long to wait, or what else would have worked. */
export function refusalHeaders(refusal: Refusal): Record<string, string> {
  const { seconds, allow } = refusal.details;
  return {
    ...(refusal.status === 429 || refusal.status === 503 ? { 'Retry-After': String(seconds ?? 5) } : {}),
    ...(typeof allow === 'string' ? { Allow: allow } : {}),
  };
}

export function jsonRefusal(locals: App.Locals, refusal: Refusal, fields?: Record<string, string>): Response {
  const details = fields ? { ...refusal.details, fields } : refusal.details;
  return Response.json(
    {
      error: sentence(refusal, locals.m),
      code:
        typeof refusal.details.name === 'string' && refusal.name === 'refused'
          ? refusal.details.name
          : refusal.name,
      ...(Object.keys(details).length > 0 ? { details } : {}),
      request_id: locals.requestId,
    },
    { status: refusal.status, headers: { 'Cache-Control': 'no-store', ...refusalHeaders(refusal) } },
  );
}

export interface Success {
  data: unknown;
  status: number;
  message?: string | undefined;
  cache?: string | undefined;
}

/** 204 for nothing, else `{ success, data }`; reads get an ETag and answer 304 to whoever has it already. */
export function jsonSuccess(
  request: Request,
  { data, status, message, cache = 'no-store' }: Success,
): Response {
  if (data === undefined || data === null)
    return new Response(null, { status: 204, headers: { 'Cache-Control': cache } });
  const list =
    data instanceof Page ? { data: data.rows, page: { next: data.next, total: data.total } } : { data };
  const body = JSON.stringify({ success: true, ...list, ...(message ? { message } : {}) });
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Cache-Control': cache };
  if (request.method === 'GET') {
    headers.ETag = `W/"${createHash('sha1').update(body).digest('base64url')}"`;
    if (request.headers.get('if-none-match')?.includes(headers.ETag.slice(2))) {
      return new Response(null, { status: 304, headers });
    }
  }
  return new Response(body, { status, headers });
}

/** 303 with a message for the next page. Only our own paths and https addresses we made ourselves are gone to. */
export function seeOther(
  context: APIContext,
  to: string,
  text?: string,
  kind: 'success' | 'info' = 'success',
): Response {
  if (text) setFlash(context.cookies, { kind, text });
  const path = ownPath(to);
  const location = path ? context.locals.href(path) : to;
  return new Response(null, { status: 303, headers: { Location: location, 'Cache-Control': 'no-store' } });
}

export const signInPath = (locals: App.Locals, next: string | null): string =>
  locals.href(`/signin${next && next !== '/' ? `?next=${encodeURIComponent(next)}` : ''}`);

/** Renders the page at `path` (without language prefix, query allowed) as the answer to this request. */
export async function shownPage(context: APIContext, path: string, status: number): Promise<Response> {
  const headers = new Headers(context.request.headers);
  for (const name of ['content-type', 'content-length', 'transfer-encoding', 'origin']) headers.delete(name);
  const page = await context.rewrite(new Request(new URL(path, context.url), { headers }));
  const moved = page.status >= 300 && page.status < 400;
  const answer = new Response(page.body, { status: moved ? page.status : status, headers: page.headers });
  answer.headers.set('Cache-Control', 'no-store');
  return answer;
}

/** A path as pages know it: without the language prefix it may have been visited with. */
export function withoutPrefix(path: string, locales: readonly string[]): string {
  const match = /^\/([a-z]{2})(?=\/|$|\?)/.exec(path);
  if (!match || !locales.includes(match[1] ?? '')) return path;
  const rest = path.slice(match[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
