/**
 * Reads a calendar file by the letter of RFC 5545 and throws at the first thing that is not as it must be. A reader of
 * our own beside a library's: what a forgiving program lets pass, a strict one refuses.
 */

export interface Property {
  name: string;
  params: Record<string, string>;
  value: string;
}
export interface Component {
  name: string;
  properties: Property[];
  components: Component[];
}

function ensure(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Not as RFC 5545 has it: ${what}`);
}

/** Content lines, unfolded. Each ends in CRLF, also the last, and is at most 75 octets long, without half a character. */
function linesOf(file: string): string[] {
  ensure(file.endsWith('\r\n'), 'the last line is not ended');
  ensure(!/\r(?!\n)|(?<!\r)\n/.test(file), 'a line ends in half of CRLF');
  const lines: string[] = [];
  for (const line of file.slice(0, -2).split('\r\n')) {
    ensure(Buffer.byteLength(line) <= 75, `a line of ${Buffer.byteLength(line)} octets: ${line}`);
    ensure(line.length > 0, 'an empty line');
    ensure(!line.includes('\ufffd'), 'a character cut in two');
    if (line.startsWith(' ') || line.startsWith('\t')) {
      ensure(lines.length > 0, 'the first line goes on');
      lines[lines.length - 1] += line.slice(1);
    } else lines.push(line);
  }
  return lines;
}

function propertyOf(line: string): Property {
  const [, name = '', params = '', value = ''] =
    /^([A-Z][A-Z0-9-]*)((?:;[A-Z][A-Z0-9-]*=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):([^\x00-\x08\x0a-\x1f]*)$/.exec(
      line,
    ) ?? [];
  ensure(name !== '', `no content line: ${line}`);
  return {
    name,
    params: Object.fromEntries(
      [...params.matchAll(/;([A-Z0-9-]+)=(?:"([^"]*)"|([^;]*))/g)].map(([, key = '', quoted, bare]) => [
        key,
        quoted ?? bare ?? '',
      ]),
    ),
    value,
  };
}

function componentsOf(lines: string[]): Component[] {
  const top: Component = { name: '', properties: [], components: [] };
  const open = [top];
  for (const line of lines) {
    const { name, params, value } = propertyOf(line);
    const current = open.at(-1) ?? top;
    if (name === 'BEGIN') {
      const begun: Component = { name: value, properties: [], components: [] };
      current.components.push(begun);
      open.push(begun);
    } else if (name === 'END') {
      ensure(current.name === value, `END:${value} within ${current.name}`);
      open.pop();
    } else {
      ensure(open.length > 1, `${name} outside of everything`);
      // calprops come before the components; so do those of an event or a zone.
      ensure(current.components.length === 0, `${name} after a component of ${current.name}`);
      current.properties.push({ name, params, value });
    }
  }
  ensure(open.length === 1 && top.properties.length === 0, 'something is left open');
  return top.components;
}

const all = (of: Component, name: string): Property[] => of.properties.filter((one) => one.name === name);
function once(of: Component, name: string): Property {
  const [found, ...more] = all(of, name);
  ensure(
    found !== undefined && more.length === 0,
    `${name} stands ${all(of, name).length} times in ${of.name}`,
  );
  return found;
}
const texts = [
  'NAME',
  'X-WR-CALNAME',
  'SUMMARY',
  'LOCATION',
  'DESCRIPTION',
  'PRODID',
  'UID',
  'TZNAME',
  'TZID',
];

/** TEXT with its signs read back. */
export const textOf = ({ value }: Property): string =>
  value.replaceAll(/\\([\\;,nN])/g, (_, sign: string) => (/[nN]/.test(sign) ? '\n' : sign));

function checkTexts(of: Component): void {
  for (const property of of.properties.filter(({ name }) => texts.includes(name)))
    ensure(
      /^(?:[^\\;,]|\\[\\;,nN])*$/.test(property.value),
      `${property.name} is not escaped: ${property.value}`,
    );
  for (const inner of of.components) checkTexts(inner);
}

const offset = /^[+-](?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?$/;
const local = /^\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/;

function checkZone(zone: Component): void {
  once(zone, 'TZID');
  ensure(zone.components.length > 0, 'a zone without a rule');
  for (const rule of zone.components) {
    ensure(['STANDARD', 'DAYLIGHT'].includes(rule.name), `${rule.name} in a zone`);
    ensure(local.test(once(rule, 'DTSTART').value), 'a rule that begins at no local time');
    for (const name of ['TZOFFSETFROM', 'TZOFFSETTO']) ensure(offset.test(once(rule, name).value), name);
  }
}

/** The rule in force at a local time, by the zone's own rules; undefined when none has begun. */
function offsetAt(zone: Component, at: string): string | undefined {
  return zone.components
    .map((rule) => ({ from: once(rule, 'DTSTART').value, to: once(rule, 'TZOFFSETTO').value }))
    .filter(({ from }) => from <= at)
    .sort((a, b) => a.from.localeCompare(b.from))
    .at(-1)?.to;
}

function checkEvent(event: Component, zones: Map<string, Component>): void {
  once(event, 'UID');
  ensure(/^\d{8}T\d{6}Z$/.test(once(event, 'DTSTAMP').value), 'DTSTAMP is not in UTC');
  const times = ['DTSTART', 'DTEND'].map((name) => {
    const { params, value } = once(event, name);
    const zone = zones.get(params.TZID ?? '');
    ensure(zone !== undefined, `${name} in the zone ${params.TZID}, which the file does not tell`);
    ensure(local.test(value), `${name} is no local time: ${value}`);
    ensure(offsetAt(zone, value) !== undefined, `${name} lies before the zone's first rule`);
    return value;
  });
  ensure((times[0] ?? '') < (times[1] ?? ''), 'an event that ends before it begins');
  ensure(/^\d+$/.test(once(event, 'SEQUENCE').value), 'SEQUENCE is no number');
  ensure(['TENTATIVE', 'CONFIRMED', 'CANCELLED'].includes(once(event, 'STATUS').value), 'STATUS');
  for (const { value } of all(event, 'URL')) ensure(URL.canParse(value), `URL: ${value}`);
  for (const name of ['SUMMARY', 'LOCATION', 'DESCRIPTION', 'LAST-MODIFIED', 'URL'])
    ensure(all(event, name).length <= 1, `${name} twice`);
}

