import { expect, test } from 'vitest';
import { oneLess, peopleIn, sharesOf, tables } from '#till/splits/shares.ts';

test('the cents that do not come out even are the first ones’', () => {
  expect(sharesOf(1000, 3)).toEqual([334, 333, 333]);
  expect(sharesOf(1100, 4)).toEqual([275, 275, 275, 275]);
  expect(sharesOf(5, 3)).toEqual([2, 2, 1]);
});

test('whoever is next pays the first share of what is left, and nothing is left over', () => {
  for (let due = 2; due < 500; due += 7)
    for (const people of tables(due)) {
      const shares = sharesOf(due, people);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      let left = due;
      for (const [paid, share] of shares.entries()) {
        expect(sharesOf(left, people - paid)[0]).toBe(share);
        left -= share;
      }
      expect(left).toBe(0);
    }
});

test('a table is of two to eight people, and each pays something', () => {
  expect(tables(10_000)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  expect(tables(3)).toEqual([2, 3]);
  expect(tables(1)).toEqual([]);
  const asked = (people: string, due = 1000) => peopleIn(new URLSearchParams({ people }), due);
  expect(['3', '1', '9', 'x', '', '2.5', '-2'].map((one) => asked(one))).toEqual([
    3,
    ...Array<null>(6).fill(null),
  ]);
  expect(asked('3', 2)).toBeNull();
});

test('one who has paid is counted no more; the last pays the rest', () => {
  expect(oneLess('/till/a/open/b', 4)).toBe('/till/a/open/b?people=3');
  expect(oneLess('/till/a/open/b', 2)).toBe('/till/a/open/b');
  expect(oneLess('/till/a/open/b', 0)).toBe('/till/a/open/b');
  expect(oneLess('/till/a/open/b', Number.NaN)).toBe('/till/a/open/b');
});
