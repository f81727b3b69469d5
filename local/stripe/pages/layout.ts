import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, type Html } from './html.ts';
import type { Voice } from './words/words.ts';

export interface PageRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  /** The browser's `Accept-Language`. */
  languages: string;
}

export interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface Page {
  voice: Voice;
  title: string;
  body: Html;
  status?: number;
  /** Addresses a form on this page may lead on to: browsers hold a redirect after a form to the policy as well. */
  leadsTo?: (string | null | undefined)[];
}

export function page({ voice, title, body, status = 200, leadsTo = [] }: Page): PageAnswer {
  const text = html`<!doctype html>
    <html lang="${voice.lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/pages.css" />
        <script src="/assets/pages.js" defer></script>
      </head>
      <body>
        <header class="strip">${voice.words.strip}</header>
        ${body}
      </body>
    </html>`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(leadsTo),
      ...GUARDS,
    },
    body: text.text,
  };
}

const GUARDS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function policy(leadsTo: (string | null | undefined)[]): string {
  const origins = new Set(leadsTo.flatMap((url) => (url && URL.canParse(url) ? [new URL(url).origin] : [])));
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    `form-action ${["'self'", ...origins].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** A page that only says something and, where there is somewhere to go, leads there. */
export function notice(
  voice: Voice,
  {
    title,
    text,
    link,
    status = 200,
  }: { title: string; text?: string; link?: { url: string; label: string } | null; status?: number },
): PageAnswer {
  return page({
    voice,
    title,
    status,
    body: html`<main class="notice">
      <h1>${title}</h1>
      ${text !== undefined && html`<p>${text}</p>`}
      ${link && html`<p><a class="button" href="${link.url}">${link.label}</a></p>`}
    </main>`,
  });
}

export function redirect(url: string): PageAnswer {
  // Written out in ASCII, the only thing a header can carry.
  return { status: 303, headers: { location: new URL(url).href, ...GUARDS }, body: '' };
}

const TYPES: Record<string, string> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
const ASSETS = new Map(
  ['pages.css', 'pages.js', 'icon.svg'].map((name) => [
    name,
    readFileSync(join(import.meta.dirname, 'assets', name), 'utf8'),
  ]),
);

export function asset(name: string): PageAnswer | null {
  const body = ASSETS.get(name);
  if (body === undefined) return null;
  const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain';
  return {
    status: 200,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}
