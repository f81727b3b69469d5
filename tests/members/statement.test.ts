import { expect, test } from 'vitest';
import { type Movement, nameOf, placeAfter, readPlace } from '#members/statement.ts';

const line = (entry_id: number | null, step_id: number | null) => ({ entry_id, step_id }) as Movement;

test('a place in the statement is read as it was written, and nonsense begins at the beginning', () => {
  expect(readPlace('120-33')).toEqual({ entry: 120, step: 33 });
  expect(readPlace('120')).toEqual({ entry: 120, step: null });
  expect(readPlace('-33')).toEqual({ entry: null, step: 33 });
  for (const nonsense of ['', null, undefined, '0', 'x', '12-', '--3', '1-2-3', `${'9'.repeat(16)}`])
    expect(readPlace(nonsense)).toEqual({ entry: null, step: null });
});

test('it goes on behind the last line of each kind, also of a kind this page had none of', () => {
  const start = readPlace(null);
  expect(placeAfter([line(9, null), line(null, 4), line(7, null)], start)).toBe('7-4');
  expect(placeAfter([line(9, null)], start)).toBe('9');
  expect(placeAfter([line(null, 4)], start)).toBe('-4');
  expect(placeAfter([line(null, 2)], readPlace('7-4'))).toBe('7-2');
  expect(placeAfter([line(5, null)], readPlace('7-4'))).toBe('5-4');
  expect(placeAfter([], readPlace('7-4'))).toBeNull();
  expect(readPlace(placeAfter([line(null, 2)], readPlace('7-4')))).toEqual({ entry: 7, step: 2 });
});

test('what is counted nowhere has a name of its own', () => {
  expect(nameOf({ movement: 'unlimited_use', amount: 0 })).toBe('unlimited_use');
  expect(nameOf({ movement: 'unlimited_return', amount: 0 })).toBe('unlimited_return');
  expect(nameOf({ movement: 'wallet_gift', amount: 5 })).toBe('in');
});