export interface Calendar {
  name: string;
  method: string;
  events: { uid: string; sequence: number; status: string; start: string; summary: string; zone: string }[];
}

/** What a file says, when every letter of it is right; throws with what is not. */
export function strictly(file: string): Calendar {
  const [calendar, ...more] = componentsOf(linesOf(file));
  ensure(calendar?.name === 'VCALENDAR' && more.length === 0, 'not one VCALENDAR');
  ensure(once(calendar, 'VERSION').value === '2.0', 'VERSION');
  once(calendar, 'PRODID');
  ensure(calendar.components.length > 0, 'a calendar of nothing');
  checkTexts(calendar);
  const zones = new Map<string, Component>();
  for (const zone of calendar.components.filter(({ name }) => name === 'VTIMEZONE')) {
    checkZone(zone);
    const id = once(zone, 'TZID').value;
    ensure(!zones.has(id), `the zone ${id} twice`);
    zones.set(id, zone);
  }
  const events = calendar.components.filter(({ name }) => name === 'VEVENT');
  ensure(events.length + zones.size === calendar.components.length, 'a component of another kind');
  for (const event of events) checkEvent(event, zones);
  const uids = events.map((event) => once(event, 'UID').value);
  ensure(new Set(uids).size === uids.length, 'two events with one UID');
  return {
    name: textOf(once(calendar, 'NAME')),
    method: once(calendar, 'METHOD').value,
    events: events.map((event) => ({
      uid: once(event, 'UID').value,
      sequence: Number(once(event, 'SEQUENCE').value),
      status: once(event, 'STATUS').value,
      start: once(event, 'DTSTART').value,
      zone: once(event, 'DTSTART').params.TZID ?? '',
      summary: textOf(once(event, 'SUMMARY')),
    })),
  };
}
