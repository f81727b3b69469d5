import { afterEach, expect, test, vi } from 'vitest';
import { type Draining, drain } from '#platform/jobs/drain.ts';

let draining: Draining | undefined;
afterEach(() => draining?.stop());

const settings = { atOnce: 2, pollMs: 5, troubledMs: 5, troubled: vi.fn() };

/** A queue in memory, and works that end when they are told to. */
function queueOf(...items: string[]) {
  const begun = new Map<string, () => void>();
  return {
    items,
    begun,
    take: vi.fn(async (count: number) => items.splice(0, count)),
    work: (item: string) => new Promise<void>((resolve) => begun.set(item, resolve)),
  };
}

test('takes no more than it can begin, and the next as soon as one is done', async () => {
  const queue = queueOf('a', 'b', 'c', 'd');
  draining = drain({ ...settings, ...queue });
  await expect.poll(() => [...queue.begun.keys()]).toEqual(['a', 'b']);
  expect(queue.items).toEqual(['c', 'd']);
  queue.begun.get('b')?.();
  await expect.poll(() => [...queue.begun.keys()]).toEqual(['a', 'b', 'c']);
  expect(queue.items).toEqual(['d']);
  for (const end of queue.begun.values()) end();
  await expect.poll(() => queue.begun.has('d')).toBe(true);
  queue.begun.get('d')?.();
});

test('sees what comes later', async () => {
  const queue = queueOf();
  draining = drain({ ...settings, ...queue });
  await expect.poll(() => queue.take.mock.calls.length).toBeGreaterThan(2);
  queue.items.push('late');
  await expect.poll(() => queue.begun.has('late')).toBe(true);
  queue.begun.get('late')?.();
});

test('asks again when the queue could not be reached', async () => {
  const queue = queueOf('a');
  const troubled = vi.fn();
  queue.take.mockRejectedValueOnce(new Error('away'));
  draining = drain({ ...settings, ...queue, troubled });
  await expect.poll(() => queue.begun.has('a')).toBe(true);
  expect(troubled).toHaveBeenCalledOnce();
  queue.begun.get('a')?.();
});

test('told to stop, it ends what it began and begins nothing more', async () => {
  const queue = queueOf('a', 'b', 'c');
  draining = drain({ ...settings, ...queue });
  await expect.poll(() => queue.begun.size).toBe(2);
  let over = false;
  const stopping = draining.stop().then(() => (over = true));
  queue.begun.get('a')?.();
  await Promise.resolve();
  expect(over).toBe(false);
  queue.begun.get('b')?.();
  await stopping;
  expect(queue.items).toEqual(['c']);
});

test('begins no more in a second than it may, and takes no more than it begins', async () => {
  const queue = queueOf('a', 'b', 'c', 'd', 'e');
  const begun: number[] = [];
  draining = drain({
    ...settings,
    ...queue,
    perSecond: 50,
    work: async () => void begun.push(performance.now()),
  });
  await expect.poll(() => begun.length).toBe(5);
  // Two at a time: the third waits for the time of two, the fifth for that of four.
  expect((begun[2] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(39);
  expect((begun[4] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(79);
  expect(queue.take.mock.calls.every(([count]) => count === 2)).toBe(true);
});
