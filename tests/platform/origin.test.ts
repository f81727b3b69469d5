import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFromElsewhere, ownPath, refererPath, visitedHost } from '#platform/http/origin.ts';

const host = 'localhost:4321';
const post = (headers: Record<string, string>) =>
  isFromElsewhere('POST', new Headers(headers), host, 'http:');

test('a form of another site is refused, of any content type', () => {
  expect(post({ origin: 'https://evil.example', 'content-type': 'application/json' })).toBe(true);
  expect(post({ 'sec-fetch-site': 'cross-site' })).toBe(true);
  expect(post({ origin: 'null' })).toBe(true);
});

test('another business, another port and another scheme are other sites too', () => {
  expect(post({ 'sec-fetch-site': 'same-site', origin: 'http://barberia.localhost:4321' })).toBe(true);
  expect(post({ origin: 'http://localhost:9999' })).toBe(true);
  expect(post({ origin: 'https://localhost:4321' })).toBe(true);
});

test('our own pages, and programs that are no browser, are let in', () => {
  expect(post({ origin: 'http://localhost:4321', 'sec-fetch-site': 'same-origin' })).toBe(false);
  expect(post({})).toBe(false);
});

test('reading is never refused', () => {
  expect(isFromElsewhere('GET', new Headers({ origin: 'https://evil.example' }), host, 'http:')).toBe(false);
});

test('the host behind a proxy is the one the visitor typed, and only a trusted proxy may say so', () => {
  const headers = new Headers({ host: 'app:4321', 'x-forwarded-host': 'Studio.example' });
  const url = new URL('http://app:4321/');
  expect(visitedHost(headers, 1, url)).toBe('studio.example');
  expect(visitedHost(headers, 0, url)).toBe('app:4321');
});

test('the page a form was on is known by its path, another site is not', () => {
  expect(refererPath(new Headers({ referer: 'http://localhost:4321/cart?a=1' }), host)).toBe('/cart?a=1');
  expect(refererPath(new Headers({ referer: 'https://evil.example/cart' }), host)).toBeNull();
});

test.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '',
  'cart',
  '/a\\b',
])('after signing in nobody is sent to "%s"', (path) => expect(ownPath(path)).toBeNull());

test('a path of ours is gone back to with its query', () => {
  expect(ownPath('/schedule?day=2026-11-24#evening')).toBe('/schedule?day=2026-11-24#evening');
  expect(ownPath('/a/../account')).toBe('/account');
});

test('whatever is asked for, a path that is accepted stays on this site', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('/', '\\', ':', '@', '.', 'a', '?', '#', '\t', '\n', '%2f', ' ') }),
      (text) => {
        const path = ownPath(`/${text}`);
        return path === null || new URL(path, 'https://studio.example').origin === 'https://studio.example';
      },
    ),
  );
});
