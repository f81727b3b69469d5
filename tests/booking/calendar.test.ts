import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CalendarEntry, bookingCalendar } from '#booking/calendar.ts';
import { vtimezone } from '#booking/calendars/vtimezone.ts';

const lotus = {
  name: 'Lotus & Bean',
  time_zone: 'Europe/Madrid',
  address: { line1: 'Calle del Olivar 24', postcode: '28012', city: 'Madrid' },
};
const sur = { name: 'Barbería Sur', time_zone: 'America/Argentina/Buenos_Aires', address: {} };

const entry = (startsAt: string, more: Partial<CalendarEntry> = {}): CalendarEntry => ({
  id: '9c9e7b2e-0000-4000-8000-000000000001',
  title: 'Candlelight Yin',
  startsAt,
  endsAt: Temporal.Instant.from(startsAt).add({ minutes: 75 }).toString(),
  instructor: 'Noor Haddad',
  room: 'Roof room',
  url: 'https://lotus.test/account/bookings',
  ...more,
});

/** The file's lines, with folded ones put together again (RFC 5545, 3.1). */
const linesOf = (file: string): string[] => file.replaceAll('\r\n ', '').split('\r\n');
const valueOf = (file: string, name: string): string | undefined =>
  linesOf(file)
    .find((line) => line.startsWith(`${name}:`) || line.startsWith(`${name};`))
    ?.replace(/^[^:]*:/, '');

test.each([
  ['the evening before clocks go back', '2026-10-24T18:00:00Z', '20261024T200000'],
  ['the evening of the day they went back', '2026-10-25T19:00:00Z', '20261025T200000'],
  ['the morning before clocks go forward', '2027-03-27T08:00:00Z', '20270327T090000'],
  ['the morning of the day they went forward', '2027-03-28T07:00:00Z', '20270328T090000'],
])('a class %s is in the calendar at the hour on the studio’s wall', (_when, startsAt, wall) => {
  const file = bookingCalendar([entry(startsAt)], lotus, 'en');
  expect(file).toContain(`DTSTART;TZID=Europe/Madrid:${wall}`);
});

test('a workshop in Buenos Aires is three hours behind Greenwich all year', () => {
  const file = bookingCalendar([entry('2026-07-01T21:00:00Z')], sur, 'es-AR');
  expect(file).toContain('DTSTART;TZID=America/Argentina/Buenos_Aires:20260701T180000');
  expect(file).toContain('TZOFFSETTO:-0300');
});

/** What a program that knows nothing but the file makes of the zone: the offset in force at an instant. */
function offsetBy(rules: string, at: Temporal.Instant): string | undefined {
  const changes = rules
    .split(/BEGIN:(?:STANDARD|DAYLIGHT)/)
    .slice(1)
    .map((part) => {
      const [, start = '', before = '', after = ''] =
        /DTSTART:(\w+)\r\nTZOFFSETFROM:([+-]\d{4})\r\nTZOFFSETTO:([+-]\d{4})/.exec(part) ?? [];
      const dashed = start.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})$/, '$1-$2-$3T$4:$5:$6');
      return { at: Temporal.Instant.from(`${dashed}${before.slice(0, 3)}:${before.slice(3)}`), after };
    });
  return changes.filter((change) => Temporal.Instant.compare(change.at, at) <= 0).at(-1)?.after;
}

test('the zone’s rules in the file give the right offset at every moment they are written for', () => {
  const zones = [
    'Europe/Madrid',
    'America/Argentina/Buenos_Aires',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
  ];
  const second = fc.integer({ min: 1_600_000_000, max: 1_900_000_000 });
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      second,
      fc.nat(40_000_000),
      fc.nat(1000),
      (zone, begin, length, part) => {
        const from = Temporal.Instant.fromEpochMilliseconds(begin * 1000);
        const until = from.add({ seconds: length });
        const at = from.add({ seconds: Math.floor((length * part) / 1000) });
        const told = offsetBy(vtimezone(zone, from.toString(), until.toString()), at);
        expect(told).toBe(at.toZonedDateTimeISO(zone).offset.replace(':', ''));
      },
    ),
  );
});

test('a booking keeps its identity, so that a cancellation replaces it', () => {
  const booked = bookingCalendar([entry('2026-11-24T18:00:00Z')], lotus, 'en');
  const cancelled = bookingCalendar([entry('2026-11-24T18:00:00Z')], lotus, 'en', 'CANCEL');
  expect(valueOf(cancelled, 'UID')).toBe(valueOf(booked, 'UID'));
  expect([valueOf(booked, 'STATUS'), valueOf(cancelled, 'STATUS')]).toEqual(['CONFIRMED', 'CANCELLED']);
  expect(Number(valueOf(cancelled, 'SEQUENCE'))).toBeGreaterThan(Number(valueOf(booked, 'SEQUENCE')));
  expect([valueOf(booked, 'METHOD'), valueOf(cancelled, 'METHOD')]).toEqual(['PUBLISH', 'CANCEL']);
});

test('one cancelled class among others is shown as cancelled, and only that one', () => {
  const entries = [
    entry('2026-11-24T18:00:00Z', { id: 'a' }),
    entry('2026-11-25T18:00:00Z', { id: 'b', cancelled: true }),
  ];
  const statuses = linesOf(bookingCalendar(entries, lotus, 'en')).filter((line) =>
    line.startsWith('STATUS:'),
  );
  expect(statuses).toEqual(['STATUS:CONFIRMED', 'STATUS:CANCELLED']);
});

test('the file speaks the member’s language and says where the room is', () => {
  const file = bookingCalendar([entry('2026-11-24T18:00:00Z')], lotus, 'es');
  expect(valueOf(file, 'DESCRIPTION')).toContain('Con Noor Haddad');
  expect(valueOf(file, 'LOCATION')).toBe(
    String.raw`Roof room\, Lotus & Bean\, Calle del Olivar 24\, 28012 Madrid`,
  );
});

test('the time of writing is in Greenwich time, as calendar programs require', () => {
  const now = Temporal.Instant.from('2026-11-21T10:00:00Z');
  const file = bookingCalendar([entry('2026-11-24T18:00:00Z')], lotus, 'en', 'PUBLISH', now);
  expect(valueOf(file, 'DTSTAMP')).toBe('20261121T100000Z');
});

test('an order without classes is an empty calendar, not an error', () => {
  expect(bookingCalendar([], lotus, 'en')).not.toContain('VEVENT');
});
