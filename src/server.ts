/**
 * The site's own server: `node --import ./src/platform/check-config.ts src/server.ts [folder of the build]`.
 *
 * Astro's standalone server looks on disk for a file before every page and command, which costs each a fourteenth of
 * its CPU, and gives connections up after five idle seconds, under the hands of a proxy that is about to use one. Here
 * the files of the build are known from the start, and a connection outlives the idle time of the usual proxies (60 s).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sirv from 'sirv';
import { log } from './platform/log.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const build = resolve(process.argv[2] ?? 'dist');
const { handler } = (await import(pathToFileURL(join(build, 'server/entry.mjs')).href)) as {
  handler: Handler;
};

const files = sirv(join(build, 'client'), {
  etag: true,
  setHeaders(response, path) {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // Names under _astro change with what is in them; other files are asked about each time, and answer 304.
    response.setHeader(
      'Cache-Control',
      path.startsWith('/_astro/') ? 'public, max-age=31536000, immutable' : 'public, max-age=0',
    );
  },
});

const server = createServer((request, response) => {
  const app = () => void handler(request, response);
  try {
    decodeURI(request.url ?? '/');
  } catch {
    response.writeHead(400).end('Bad request.');
    return;
  }
  if (request.method === 'GET' || request.method === 'HEAD') files(request, response, app);
  else app();
});
server.keepAliveTimeout = 65_000; // ms
server.headersTimeout = 66_000; // ms, or it would cut off what keepAliveTimeout keeps

const port = Number(process.env.PORT ?? 8080);
const host = process.env.HOST ?? 'localhost';
// Two thousand people who press at once open two thousand connections; those beyond Node's 511 that wait to be accepted were reset.
server.listen({ port, host, backlog: 4096 }, () => log.info('listening', { host, port }));
