import { visit } from './visit.ts';
import { expect, test } from 'vitest';
import {
  cartToken,
  cookieOptions,
  dropCart,
  ensureCartToken,
  setFlash,
  takeFlash,
} from '#platform/http/cookies.ts';

test('our cookies are out of reach for scripts and other sites', () => {
  expect(cookieOptions(60)).toEqual({
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: false,
    maxAge: 60,
  });
});

test('a cart has a secret nobody can guess, made when it is first needed and kept', () => {
  const { context } = visit({});
  expect(cartToken(context.cookies)).toBeNull();
  const token = ensureCartToken(context.cookies);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(ensureCartToken(context.cookies)).toBe(token);
  expect(cartToken(context.cookies)).toBe(token);
  dropCart(context.cookies);
  expect(cartToken(context.cookies)).toBeNull();
});

test('a cart cookie of another shape is none', () => {
  const { context } = visit({});
  context.cookies.set('cart', "'; drop table carts");
  expect(cartToken(context.cookies)).toBeNull();
});

test('a message is shown once', () => {
  const { context } = visit({});
  setFlash(context.cookies, { kind: 'info', text: '¡Hasta pronto!' });
  expect(takeFlash(context.cookies)).toEqual({ kind: 'info', text: '¡Hasta pronto!' });
  expect(takeFlash(context.cookies)).toBeNull();
});

test.each([
  'not base64 json',
  Buffer.from('{"kind":"success"}').toString('base64url'),
  Buffer.from('null').toString('base64url'),
])('a message that is not one of ours (%s) is not shown', (value) => {
  const { context } = visit({});
  context.cookies.set('flash', value);
  expect(takeFlash(context.cookies)).toBeNull();
});
