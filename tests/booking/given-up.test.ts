import { expect, test } from 'vitest';
import { type Booking, isGivenUp } from '#booking/bookings.ts';

test.each([
  ['a booking that stands', 'confirmed', 'scheduled', false],
  ['a place that waits for its payment', 'held', 'scheduled', false],
  ['a booking its member cancelled', 'cancelled', 'scheduled', true],
  ['a booking its member cancelled late', 'late_cancelled', 'scheduled', true],
  ['a place that was not paid in time', 'expired', 'scheduled', true],
  ['a class the business called off', 'cancelled', 'cancelled', false],
] as const)('%s (%s, class %s) is given up: %s', (_sentence, state, session_state, givenUp) => {
  expect(isGivenUp({ state, session_state } satisfies Pick<Booking, 'state' | 'session_state'>)).toBe(
    givenUp,
  );
});
