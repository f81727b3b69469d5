import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Auth } from '../auth/index.ts';
import type { Keys } from '../keys.ts';
import type { Realtime } from '../realtime/index.ts';
import { RestError } from '../rest/errors.ts';
import type { createRest } from '../rest/index.ts';
import { readBody } from './body.ts';
import { requireKey } from './claims.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';

/** What stands behind the doors, once all of it does. */
export interface Backend {
  rest: ReturnType<typeof createRest>;
  auth: Auth;
  realtime: Realtime;
  /** Rejects when the database does not answer. */
  alive(): Promise<unknown>;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The largest body each door takes, in bytes. */
const LIMITS = { rest: 10_000_000, auth: 100_000, realtime: 4_000_000 };

/** One origin for REST, auth and realtime, as on the hosted service. Answers 503 until there is a backend. */
export function createGateway(o: { backend: () => Backend | null; keys: Keys; log: (line: string) => void }) {
  async function answer(req: IncomingMessage): Promise<Answer> {
    const url = req.url ?? '/';
    const backend = o.backend();
    if (url.startsWith('/auth/v1/.well-known/jwks.json')) {
      return json(200, o.keys.jwks, { 'cache-control': 'public, max-age=600' });
    }
    if (!backend) throw new RestError(503, 'PGRST002', 'The backend is starting');
    if (url.startsWith('/rest/v1')) return await backend.rest.handle(req, await readBody(req, LIMITS.rest));
    if (url.startsWith('/auth/v1/')) {
      requireKey(
        o.keys,
        req.headers['apikey'] ?? new URL(url, 'http://gateway').searchParams.get('apikey') ?? '',
      );
      return await backend.auth.handle({
        method: req.method ?? 'GET',
        path: url.slice('/auth/v1'.length),
        authorization: req.headers.authorization ?? null,
        body: await readBody(req, LIMITS.auth),
      });
    }
    if (url.startsWith('/realtime/v1/')) {
      return await backend.realtime.handleHttp(req, await readBody(req, LIMITS.realtime));
    }
    if (url === '/health') return await health(backend);
    throw new RestError(404, 'PGRST125', `There is nothing at ${req.method} ${url.split('?')[0]}`, {
      details: 'This address serves /rest/v1, /auth/v1 and /realtime/v1.',
    });
  }

  return {
    handle(req: IncomingMessage, res: ServerResponse): void {
      if (req.method === 'OPTIONS') {
        res.writeHead(204, preflightHeaders(req)).end();
        return;
      }
      answer(req).then(
        (found) => send(req, res, found),
        (error: unknown) => {
          if (!(error instanceof RestError)) o.log(`gateway: ${req.method} ${req.url}: ${String(error)}`);
          send(req, res, failure(error));
        },
      );
    },
    upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
      const backend = o.backend();
      if (backend && req.url?.startsWith('/realtime/v1/')) backend.realtime.upgrade(req, socket, head);
      else
        socket.end(
          `HTTP/1.1 ${backend ? '404 Not Found' : '503 Service Unavailable'}\r\nconnection: close\r\n\r\n`,
        );
    },
  };
}

async function health(backend: Backend): Promise<Answer> {
  try {
    await backend.alive();
    return json(200, { status: 'ok' });
  } catch {
    return json(503, { status: 'the database does not answer' });
  }
}

function send(req: IncomingMessage, res: ServerResponse, answer: Answer): void {
  const headers: Record<string, string | number> = answer.headers;
  if (req.headers.origin) Object.assign(headers, corsHeaders);
  if (answer.status !== 204 && answer.status !== 304 && req.method !== 'HEAD') {
    headers['content-length'] = Buffer.byteLength(answer.body);
  }
  res.writeHead(answer.status, headers);
  res.end(req.method === 'HEAD' ? undefined : answer.body);
  // A body too large was not read to its end, so nothing else can follow on this connection.
  if (answer.status === 413) req.destroy();
}

function failure(error: unknown): Answer {
  const known = error instanceof RestError ? error : new RestError(500, 'PGRST000', 'Internal server error');
  return json(known.status, known.toBody(), known.headers);
}

const json = (status: number, value: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});
