import { expect, test } from 'vitest';
import { keepFor } from '#platform/kept.ts';

function counted() {
  let asked = 0;
  return { ask: async () => (asked += 1), times: () => asked };
}

test('whoever looks at the same thing within a moment shares one answer', async () => {
  const kept = keepFor<number>(1000, 10, () => 0);
  const { ask, times } = counted();
  expect(await Promise.all([kept.get('week', ask), kept.get('week', ask), kept.get('week', ask)])).toEqual([
    1, 1, 1,
  ]);
  expect(times()).toBe(1);
});

test('after the moment the answer is asked for anew', async () => {
  let now = 0;
  const kept = keepFor<number>(1000, 10, () => now);
  const { ask } = counted();
  await kept.get('week', ask);
  now = 999;
  expect(await kept.get('week', ask)).toBe(1);
  now = 1000;
  expect(await kept.get('week', ask)).toBe(2);
});

test('what changed here is seen at once', async () => {
  const kept = keepFor<number>(1000, 10, () => 0);
  const { ask } = counted();
  await kept.get('week', ask);
  kept.forget();
  expect(await kept.get('week', ask)).toBe(2);
});

test('a failure is told to whoever waited for it and to nobody else', async () => {
  const kept = keepFor<string>(1000, 10, () => 0);
  await expect(kept.get('week', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await kept.get('week', async () => 'back')).toBe('back');
});

test('somebody who asks for ever new things does not fill the memory', async () => {
  const kept = keepFor<number>(60_000, 3, () => 0);
  const { ask } = counted();
  for (const day of ['a', 'b', 'c', 'd']) await kept.get(day, ask);
  expect(await kept.get('d', ask)).toBe(4);
  expect(await kept.get('a', ask)).toBe(5);
});
