/** The calendar file as a strict program reads it, which knows nothing but what stands in the file. */
import ICAL from 'ical.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CalendarEntry, bookingCalendar } from '#booking/calendar.ts';
import { strictly } from './strict-ics.ts';

const studio = {
  name: 'Lotus & Bean; café, "yoga"',
  time_zone: 'Europe/Madrid',
  address: { line1: 'Calle del Olivar 24, 2º', postcode: '28012', city: 'Madrid' },
};

// Not even the zones it brings along: those of the file are the only ones.
beforeEach(() => ICAL.TimezoneService.reset());
afterEach(() => ICAL.TimezoneService.reset());

interface Seen {
  uid: string;
  sequence: number;
  status: string;
  /** The clock on the wall. */
  wall: string;
  start: Temporal.Instant;
  end: Temporal.Instant;
  event: ICAL.Event;
}

function read(file: string): { calendar: ICAL.Component; events: Seen[] } {
  ICAL.design.strict = true;
  const calendar = new ICAL.Component(
    ICAL.parse(file) as unknown[] as ConstructorParameters<typeof ICAL.Component>[0],
  );
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const at = (time: ICAL.Time) => Temporal.Instant.fromEpochMilliseconds(time.toUnixTime() * 1000);
  return {
    calendar,
    events: calendar.getAllSubcomponents('vevent').map((part) => {
      const event = new ICAL.Event(part);
      expect(event.startDate.zone?.tzid).toBe(part.getFirstProperty('dtstart')?.getParameter('tzid'));
      return {
        event,
        uid: event.uid,
        sequence: event.sequence,
        status: String(part.getFirstPropertyValue('status')),
        wall: event.startDate.toString(),
        start: at(event.startDate),
        end: at(event.endDate),
      };
    }),
  };
}

const entryAt = (wall: string, zone: string, more: Partial<CalendarEntry> = {}): CalendarEntry => {
  const start = Temporal.PlainDateTime.from(wall).toZonedDateTime(zone);
  return {
    id: wall,
    title: 'Flow; slow, "soft" \\ low',
    startsAt: start.toInstant().toString(),
    endsAt: start.add({ minutes: 75 }).toInstant().toString(),
    instructor: 'Noor Haddad',
    room: 'Roof, left',
    url: 'https://lotus.test/account/bookings',
    ...more,
  };
};

describe('a class at nine', () => {
  test.each([
    ['Europe/Madrid', '2027-03-24'],
    ['Europe/Madrid', '2027-10-27'],
    ['America/New_York', '2027-03-10'],
    ['Australia/Sydney', '2027-03-31'],
    ['America/Argentina/Buenos_Aires', '2027-03-24'],
  ])('in %s is at nine every day of the weeks around %s, and at the right moment', (time_zone, from) => {
    const days = Array.from({ length: 12 }, (_, n) =>
      Temporal.PlainDate.from(from).add({ days: n }).toString(),
    );
    const entries = days.map((day) => entryAt(`${day}T09:00`, time_zone));
    const { events } = read(bookingCalendar(entries, { ...studio, time_zone }, 'en'));
    expect(events.map(({ wall }) => wall)).toEqual(days.map((day) => `${day}T09:00:00`));
    // The instants come from the rules in the file: a wrong offset or a wrong Sunday would be an hour off.
    expect(events.map(({ start }) => start.toString())).toEqual(entries.map(({ startsAt }) => startsAt));
    expect(events.map(({ end }) => end.toString())).toEqual(entries.map(({ endsAt }) => endsAt));
  });

  test('is so too in one file with both clock changes of a year', () => {
    const entries = ['2026-10-26T09:00', '2027-03-29T09:00', '2027-07-01T09:00', '2027-11-02T09:00'].map(
      (wall) => entryAt(wall, 'Europe/Madrid'),
    );
    const { events, calendar } = read(bookingCalendar(entries, studio, 'en'));
    expect(events.map(({ start }) => start.toString())).toEqual(entries.map(({ startsAt }) => startsAt));
    // Each zone that is named is told once.
    expect(
      calendar.getAllSubcomponents('vtimezone').map((zone) => zone.getFirstPropertyValue('tzid')),
    ).toEqual(['Europe/Madrid']);
  });
});

test('what stands in it is what was said, whatever signs it has', () => {
  const { calendar, events } = read(
    bookingCalendar([entryAt('2027-03-29T09:00', 'Europe/Madrid')], studio, 'es'),
  );
  expect([calendar.getFirstPropertyValue('version'), calendar.getFirstPropertyValue('prodid')]).toEqual([
    '2.0',
    expect.stringContaining('Atrium'),
  ]);
  const [{ event } = {} as Seen] = events;
  expect(event.summary).toBe('Flow; slow, "soft" \\ low');
  expect(event.location).toBe(
    'Roof, left, Lotus & Bean; café, "yoga", Calle del Olivar 24, 2º, 28012 Madrid',
  );
  expect(event.description).toContain('Con Noor Haddad');
  expect(String(event.component.getFirstPropertyValue('dtstamp'))).toMatch(/Z$/);
});

test('is made of lines that end in CRLF and are at most 75 bytes long', () => {
  const title = 'Ñandú '.repeat(40).trim();
  const file = bookingCalendar([entryAt('2027-03-29T09:00', 'Europe/Madrid', { title })], studio, 'es');
  expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(read(file).events[0]?.event.summary).toBe(title);
});

test('is right by the letter, whatever the studio is called and however little is in it', () => {
  const odd = { ...studio, name: String.raw`Ñandú; té, café \ "y más" y más y más y más y más y más y más` };
  const full = strictly(
    bookingCalendar(
      [
        entryAt('2027-03-28T09:00', 'Europe/Madrid', {
          title: 'Flow; slow,\nsoft',
          changedAt: '2027-01-01T00:00:00Z',
        }),
        entryAt('2027-10-31T09:00', 'Europe/Madrid', { cancelled: true, sequence: 4 }),
      ],
      odd,
      'es',
    ),
  );
  expect(full.name).toContain(odd.name);
  expect(full.events).toMatchObject([
    { summary: 'Flow; slow,\nsoft', status: 'CONFIRMED', sequence: 0, start: '20270328T090000' },
    { status: 'CANCELLED', sequence: 5, start: '20271031T090000', zone: 'Europe/Madrid' },
  ]);
  for (const method of ['PUBLISH', 'CANCEL'] as const)
    expect(
      strictly(bookingCalendar([entryAt('2027-03-29T09:00', 'Europe/Madrid')], odd, 'en', method)),
    ).toMatchObject({
      method,
      events: [{ status: method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED' }],
    });
  expect(strictly(bookingCalendar([], odd, 'en')).events).toEqual([]);
});

test('a class that is moved, given to another teacher and called off is one event, each time a newer version of it', () => {
  const id = '9c9e7b2e-0000-4000-8000-000000000001';
  const at = (wall: string, more: Partial<CalendarEntry>) =>
    bookingCalendar([entryAt(wall, 'Europe/Madrid', { id, ...more })], studio, 'en');
  const versions = [
    at('2027-03-22T09:00', { sequence: 0 }),
    at('2027-03-29T10:00', { sequence: 1 }),
    at('2027-03-29T10:00', { sequence: 2, instructor: 'Mateo Ruiz' }),
    at('2027-03-29T10:00', { sequence: 3, cancelled: true }),
  ].map((file) => read(file).events[0]!);
  expect(new Set(versions.map(({ uid }) => uid)).size).toBe(1);
  const numbers = versions.map(({ sequence }) => sequence);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(versions.map(({ status }) => status)).toEqual(['CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'CANCELLED']);
});
