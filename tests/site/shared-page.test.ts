import '../platform/settings.ts';
import type { AstroGlobal } from 'astro';
import { expect, test } from 'vitest';
import { forgetPages, sharedPage } from '#site/shared-page.ts';

interface Visitor {
  path?: string;
  user?: object | null;
  flash?: object | null;
  form?: object | null;
  cookies?: Record<string, string>;
  locale?: string;
}

/** A visitor's request for a page that counts how often it was rendered, and renders itself as a page does. */
function visitors() {
  let rendered = 0;
  let status = 200;
  async function visit({
    path = '/schedule',
    user = null,
    flash = null,
    form = null,
    cookies = {},
    locale = 'en',
  }: Visitor = {}) {
    const locals = { business: { id: 'lotus' }, locale, user, flash, form };
    const url = new URL(path, 'http://localhost:4321');
    const page = {
      locals,
      url,
      request: new Request(url),
      cookies: { get: (name: string) => (name in cookies ? { value: cookies[name] } : undefined) },
      rewrite: () => render(),
    } as unknown as AstroGlobal;
    const render = async (): Promise<Response> =>
      (await sharedPage(page)) ?? new Response(`rendering ${++rendered}`, { status });
    return (await render()).text();
  }
  forgetPages();
  return { visit, break: () => (status = 500) };
}

test('visitors who are nobody in particular share a page', async () => {
  const { visit } = visitors();
  expect(await Promise.all([visit(), visit(), visit()])).toEqual(Array(3).fill('rendering 1'));
});

const cart = { cart: 'x'.repeat(43) };
test.each<[string, Visitor]>([
  ['is signed in', { user: { id: 'ada' } }],
  ['has a cart', { cookies: cart }],
  ['is told something', { flash: { kind: 'info', text: 'Hello' } }],
  ['sent a form that was refused', { form: { values: {} } }],
])('somebody who %s gets a page of their own', async (_who, visitor) => {
  const { visit } = visitors();
  await visit();
  expect(await visit(visitor)).toBe('rendering 2');
  expect(await visit()).toBe('rendering 1');
});

test('another language, another day and other colours are other pages', async () => {
  const { visit } = visitors();
  const seen = [
    await visit(),
    await visit({ locale: 'es' }),
    await visit({ path: '/schedule?day=2026-11-24' }),
    await visit({ cookies: { theme: 'dark' } }),
  ];
  expect(new Set(seen).size).toBe(4);
});

test('what broke for one is not told to everybody', async () => {
  const { visit, ...site } = visitors();
  site.break();
  expect([await visit(), await visit()]).toEqual(['rendering 1', 'rendering 2']);
});
