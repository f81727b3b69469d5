import './settings.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const asked: string[] = [];
let away = false;

vi.mock('#business/businesses.ts', () => ({
  businessForHost: async (_db: unknown, host: string) => {
    asked.push(host);
    await Promise.resolve();
    if (away) throw new Error('fetch failed');
    return host === 'nobody' ? null : { slug: host };
  },
}));

const { businessAt, forgetBusinesses } = await import('#platform/visit/business.ts');

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  forgetBusinesses();
  asked.length = 0;
  away = false;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a host is asked about once in half a minute, however many come', async () => {
  await Promise.all([businessAt('lotus'), businessAt('lotus'), businessAt('lotus')]);
  vi.advanceTimersByTime(29_000);
  await businessAt('lotus');
  expect(asked).toEqual(['lotus']);
  vi.advanceTimersByTime(2000);
  await businessAt('lotus');
  expect(asked).toEqual(['lotus', 'lotus']);
});

test('that there is none is remembered too', async () => {
  expect(await businessAt('nobody')).toBeNull();
  expect(await businessAt('nobody')).toBeNull();
  expect(asked).toEqual(['nobody']);
});

test('while the database is away, what we knew goes on, and it is asked again soon', async () => {
  await businessAt('lotus');
  vi.advanceTimersByTime(31_000);
  away = true;
  expect(await businessAt('lotus')).toEqual({ slug: 'lotus' });
  away = false;
  vi.advanceTimersByTime(1500);
  await businessAt('lotus');
  expect(asked).toHaveLength(3);
});

test('when nothing was known yet, the failure is told, and the next visitor asks again', async () => {
  away = true;
  await expect(businessAt('lotus')).rejects.toThrow('fetch failed');
  away = false;
  expect(await businessAt('lotus')).toEqual({ slug: 'lotus' });
});

test('made-up host names do not pile up', async () => {
  for (let i = 0; i < 600; i++) await businessAt(`host-${i}`);
  asked.length = 0;
  await businessAt('host-599');
  expect(asked).toEqual([]);
  await businessAt('host-0');
  expect(asked).toEqual(['host-0']);
});
