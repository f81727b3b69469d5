import { expect, test } from 'vitest';
import {
  daysOfPage,
  rangeOf,
  readSchedule,
  scheduleAddress,
  weeksAround,
} from '#booking/timetable/schedule.ts';
import { noFilters } from '#booking/timetable/timetable.ts';
import { cityOf, offsetOf } from '#booking/timetable/zone.ts';

const madrid = 'Europe/Madrid';
const today = '2026-11-21';
const read = (query: string, zone = madrid, day = today) =>
  readSchedule(new URLSearchParams(query), zone, day);

test('without being asked for anything the timetable shows the seven days from today on', () => {
  const { week, day, filters } = read('');
  expect([week.days.at(0), week.days.at(-1), day, filters]).toEqual([
    '2026-11-21',
    '2026-11-27',
    null,
    noFilters,
  ]);
});

test('the days begin at the studio’s midnight, not at Greenwich’s', () => {
  expect(read('').week.from).toBe('2026-11-20T23:00:00Z');
  expect(read('', 'America/Argentina/Buenos_Aires').week.from).toBe('2026-11-21T03:00:00Z');
});

test('seven days over a change of clocks are seven days', () => {
  const { week } = read('', madrid, '2026-10-24');
  expect(week.days).toHaveLength(7);
  expect(Temporal.Instant.from(week.from).until(week.until).total('hours')).toBe(7 * 24 + 1);
});

test.each([
  ['2026-11-24', '2026-11-21'],
  ['2026-11-27', '2026-11-21'],
  ['2026-11-28', '2026-11-28'],
  ['2026-11-20', '2026-11-14'],
])('a day (%s) is shown among the seven it belongs to, counted from today', (day, first) => {
  const asked = read(`day=${day}`);
  expect([asked.day, asked.week.days[0]]).toEqual([day, first]);
  expect(asked.week.days).toContain(day);
});

test.each([
  'day=garbage',
  'day=2026-02-30',
  'week=0000-01-01',
  'day=9999-12-31',
  'day=',
  'week=2026-11-21T00:00',
])('an address that makes no sense (%s) shows the week from today on', (query) => {
  expect(read(query)).toEqual(read(''));
});

test('a filter that cannot be one is left out', () => {
  expect(read("style=Yin'--&level=hard&instructor=../etc").filters).toEqual(noFilters);
  expect(read('style=yin&level=beginner&instructor=noor').filters).toEqual({
    style: 'yin',
    level: 'beginner',
    instructor: 'noor',
  });
});

test('filters stay in every address', () => {
  const asked = read('style=yin&level=all');
  expect(scheduleAddress(asked, { day: '2026-11-24' })).toBe('/schedule?day=2026-11-24&style=yin&level=all');
  expect(scheduleAddress(asked, { week: weeksAround(asked).after })).toBe(
    '/schedule?week=2026-11-28&style=yin&level=all',
  );
  expect(scheduleAddress(asked, { week: today }, noFilters)).toBe('/schedule');
});

test('every address the timetable writes is read as what it said', () => {
  const asked = read('week=2026-12-05&style=power&instructor=mateo');
  const [, query = ''] = scheduleAddress(asked, { week: asked.week.days[0] ?? '' }).split('?');
  expect(read(query)).toEqual(asked);
});

test('a stretch of days is said as people say it', () => {
  expect(rangeOf('2026-11-21', '2026-11-27', 'en').replaceAll(/\s/g, ' ')).toBe('21 – 27 November');
  expect(rangeOf('2026-11-28', '2026-12-04', 'es').replaceAll(/\s/g, ' ')).toBe(
    '28 de noviembre – 4 de diciembre',
  );
});

test('a zone is called by its city and its distance from Greenwich on that day', () => {
  expect(cityOf('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
  expect(offsetOf(madrid, 'en', Date.parse('2026-11-21T10:00:00Z'))).toBe('GMT+1');
  expect(offsetOf(madrid, 'en', Date.parse('2026-07-21T10:00:00Z'))).toBe('GMT+2');
});

test('a page shows as many days as anybody reads: all of a small studio’s week, one of a big one’s', () => {
  const week = (count: number) => ['mon', 'tue', 'wed', 'thu'].map((day) => ({ day, count }));
  expect(daysOfPage(week(5))).toEqual(['mon', 'tue', 'wed', 'thu']);
  expect(daysOfPage(week(30))).toEqual(['mon', 'tue']);
  expect(daysOfPage(week(200))).toEqual(['mon']);
  expect(daysOfPage([])).toEqual([]);
});
