/** Headers of every answer. What scripts and styles may load is said by the CSP that Astro writes (astro.config.mjs). */
import { config } from '../config.ts';

const permissions = ['camera', 'microphone', 'geolocation', 'usb', 'browsing-topics']
  .map((feature) => `${feature}=()`)
  .concat('payment=(self)')
  .join(', ');

export function secureHeaders(headers: Headers): void {
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Referrer-Policy', 'strict-origin-when-cross-origin');
  headers.set('Permissions-Policy', permissions);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  // For answers without a CSP of their own (JSON, errors): nothing of them is a page.
  if (!headers.has('Content-Security-Policy')) {
    headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  }
  // Only what says of itself that pages of ours may frame it (a letter shown to the team) is framed.
  const framed = headers.get('Content-Security-Policy')?.includes("frame-ancestors 'self'");
  headers.set('X-Frame-Options', framed ? 'SAMEORIGIN' : 'DENY');
  if (config.secure) headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
}

/** A page that anybody may be shown is kept by the browser alone and asked for again; one made for a person is kept by nobody. */
export function cacheHeaders(headers: Headers, personal: boolean): void {
  if (personal) headers.set('Cache-Control', 'private, no-store');
  else if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-cache');
}
