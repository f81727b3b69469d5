import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as clock from '#platform/clock.ts';

const madrid = 'Europe/Madrid';
const buenosAires = 'America/Argentina/Buenos_Aires';
const tuesday = '2026-11-24T17:30:00Z';

test('a class is shown at the hour of the studio, whatever the server thinks the time is', () => {
  expect(clock.formatTime(tuesday, madrid, 'en')).toBe('18:30');
  expect(clock.formatTime(tuesday, buenosAires, 'es-AR')).toBe('14:30');
  expect(clock.formatTime('2026-11-24T23:05:00Z', madrid, 'es')).toBe('00:05');
});

test('days are named in the language of the reader', () => {
  expect(clock.formatDate(tuesday, madrid, 'en', tuesday)).toBe('Tuesday 24 November');
  expect(clock.formatDate(tuesday, madrid, 'es', tuesday)).toBe('martes, 24 de noviembre');
  expect(clock.formatDay(tuesday, madrid, 'en', 'short')).toBe('Tue');
});

test('the year is said only when it is another one', () => {
  expect(clock.formatDate(tuesday, madrid, 'en', '2025-01-01T00:00:00Z')).toBe('Tuesday, 24 November 2026');
});

test('timestamps as Postgres writes them are understood', () => {
  expect(clock.formatTime('2026-11-24 17:30:00+00', madrid, 'en')).toBe('18:30');
  expect(clock.formatTime('2026-11-24T14:30:00.123456-03:00', madrid, 'en')).toBe('18:30');
});

test('a week begins on Monday at the studio and ends on Sunday night', () => {
  expect(clock.weekOf('2026-11-22', madrid)).toEqual({
    from: '2026-11-15T23:00:00Z',
    until: '2026-11-22T23:00:00Z',
    days: ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'],
  });
});

const hours = (span: clock.Span) =>
  Temporal.Instant.from(span.until).since(Temporal.Instant.from(span.from)).total('hours');

test('the week in which Madrid puts its clocks back has one hour more, and the one forward one less', () => {
  expect(hours(clock.weekOf('2026-10-25', madrid))).toBe(169);
  expect(hours(clock.weekOf('2026-03-29', madrid))).toBe(167);
  expect(hours(clock.weekOf('2026-10-25', buenosAires))).toBe(168);
});

test('weeks follow each other without a gap or an overlap, in every zone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20_000 }),
      fc.constantFrom(
        madrid,
        buenosAires,
        'America/Santiago',
        'Asia/Beirut',
        'Pacific/Apia',
        'Australia/Lord_Howe',
      ),
      (offset, zone) => {
        const day = clock.addDays('1990-01-01', offset);
        const week = clock.weekOf(day, zone);
        const next = clock.weekOf(clock.addDays(day, 7), zone);
        return week.until === next.from && week.days.includes(day) && week.days[0] === clock.mondayOf(day);
      },
    ),
  );
});

test('an instant lies in the day that is said to be its day', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.constantFrom(madrid, buenosAires),
      (seconds, zone) => {
        const at = Temporal.Instant.fromEpochMilliseconds(seconds * 1000);
        const { from, until } = clock.spanOf(clock.dayOf(at, zone), zone);
        return Temporal.Instant.compare(from, at) <= 0 && Temporal.Instant.compare(at, until) < 0;
      },
    ),
  );
});

test.each(['', '2026-02-30', '2026-13-01', '20261124', '2026-11-24T10:00', 'tomorrow', '-02026-01-01'])(
  '"%s" in an address is not a day',
  (text) => expect(clock.readDay(text)).toBeNull(),
);

test('a day in an address is taken as it is', () => expect(clock.readDay('2026-11-24')).toBe('2026-11-24'));

test.each([
  ['2026-11-24T17:30:20Z', 'in 20 seconds'],
  ['2026-11-24T18:15:00Z', 'in 45 minutes'],
  ['2026-11-24T20:30:00Z', 'in 3 hours'],
  ['2026-11-25T07:00:00Z', 'tomorrow'],
  ['2026-11-23T09:00:00Z', 'yesterday'],
  ['2026-12-01T09:00:00Z', 'in 7 days'],
  ['2026-12-24T09:00:00Z', 'in 4 weeks'],
  ['2027-03-24T09:00:00Z', 'in 4 months'],
])('%s is %s', (at, said) => {
  expect(clock.formatRelative(at, madrid, 'en', tuesday)).toBe(said);
});

test('from one hour to another is one short phrase', () => {
  expect(clock.formatTimeRange(tuesday, '2026-11-24T18:45:00Z', madrid, 'en')).toBe('18:30–19:45');
  expect(clock.formatMoment(tuesday, madrid, 'en', tuesday)).toBe('Tuesday 24 November, 18:30');
  expect(clock.formatShortDate(tuesday, madrid, 'en')).toBe('24 Nov 2026');
});
