import './settings.ts';
import { expect, test } from 'vitest';
import { cacheHeaders, secureHeaders } from '#platform/visit/headers.ts';

test('an answer without a policy of its own may load nothing and be framed by nobody', () => {
  const headers = new Headers();
  secureHeaders(headers);
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  // Not on plain http, where it would be wrong.
  expect(headers.has('strict-transport-security')).toBe(false);
});

test('the policy of a page stays as it was written', () => {
  const headers = new Headers({ 'content-security-policy': "script-src 'self'" });
  secureHeaders(headers);
  expect(headers.get('content-security-policy')).toBe("script-src 'self'");
});

test('a page made for a person is kept by nobody, whatever it says itself', () => {
  const headers = new Headers({ 'cache-control': 'public, max-age=60' });
  cacheHeaders(headers, true);
  expect(headers.get('cache-control')).toBe('private, no-store');
});

test('a page for everybody may say how long it keeps', () => {
  const own = new Headers({ 'cache-control': 'public, max-age=60' });
  cacheHeaders(own, false);
  expect(own.get('cache-control')).toBe('public, max-age=60');
  const plain = new Headers();
  cacheHeaders(plain, false);
  expect(plain.get('cache-control')).toBe('private, no-cache');
});
