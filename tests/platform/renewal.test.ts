import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fetchRenewingOnce } from '#platform/visit/renewal.ts';

const address = 'http://auth.example/auth/v1/token?grant_type=refresh_token';
const sent: string[] = [];
let status = 200;

beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
  status = 200;
  vi.stubGlobal('fetch', async (_input: unknown, init: RequestInit) => {
    sent.push(String(init.body));
    return new Response(`{"answer":${sent.length}}`, { status });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const renew = async (token: string) =>
  (await fetchRenewingOnce(address, { method: 'POST', body: token })).text();

test('several tabs that renew one session at once are given the same new one', async () => {
  expect(await Promise.all([renew('one'), renew('one'), renew('one')])).toEqual(
    Array(3).fill('{"answer":1}'),
  );
  expect(sent).toEqual(['one']);
});

test('a tab that comes a moment later is given it too, one that comes much later is not', async () => {
  await renew('two');
  await vi.advanceTimersByTimeAsync(9000);
  await renew('two');
  expect(sent).toEqual(['two']);
  await vi.advanceTimersByTimeAsync(2000);
  await renew('two');
  expect(sent).toEqual(['two', 'two']);
});

test('a renewal that was refused is not remembered', async () => {
  status = 400;
  await renew('three');
  status = 200;
  expect(await renew('three')).toBe('{"answer":2}');
});

test('two people never share one, and other requests pass as they are', async () => {
  expect(await Promise.all([renew('four'), renew('five')])).toEqual(['{"answer":1}', '{"answer":2}']);
  await fetchRenewingOnce('http://auth.example/rest/v1/rpc/viewer', { method: 'POST', body: 'six' });
  await fetchRenewingOnce('http://auth.example/rest/v1/rpc/viewer', { method: 'POST', body: 'six' });
  expect(sent).toEqual(['four', 'five', 'six', 'six']);
});
