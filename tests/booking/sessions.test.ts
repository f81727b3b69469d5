import { expect, test } from 'vitest';
import { isPast, offerOf } from '#booking/sessions.ts';
import { byDay, narrowed, noFilters, withMarks } from '#booking/timetable/timetable.ts';
import { session } from './session.ts';
import { isId } from '#platform/ids.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const later = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
const tonight = session({ starts_at: later(360), ends_at: later(420), closes_at: later(360) });

test('a class with places that is yet to begin can be booked', () => {
  expect(offerOf(tonight, now)).toBe('open');
});

test.each([
  ['no places', { seats_left: 0 }, 'full'],
  ['a line that is open', { seats_left: 0, waitlist_until: later(60) }, 'wait'],
  ['a line that is closed', { seats_left: 0, waitlist_until: later(-1) }, 'full'],
  [
    'a line in which one stands',
    { seats_left: 0, waitlist_until: later(60), my_entry_state: 'waiting' as const },
    'waiting',
  ],
  [
    'a place to offer',
    { seats_left: 0, my_booking_state: 'held' as const, my_entry_state: 'offered' as const },
    'offered',
  ],
  ['booking that closed before it begins', { closes_at: later(-1) }, 'closed'],
  ['booking that opens next week', { opens_at: later(7 * 1440) }, 'opens'],
  ['been cancelled', { state: 'cancelled' as const }, 'cancelled'],
  ['begun', { starts_at: later(-10), closes_at: later(-10) }, 'started'],
  ['ended', { starts_at: later(-90), ends_at: later(-30), closes_at: later(-90) }, 'over'],
])('a class that has %s cannot', (_what, change, offer) => {
  expect(offerOf({ ...tonight, ...change }, now)).toBe(offer);
});

test('a class says that it was cancelled even to whoever has a place in it', () => {
  expect(offerOf({ ...tonight, state: 'cancelled', my_booking_state: 'confirmed' }, now)).toBe('cancelled');
});

test.each([
  ['confirmed', 'booked'],
  ['held', 'held'],
  ['checked_in', 'attended'],
  ['no_show', 'booked'],
] as const)('a full class in which one’s own place is %s says %s', (my_booking_state, offer) => {
  expect(offerOf({ ...tonight, seats_left: 0, my_booking_state }, now)).toBe(offer);
});

test('a place that was cancelled can be booked again', () => {
  expect(offerOf({ ...tonight, my_booking_state: 'cancelled' }, now)).toBe('open');
});

test('a class is past from the minute it begins', () => {
  expect([isPast({ starts_at: later(0) }, now), isPast({ starts_at: later(1) }, now)]).toEqual([true, false]);
});

test('filters narrow the timetable one by one and together', () => {
  const rows = [
    session({ session_id: 'a', style: 'yin', level: 'all', instructor_slug: 'noor' }),
    session({ session_id: 'b', style: 'yin', level: 'beginner', instructor_slug: 'ana' }),
    session({ session_id: 'c', style: 'power', level: 'all', instructor_slug: 'noor' }),
  ];
  const left = (filters: Partial<typeof noFilters>) =>
    narrowed(rows, { ...noFilters, ...filters } as typeof noFilters).map((row) => row.session_id);
  expect(left({})).toEqual(['a', 'b', 'c']);
  expect(left({ style: 'yin' } as never)).toEqual(['a', 'b']);
  expect(left({ style: 'yin', instructor: 'noor' } as never)).toEqual(['a']);
  expect(left({ level: 'advanced' } as never)).toEqual([]);
});

test('a class late in the evening belongs to the studio’s day', () => {
  const late = session({ starts_at: '2026-11-24T23:30:00+00:00' });
  expect([...byDay([late], 'Europe/Madrid').keys()]).toEqual(['2026-11-25']);
  expect([...byDay([late], 'America/Argentina/Buenos_Aires').keys()]).toEqual(['2026-11-24']);
});

test('only what looks like an id is asked for', () => {
  expect(isId('10000000-0000-4000-8000-000000000001')).toBe(true);
  for (const text of ['', 'nope', "1' or '1'='1", undefined]) expect(isId(text)).toBe(false);
});

test('a member’s own marks are laid over what everybody sees, and change nothing of it', () => {
  const [mine, other] = [session(), session({ session_id: 'other' })];
  const mark = { session_id: mine.session_id, my_booking_id: 'b1', my_booking_state: 'confirmed' } as const;
  const rows = withMarks([mine, other], [mark]);
  expect(rows.map(({ my_booking_state }) => my_booking_state)).toEqual(['confirmed', null]);
  // What is kept with a row that everybody shares is everybody's: a marked one must be another.
  expect([rows[0] === mine, rows[1] === other, mine.my_booking_state]).toEqual([false, true, null]);
});
