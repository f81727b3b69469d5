import type { APIRoute } from 'astro';
import { createHash, timingSafeEqual } from 'node:crypto';
import { config } from '#platform/config.ts';
import { plainAddress } from '#platform/http/address.ts';
import { metricsText } from '#platform/metrics.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** A request through a proxy comes from the loopback too, so with one in front only the token counts. */
function mayRead(request: Request, socket: string | null): boolean {
  if (config.METRICS_TOKEN) {
    const given = request.headers.get('authorization') ?? '';
    return timingSafeEqual(digest(given), digest(`Bearer ${config.METRICS_TOKEN}`));
  }
  const proxied = config.TRUST_PROXY > 0 || request.headers.has('x-forwarded-for');
  return !proxied && (socket === '127.0.0.1' || socket === '::1');
}

/** Prometheus' text format, for this machine or whoever has METRICS_TOKEN. To everybody else there is nothing here. */
export const GET: APIRoute = ({ request, clientAddress }) => {
  if (!mayRead(request, plainAddress(clientAddress))) {
    return Response.json({ error: 'Not found', code: 'not_found' }, { status: 404 });
  }
  return new Response(metricsText(), {
    headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' },
  });
};
