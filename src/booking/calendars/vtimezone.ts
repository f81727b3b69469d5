/**
 * A zone as calendar programs want it told (RFC 5545, 3.6.5): every change of its clocks around the times that are
 * used, so that a program which does not know the zone's name still shows the right local time.
 */

const instant = (at: string): Temporal.Instant => Temporal.Instant.from(at.replace(' ', 'T'));

/** `+01:00` as `+0100`. Offsets with seconds, which old zones had, keep them. */
const offset = (at: Temporal.ZonedDateTime): string => at.offset.replaceAll(':', '');

/** `20261025T030000`, the time on the wall. */
const wall = (at: Temporal.PlainDateTime): string =>
  at.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');

const shortName = (at: Temporal.ZonedDateTime): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: at.timeZoneId, timeZoneName: 'short' })
    .formatToParts(at.epochMilliseconds)
    .find((part) => part.type === 'timeZoneName')?.value ?? at.timeZoneId;

function observance(kind: 'STANDARD' | 'DAYLIGHT', start: string, from: string, at: Temporal.ZonedDateTime) {
  return [
    `BEGIN:${kind}`,
    `DTSTART:${start}`,
    `TZOFFSETFROM:${from}`,
    `TZOFFSETTO:${offset(at)}`,
    `TZNAME:${shortName(at)}`,
    `END:${kind}`,
  ];
}

/** The VTIMEZONE of `zone` for moments between `from` and `until` (ISO instants), lines ended by CRLF. */
export function vtimezone(zone: string, from: string, until: string): string {
  const first = instant(from).toZonedDateTimeISO(zone);
  const last = instant(until).toZonedDateTimeISO(zone).add({ years: 1 });
  const lines = ['BEGIN:VTIMEZONE', `TZID:${zone}`];
  let change = first.getTimeZoneTransition('previous') ?? null;
  // A zone whose clocks last changed long ago is told as it is now.
  if (!change || change.year < first.year - 2) {
    lines.push(...observance('STANDARD', '19700101T000000', offset(first), first));
    change = first.getTimeZoneTransition('next');
  }
  while (change && Temporal.ZonedDateTime.compare(change, last) <= 0) {
    const before = change.subtract({ nanoseconds: 1 });
    const kind = change.offsetNanoseconds > before.offsetNanoseconds ? 'DAYLIGHT' : 'STANDARD';
    // The change is dated by the clock that is about to be changed.
    const start = change.toPlainDateTime().subtract({
      nanoseconds: change.offsetNanoseconds - before.offsetNanoseconds,
    });
    lines.push(...observance(kind, wall(start), offset(before), change));
    change = change.getTimeZoneTransition('next');
  }
  return [...lines, 'END:VTIMEZONE'].join('\r\n');
}
