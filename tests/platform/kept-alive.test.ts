import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type * as KeptAlive from '#platform/http/kept-alive.ts';

const { fetchKeptAlive } = await vi.importActual<typeof KeptAlive>('#platform/http/kept-alive.ts');

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('sends what it is given and brings the answer, twice on one connection', async () => {
  const sockets = new Set<unknown>();
  const url = await serve((request, response) => {
    sockets.add(request.socket);
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () =>
      response
        .writeHead(409, { 'x-told': 'yes' })
        .end(`${request.method} ${request.headers['x-asks']} ${body}`),
    );
  });
  for (let n = 0; n < 2; n++) {
    const got = await fetchKeptAlive(`${url}/rpc`, {
      method: 'POST',
      headers: { 'x-asks': 'ñ'.length.toString() },
      body: '{"name":"Ñandú"}',
    });
    expect([got.status, got.ok, got.headers.get('x-told')]).toEqual([409, false, 'yes']);
    expect(await got.text()).toBe('POST 1 {"name":"Ñandú"}');
  }
  expect(sockets.size).toBe(1);
});

test('an answer without a body has none', async () => {
  const url = await serve((_request, response) => response.writeHead(204).end());
  const got = await fetchKeptAlive(url);
  expect([got.status, await got.text()]).toEqual([204, '']);
});

test('fails as fetch does: with a TypeError where nobody answers, and with the reason of the signal', async () => {
  const url = await serve(() => undefined);
  stops.splice(0).forEach((stop) => stop());
  await expect(fetchKeptAlive(url)).rejects.toThrow(TypeError);
  const silent = await serve(() => undefined);
  const given = new AbortController();
  const asking = fetchKeptAlive(silent, { signal: given.signal });
  given.abort(new Error('enough'));
  await expect(asking).rejects.toThrow('enough');
});
