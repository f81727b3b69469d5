import { expect, test } from 'vitest';
import { fewAtOnce } from '#platform/few-at-once.ts';

/** An act that ends when it is told to. */
function act(name: string, began: string[]) {
  const ending = Promise.withResolvers<string>();
  return {
    end: () => ending.resolve(name),
    fail: () => ending.reject(new Error(name)),
    begin: () => {
      began.push(name);
      return ending.promise;
    },
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('so many at a time, the others in the order in which they came', async () => {
  const queue = fewAtOnce(2);
  const began: string[] = [];
  const acts = ['a', 'b', 'c', 'd'].map((name) => act(name, began));
  const answers = acts.map(({ begin }) => queue('bar', begin));
  await settled();
  expect(began).toEqual(['a', 'b']);
  acts[1]?.end();
  expect(await answers[1]).toBe('b');
  await settled();
  expect(began).toEqual(['a', 'b', 'c']);
  // Who comes now is behind who waits already.
  const late = act('late', began);
  const answer = queue('bar', late.begin);
  acts[0]?.end();
  await settled();
  expect(began).toEqual(['a', 'b', 'c', 'd']);
  for (const one of [...acts, late]) one.end();
  expect(await Promise.all([...answers, answer])).toEqual(['a', 'b', 'c', 'd', 'late']);
});

test('one that fails makes room for the next and is told so itself', async () => {
  const queue = fewAtOnce(1);
  const began: string[] = [];
  const [first, second] = [act('first', began), act('second', began)];
  const answers = [queue('bar', first.begin), queue('bar', second.begin)];
  first.fail();
  await expect(answers[0]).rejects.toThrow('first');
  second.end();
  expect(await answers[1]).toBe('second');
  // And so does one that throws before it has begun to wait.
  await expect(
    queue('bar', () => {
      throw new Error('at once');
    }),
  ).rejects.toThrow('at once');
  expect(await queue('bar', async () => 'after')).toBe('after');
});

test('each key has its own', async () => {
  const queue = fewAtOnce(1);
  const began: string[] = [];
  const [here, there] = [act('here', began), act('there', began)];
  const answers = [queue('one bar', here.begin), queue('another', there.begin)];
  await settled();
  expect(began).toEqual(['here', 'there']);
  here.end();
  there.end();
  expect(await Promise.all(answers)).toEqual(['here', 'there']);
});
