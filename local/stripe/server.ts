import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Api } from './api.ts';
import type { Control } from './control/control.ts';
import { serveControl } from './control/control-routes.ts';
import { servePage } from './pages/pages.ts';
import { Refusal } from './wire/errors.ts';
import type { World } from './world.ts';

const LARGEST_BODY = 2 * 1024 * 1024;

/** One origin for the API, the hosted pages and the controls, on this machine only. */
export function createHttpServer(world: World, api: Api, control: Control): Server {
  const server = createServer((request, response) => {
    handle(world, api, control, request, response).catch((error: unknown) => {
      world.log(
        `the emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      if (response.headersSent) response.destroy();
      else
        send(
          response,
          500,
          { 'content-type': 'text/plain; charset=utf-8' },
          'The emulator failed; its log says where.',
        );
    });
  });
  // Longer than clients keep an idle connection, so that none is closed under a request on its way.
  server.keepAliveTimeout = 120_000;
  return server;
}

/** Listens on the wanted port, or on any free one when it is taken. */
export async function listen(server: Server, port: number): Promise<number> {
  const attempt = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  try {
    await attempt(port);
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await attempt(0);
  }
  return (server.address() as AddressInfo).port;
}

async function handle(
  world: World,
  api: Api,
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  // A page elsewhere must not reach us under a name of its own that leads here.
  if (!/^(localhost|[\w-]+\.localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(headers.host ?? ''))
    return send(
      response,
      421,
      { 'content-type': 'text/plain' },
      'The emulator answers to this machine only.',
    );
  const body = await readBody(request);
  if (body === null) return send(response, 413, { 'content-type': 'text/plain' }, 'Too large.');
  const cut = url.indexOf('?');
  const path = cut < 0 ? url : url.slice(0, cut);
  const query = cut < 0 ? '' : url.slice(cut + 1);
  if (path.startsWith('/_emulator'))
    return sendControl(world, control, response, { method, path, query, body });
  if (/^\/v\d+\//.test(path)) {
    const answer = await api.serve({ method, path, query, headers, body });
    if (answer.status === 0) return void response.destroy();
    return send(
      response,
      answer.status,
      { ...answer.headers, 'content-type': 'application/json' },
      answer.body,
    );
  }
  const page = servePage(world, {
    method,
    path,
    query: new URLSearchParams(query),
    form: new URLSearchParams(body),
    languages: headers['accept-language'] ?? '',
  });
  await world.deliveries.written();
  return send(response, page.status, page.headers, page.body);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is too large is read to its end all the same, so that the connection stays good for the answer and the next.
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  if (size > LARGEST_BODY) return null;
  return chunks.length === 1 ? (chunks[0] as Buffer).toString() : Buffer.concat(chunks).toString();
}

async function sendControl(
  world: World,
  control: Control,
  response: ServerResponse,
  { method, path, query, body }: { method: string; path: string; query: string; body: string },
): Promise<void> {
  const json = { 'content-type': 'application/json' };
  try {
    const answer = await serveControl(control, { method, path, query: new URLSearchParams(query), body });
    await world.deliveries.written();
    send(response, 200, json, JSON.stringify(answer));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    send(response, error.status, json, JSON.stringify({ error: error.body }));
  }
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
