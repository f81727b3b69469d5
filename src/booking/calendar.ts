/**
 * Bookings as an iCalendar file. Pure and free of Astro: pages, the signed calendar address and the mail worker use it.
 * Times are written in the studio's zone with that zone's rules, so a class at 18:30 is at 18:30 in every program.
 */
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { type Locale, messages } from '#platform/i18n/index.ts';
import { vtimezone } from './calendars/vtimezone.ts';

export interface CalendarEntry {
  /** The booking's or session's id: the event keeps its identity when it changes, so that it is updated and not doubled. */
  id: string;
  title: string;
  /** ISO instants. */
  startsAt: string;
  endsAt: string;
  instructor: string;
  room: string;
  /** Where the member sees and changes it. */
  url: string;
  /** Instead of who teaches it and where to change it. */
  description?: string | undefined;
  cancelled?: boolean;
  /** How often its session has changed (`sessions.calendar_sequence`). A cancelled entry counts one more. */
  sequence?: number | undefined;
  /** ISO instant of the last change. Entries that have one make a file that is the same until something changes. */
  changedAt?: string | undefined;
}

export interface CalendarBusiness {
  name: string;
  time_zone: string;
  address: { line1?: string; line2?: string; postcode?: string; city?: string };
}

const placeOf = (room: string, { name, address }: CalendarBusiness): string =>
  [room, name, address.line1, [address.postcode, address.city].filter(Boolean).join(' ')]
    .filter(Boolean)
    .join(', ');

const normal = (at: string): Temporal.Instant => Temporal.Instant.from(at.replace(' ', 'T'));

/** Text as it stands in a file: the library escapes what stands in events, not the name of the whole. */
const escaped = (text: string): string =>
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\;,]/g, String.raw`\$&`);

/**
 * The file as its grammar has it (RFC 5545, 3.4): the library writes properties of the whole after the zone, where only
 * components may stand, leaves the last line open, and of nothing makes a calendar without a component.
 */
function strictly(file: string, zone: () => string): string {
  const ordered = file.replace(
    /(BEGIN:VTIMEZONE\r\n[\s\S]*?END:VTIMEZONE\r\n)((?:(?!BEGIN:).*\r\n)+)/,
    (_, component: string, properties: string) => properties + component,
  );
  const whole = ordered.includes('\r\nBEGIN:V')
    ? ordered
    : ordered.replace('END:VCALENDAR', () => `${zone()}\r\nEND:VCALENDAR`);
  return `${whole.trimEnd()}\r\n`;
}

/**
 * The file's text, lines ended by CRLF. `CANCEL` takes the events out of the calendar; `PUBLISH` puts them in, except
 * those that are `cancelled`, which are shown as such. `now` is what DTSTAMP says of entries that do not say when they
 * changed; `name` is what the calendar is called.
 */
export function bookingCalendar(
  entries: CalendarEntry[],
  business: CalendarBusiness,
  locale: Locale,
  method: 'PUBLISH' | 'CANCEL' = 'PUBLISH',
  now: Temporal.Instant = Temporal.Now.instant(),
  name: string = business.name,
): string {
  const { calendar: words } = messages(locale).booking;
  const zone = business.time_zone;
  const starts = entries.map((entry) => normal(entry.startsAt)).sort(Temporal.Instant.compare);
  const from = (starts[0] ?? now).toString();
  const until = (starts.at(-1) ?? now).toString();
  const calendar = ical({
    name: escaped(words.name({ business: name })),
    prodId: { company: 'Atrium', product: 'Bookings', language: locale },
    method: method === 'CANCEL' ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
    // The events name their zone; the calendar itself has none, or DTSTAMP would not be in UTC as it must.
    timezone: { name: null, generator: (name) => vtimezone(name, from, until) },
    // Programs that follow the address look again after this many seconds.
    ttl: 3600,
  });
  for (const entry of entries) {
    const cancelled = method === 'CANCEL' || entry.cancelled === true;
    const changed = entry.changedAt ? normal(entry.changedAt) : undefined;
    calendar.createEvent({
      id: `${entry.id}@atrium`,
      // A cancellation is a later version of the same event.
      sequence: (entry.sequence ?? 0) + (cancelled ? 1 : 0),
      stamp: changed ?? now,
      ...(changed && { lastModified: changed }),
      start: normal(entry.startsAt).toZonedDateTimeISO(zone),
      end: normal(entry.endsAt).toZonedDateTimeISO(zone),
      timezone: zone,
      summary: entry.title,
      location: placeOf(entry.room, business),
      description: entry.description ?? words.description({ instructor: entry.instructor, url: entry.url }),
      url: entry.url,
      status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
  }
  return strictly(calendar.toString(), () => vtimezone(zone, from, until));
}
