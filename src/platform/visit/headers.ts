/** Headers of every answer. What scripts and styles may load is said by the CSP that Astro writes (astro.config.mjs). */
import { config } from '../config.ts';

const permissions = ['camera', 'microphone', 'geolocation', 'usb', 'browsing-topics']
  .map((feature) => `${feature}=()`)
  .concat('payment=(self)')
  .join(', ');

/** For a page that reads codes with the camera. */
export const mayScan = (headers: Headers): void =>
  headers.set('Permissions-Policy', permissions.replace('camera=()', 'camera=(self)'));

export function secureHeaders(headers: Headers): void {
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Referrer-Policy', 'strict-origin-when-cross-origin');
  if (!headers.has('Permissions-Policy')) headers.set('Permissions-Policy', permissions);
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

/**
 * Whoever signs out leaves nothing behind the back button. Not `"storage"` as well: check-ins that a desk's device has not
 * sent yet are in there and outlive signing out, as their owner's alone (src/desk/offline/queue.ts); the rosters kept
 * beside them are forgotten by public/desk-worker.js.
 */
export const forgetPages = (headers: Headers): void => headers.set('Clear-Site-Data', '"cache"');

/** A page that anybody may be shown is kept by the browser alone and asked for again; one made for a person is kept by nobody. */
export function cacheHeaders(headers: Headers, personal: boolean): void {
  if (personal) headers.set('Cache-Control', 'private, no-store');
  else if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-cache');
}
