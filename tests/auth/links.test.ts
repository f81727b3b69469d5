import '../platform/settings.ts';
import { expect, test } from 'vitest';
import { endReset, linkInput, mayReset, rememberNext } from '#members/links.ts';
import { visit } from '../platform/visit.ts';
import { signed } from '#platform/signature.ts';

const later = Math.floor(Date.now() / 1000) + 600;
const permission = (id: string, until: number, signature = signed('recovery', `${id}.${until}`)) => {
  const { context } = visit({});
  context.cookies.set('recovery', `${id}.${until}.${signature}`);
  return context.cookies;
};

test('who followed a recovery link may set a password, for a while', () => {
  expect(mayReset(permission('ana', later), 'ana')).toBe(true);
  expect(mayReset(permission('ana', later - 1200), 'ana')).toBe(false);
});

test('the permission is for one person and cannot be made up', () => {
  expect(mayReset(permission('ana', later), 'bea')).toBe(false);
  expect(mayReset(permission('ana', later), undefined)).toBe(false);
  expect(mayReset(permission('ana', later, 'x'.repeat(43)), 'ana')).toBe(false);
  expect(mayReset(permission('ana', later, signed('calendar', `ana.${later}`)), 'ana')).toBe(false);
  expect(mayReset(visit({}).context.cookies, 'ana')).toBe(false);
});

test('the permission ends when it is used', () => {
  const cookies = permission('ana', later);
  endReset(cookies);
  expect(mayReset(cookies, 'ana')).toBe(false);
});

test('a link’s token and type are of the kinds that auth sends', () => {
  expect(linkInput.safeParse({ token_hash: 'a1b2c3d4e5f6', type: 'recovery' }).success).toBe(true);
  expect(linkInput.safeParse({ token_hash: 'a1b2c3d4e5f6', type: 'admin' }).success).toBe(false);
  expect(linkInput.safeParse({ token_hash: '<script>alert(1)</script>', type: 'signup' }).success).toBe(
    false,
  );
});

test('where somebody wanted to go is kept for when they come back by the link', () => {
  const { context, cookies } = visit({});
  rememberNext(context.cookies, undefined);
  expect(cookies.size).toBe(0);
  rememberNext(context.cookies, '/cart');
  expect(cookies.get('after_confirm')).toBe('/cart');
});
