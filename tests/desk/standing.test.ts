import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Tap, acts, onTopOf, standing } from '#desk/standing.ts';

const tap = fc.record({
  id: fc.uuid(),
  booking_id: fc.constant('b'),
  action: fc.constantFrom(...acts),
  // Few moments, so that two devices often tap at the same one.
  at: fc.integer({ min: 0, max: 4 }).map((second) => `2026-11-25T09:00:0${second}.000Z`),
});
const taps = fc.uniqueArray(tap, { selector: ({ id }) => id, maxLength: 8 });

test('devices that hear of taps in any order, some of them twice, agree', () => {
  fc.assert(
    fc.property(
      taps.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
      ),
      ([all, heard]) => {
        expect(standing(heard)).toBe(standing(all));
      },
    ),
  );
});

test('who was seen is never absent until the check-in is undone', () => {
  const seen = (at: string): Tap => ({ id: at, booking_id: 'b', action: 'check_in', at });
  const missed: Tap = { ...seen('2026-11-25T09:30:00.000Z'), action: 'no_show' };
  expect(standing([seen('2026-11-25T09:00:00.000Z'), missed])).toBe('checked_in');
  expect(onTopOf('checked_in', [missed])).toBe('checked_in');
  expect(standing([missed])).toBe('no_show');
  expect(standing([])).toBe('confirmed');
});
