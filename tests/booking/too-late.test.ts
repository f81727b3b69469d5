import { expect, test } from 'vitest';
import { type Asker, latecomers } from '#booking/too-late.ts';

const who = (user: string): Asker => ({ user, key: `key-of-${user}` });
/** A look that is answered when the test says so. */
function looks() {
  const asked: { askers: Asker[]; answer: (late: number[]) => void; fail: (error: Error) => void }[] = [];
  const crowds = latecomers((_business, _session, askers) => {
    const { promise, resolve, reject } = Promise.withResolvers<number[]>();
    asked.push({ askers, answer: resolve, fail: reject });
    return promise;
  });
  const ask = (user: string, session = 's') => crowds.isTooLate('b', session, who(user));
  return { asked, crowds, ask };
}

test('nobody is looked up before somebody was refused, and then only of that class', async () => {
  const { asked, crowds, ask } = looks();
  expect(await ask('ada')).toBe(false);
  crowds.wasFull('s');
  expect(await ask('bruno', 'another')).toBe(false);
  expect(asked).toHaveLength(0);
});

test('who comes while a look is under way is not told its answer but that of the next', async () => {
  const { asked, crowds, ask } = looks();
  crowds.wasFull('s');
  const first = ask('ada');
  await expect.poll(() => asked).toHaveLength(1);
  const later = [ask('bruno'), ask('carla')];
  asked[0]?.answer([1]);
  expect(await first).toBe(true);
  await expect.poll(() => asked).toHaveLength(2);
  expect(asked[1]?.askers).toEqual([who('bruno'), who('carla')]);
  asked[1]?.answer([2]);
  expect(await Promise.all(later)).toEqual([false, true]);
});

test('when a look finds a seat for everybody, nobody is looked up any more', async () => {
  const { asked, crowds, ask } = looks();
  crowds.wasFull('s');
  const first = ask('ada');
  await expect.poll(() => asked).toHaveLength(1);
  asked[0]?.answer([]);
  expect(await first).toBe(false);
  expect(await ask('bruno')).toBe(false);
  expect(asked).toHaveLength(1);
});

test('where the look fails, everybody asks for themselves', async () => {
  const { asked, crowds, ask } = looks();
  crowds.wasFull('s');
  const told = [ask('ada'), ask('bruno')];
  await expect.poll(() => asked).toHaveLength(1);
  asked[0]?.fail(new Error('away'));
  expect(await Promise.all(told)).toEqual([false, false]);
});
