/**
 * A letter as a document of its own for a frame: without our origin, without scripts, and with no style but its own,
 * each named by its hash, so that nothing somebody wrote into a name can become more than text.
 */
import { createHash } from 'node:crypto';

const hashed = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export function letterPage(html: string): Response {
  const styles = new Set([...html.matchAll(/ style="([^"]*)"/g)].map(([, style]) => hashed(style ?? '')));
  const policy = [
    "default-src 'none'",
    `style-src 'unsafe-hashes' ${[...styles].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox',
  ].join('; ');
  return new Response(html, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'Cache-Control': 'private, no-store',
    },
  });
}
