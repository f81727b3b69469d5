/**
 * Once per request: which business, which language, who is asking; then the headers, the log line and the count. It
 * decides nothing about who may: pages and endpoints do (platform/guards.ts), and the rows again.
 */
import { randomUUID } from 'node:crypto';
import type { APIContext, MiddlewareNext } from 'astro';
import { sequence } from 'astro:middleware';
import { config } from '#platform/config.ts';
import { visitorAddress } from '#platform/http/address.ts';
import { cameFrom, here, jsonRefusal, refusalHeaders, shownPage, wantsJson } from '#platform/http/answers.ts';
import { takeFlash } from '#platform/http/cookies.ts';
import { methodsOf } from '#platform/http/methods.ts';
import { messages } from '#platform/i18n/index.ts';
import { adoptConsole, log } from '#platform/log.ts';
import { countRequest } from '#platform/metrics.ts';
import { Refusal, Unavailable } from '#platform/refusals.ts';
import { businessAt } from '#platform/visit/business.ts';
import { cacheHeaders, forgetPages, secureHeaders } from '#platform/visit/headers.ts';
import { hrefIn, readingOf, readingOfCommand } from '#platform/visit/language.ts';
import { giveDb, giveUser, giveViewer } from '#platform/visit/session.ts';

if (import.meta.env.PROD) adoptConsole();

const requestId = (sent: string | null): string =>
  sent && /^[\w.:-]{8,80}$/.test(sent) ? sent : randomUUID();

/** Answers machines ask for all the time, and files by business: nobody in particular is asking. */
const impersonal = new Set(['/api/health', '/api/metrics', '/api/openapi.json']);
const isCommand = (path: string): boolean => /^\/(?:[a-z]{2}\/)?api\//.test(path);

/** Only for an answer before there is a business to look like. */
const bare = (status: number, text: string): Response =>
  new Response(`<!doctype html><meta charset="utf-8"><title>Atrium</title><p>${text}`, {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Retry-After': '5', 'Cache-Control': 'no-store' },
  });

async function finish(
  context: APIContext,
  response: Response,
  headers: Headers,
  started: number,
): Promise<Response> {
  const { locals, request } = context;
  const page = response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
  // A page is sent in one piece: its hundreds of parts, each written to the socket by itself, cost a fifth of its making.
  const answer = page ? new Response(await response.text(), response) : response;
  for (const [name, value] of headers) answer.headers.set(name, value);
  answer.headers.set('X-Request-Id', locals.requestId);
  secureHeaders(answer.headers);
  if (locals.route === '/api/auth/signout' && answer.status < 400) forgetPages(answer.headers);
  if (page) answer.headers.set('Content-Type', 'text/html; charset=utf-8');
  if (page) cacheHeaders(answer.headers, locals.user !== null || [...context.cookies.headers()].length > 0);
  const ms = Math.round((performance.now() - started) * 10) / 10;
  countRequest(request.method, locals.route, answer.status, ms);
  log.info('request', {
    request_id: locals.requestId,
    method: request.method,
    route: locals.route,
    status: answer.status,
    ms,
    business: locals.business?.slug,
    user: locals.user?.id,
    refusal: locals.refusal,
  });
  return answer;
}

/** The outer half: knows the address as it was typed. */
async function arrive(context: APIContext, next: MiddlewareNext): Promise<Response> {
  const { locals, request, url } = context;
  // A page rendered inside another request (a form shown again, an error page) is part of that one.
  if (locals.requestId) return next();
  const started = performance.now();
  const headers = new Headers();
  locals.requestId = requestId(request.headers.get('x-request-id'));
  locals.address = visitorAddress(
    request.headers.get('x-forwarded-for'),
    context.clientAddress,
    config.TRUST_PROXY,
  );
  locals.route = context.routePattern;
  locals.user = null;
  locals.form = null;
  locals.flash = null;
  giveDb(context, headers);
  giveViewer(context);
  try {
    if (context.routePattern === '/api/health' || context.routePattern === '/api/metrics') {
      return finish(context, await next(), headers, started);
    }
    const host = here(context).replace(/:\d+$/, '');
    const business = await businessAt(host);
    if (!business) throw new Error('There is no business in the database: run the migrations and the seed.');
    const site = new URL(config.SITE_URL);
    const reading = isCommand(url.pathname)
      ? readingOfCommand(url.pathname, business, cameFrom(context), request.headers.get('accept-language'))
      : readingOf(url.pathname, business);
    locals.business = business;
    // A host name that is nobody's is whatever the visitor wrote: links never lead there.
    locals.origin =
      business.host === host ? `${site.protocol}//${host}${site.port ? `:${site.port}` : ''}` : site.origin;
    locals.locale = reading.locale;
    locals.m = messages(reading.locale);
    locals.href = hrefIn(reading.language, business);
    if (!reading.prefixed) return finish(context, await next(), headers, started);
    const plain = new URL(url);
    plain.pathname = reading.path;
    return finish(context, await next(new Request(plain, request)), headers, started);
  } catch (error) {
    log.error('request_failed', error, { request_id: locals.requestId, route: locals.route });
    if (import.meta.env.DEV && locals.business) throw error;
    if (!locals.business)
      return finish(context, bare(503, 'Back in a moment. · Volvemos enseguida.'), headers, started);
    const refusal =
      error instanceof Unavailable
        ? new Refusal('unavailable', 503, { seconds: error.retryAfter })
        : new Refusal('unexpected', 500);
    if (isCommand(url.pathname)) return finish(context, jsonRefusal(locals, refusal), headers, started);
    const broken = await shownPage(context, '/500', refusal.status);
    for (const [name, value] of Object.entries(refusalHeaders(refusal))) broken.headers.set(name, value);
    return finish(context, broken, headers, started);
  }
}

/** A page that a person opens now: not a file it needs, nor one that the browser loads ahead. */
const isLookedAt = ({ method, headers }: Request): boolean =>
  method === 'GET' &&
  (headers.get('accept')?.includes('text/html') ?? false) &&
  !headers.get('sec-purpose')?.includes('prefetch');

/** Requests whose route has been found. What is rendered inside them (a form shown again) is not begun anew. */
const begun = new WeakSet<App.Locals>();

/** The inner half: knows the route that answers. */
async function answer(context: APIContext, next: MiddlewareNext): Promise<Response> {
  const { locals, request, routePattern } = context;
  if (begun.has(locals)) return next();
  begun.add(locals);
  locals.route = routePattern;
  const command = isCommand(context.url.pathname);
  const allowed = command ? await methodsOf(routePattern) : ['GET', 'HEAD'];
  if (allowed && !allowed.includes(request.method)) {
    const refusal = new Refusal('method_not_allowed', 405, { allow: allowed.join(', ') });
    return jsonRefusal(locals, refusal);
  }
  if (impersonal.has(routePattern) || routePattern.startsWith('/brand/')) return next();
  await giveUser(context);
  if (isLookedAt(request)) locals.flash = takeFlash(context.cookies);
  const response = await next();
  if (routePattern !== '/404') return response;
  if (command && wantsJson(request)) return jsonRefusal(locals, new Refusal('not_found', 404));
  return response.status === 200
    ? new Response(response.body, { status: 404, headers: response.headers })
    : response;
}

export const onRequest = sequence(arrive, answer);
