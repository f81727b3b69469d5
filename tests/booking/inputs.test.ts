import { expect, test } from 'vitest';
import { bookingInput, instantIn, timetableQuery } from '#booking/inputs.ts';
import { cursorOf, readCursor } from '#platform/cursors.ts';

test('a stretch of the timetable may be named by days or by moments', () => {
  expect(timetableQuery.safeParse({ from: '2026-11-24', until: '2026-11-25T10:00:00+01:00' }).success).toBe(
    true,
  );
  expect(instantIn('2026-11-24', 'Europe/Madrid')).toBe('2026-11-23T23:00:00Z');
  expect(instantIn('2026-11-25T10:00:00+01:00', 'Europe/Madrid')).toBe('2026-11-25T09:00:00.000Z');
});

test.each([
  ['a day that does not exist', { from: '2026-02-30' }],
  ['a year nobody will see', { from: '9026-01-01T00:00:00Z' }],
  ['no page at all', { limit: '0' }],
  ['more than one may ask for', { limit: '201' }],
  ['half a row', { limit: '1.5' }],
  ['a level we do not have', { level: 'hard' }],
  ['a style that is an attack', { style: "yin' or 1=1" }],
])('%s is refused', (_what, query) => {
  expect(timetableQuery.safeParse(query).success).toBe(false);
});

test('a page holds fifty unless asked otherwise', () => {
  expect(timetableQuery.parse({}).limit).toBe(50);
  expect(timetableQuery.parse({ limit: '7' }).limit).toBe(7);
});

test('a cursor is read as it was given, and nothing else is', () => {
  expect(readCursor(cursorOf('2026-11-24T18:00:00+00:00'))).toBe('2026-11-24T18:00:00+00:00');
  for (const text of [
    undefined,
    '',
    'garbage',
    '../../etc',
    cursorOf('2026'),
    cursorOf('2026-13-40T00:00:00+00:00'),
  ])
    expect(readCursor(text)).toBeNull();
});

test('a seat is asked for by the id of its class', () => {
  expect(bookingInput.safeParse({ session_id: '80000000-0000-4000-8000-000000000001' }).success).toBe(true);
  for (const session_id of ['', 'nope', 7, null, {}])
    expect(bookingInput.safeParse({ session_id }).success).toBe(false);
});
