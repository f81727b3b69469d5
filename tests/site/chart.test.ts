import { expect, test } from 'vitest';
import { path, place, roomFor, shownLabels, ticks } from '#site/chart.ts';

test.each([
  [51, [0, 20, 40, 60]],
  [100, [0, 50, 100]],
  [3, [0, 1, 2, 3]],
  [0.4, [0, 0.1, 0.2, 0.3, 0.4]],
  [0, [0, 1]],
])('an axis up to %d is marked %j', (highest, marks) => {
  expect(ticks(highest)).toEqual(marks);
});

test('the highest value reaches the top, nothing stands on the base line, debts do not fall below it', () => {
  const frame = { width: 100, height: 120, left: 20, bottom: 10, top: 10 };
  const [full, none, debt] = place([40, 0, -5], 40, frame);
  expect(full).toEqual({ x: 33.3, y: 10, bar: 16.5 });
  expect(none?.y).toBe(110);
  expect(debt?.y).toBe(110);
  expect(path([full ?? { x: 0, y: 0 }, none ?? { x: 0, y: 0 }])).toBe('M33.3 10L60 110');
});

test('labels that cannot all stand are thinned out evenly', () => {
  const shown = shownLabels(31, 8);
  expect(Array.from({ length: 31 }, (_, i) => i).filter(shown)).toEqual([0, 4, 8, 12, 16, 20, 24, 28]);
});

test('the marks of an axis have room beside it, however much money they say', () => {
  expect(roomFor(['0', '€800'])).toBe(56);
  expect(roomFor(['$ 0', '$ 100.000'])).toBe(116);
  expect(roomFor([])).toBe(56);
});
