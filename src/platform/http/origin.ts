/**
 * Whether a request that changes something was sent by a page of ours. Astro's own check looks at forms only and
 * compares with the address the process sees, which behind a TLS proxy is never the visitor's; this one looks at
 * every unsafe method and every content type.
 */

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The host the visitor typed. A proxy we trust may have kept it in X-Forwarded-Host. */
export function visitedHost(headers: Headers, proxies: number, url: URL): string {
  const forwarded = proxies > 0 ? headers.get('x-forwarded-host')?.split(',').at(-1)?.trim() : undefined;
  return (forwarded || headers.get('host') || url.host).toLowerCase();
}

/**
 * True for a page of another origin. Browsers name the sender of every unsafe request in `Origin` (and newer ones in
 * `Sec-Fetch-Site`); a program that names none carries no visitor's cookies, so it is not refused.
 */
export function isFromElsewhere(
  method: string,
  headers: Headers,
  host: string,
  scheme: 'http:' | 'https:',
): boolean {
  if (safe.has(method)) return false;
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return true;
  const origin = headers.get('origin');
  if (origin === null) return false;
  if (!URL.canParse(origin)) return true; // 'null': a sandboxed frame, a file, a redirect through another origin
  const sender = new URL(origin);
  return sender.host.toLowerCase() !== host || sender.protocol !== scheme;
}

/** The path of a page of ours from `Referer`, with its query; null when it is another site's or absent. */
export function refererPath(headers: Headers, host: string): string | null {
  const referer = headers.get('referer');
  if (!referer || !URL.canParse(referer)) return null;
  const url = new URL(referer);
  return url.host.toLowerCase() === host ? `${url.pathname}${url.search}` : null;
}

/** `path` when it is a path on this site and nothing that a browser would read as another one; else null. */
export function ownPath(path: string | null | undefined): string | null {
  // Backslashes and control characters are how "//evil.example" is smuggled past a check for a leading slash.
  if (!path || !path.startsWith('/') || /^\/[/\\]/.test(path) || /[\\\u0000-\u001f\u007f]/.test(path))
    return null;
  const base = 'http://own.invalid';
  if (!URL.canParse(path, base)) return null;
  const url = new URL(path, base);
  return url.origin === base ? `${url.pathname}${url.search}${url.hash}` : null;
}
