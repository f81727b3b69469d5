import { expect, test } from 'vitest';
import {
  hoursByDay,
  isSpecial,
  localMoment,
  openingState,
  readAddress,
  readOpenings,
} from '#site/opening-hours.ts';

const open = (days: number[], opens: string, closes: string) => days.map((day) => ({ day, opens, closes }));
/** In the week of Monday, 7 December 2026. */
const at = (day: number, time: string) => ({
  day,
  time,
  date: `2026-12-${String(6 + day).padStart(2, '0')}`,
});
const hours = [...open([1, 2, 3, 4, 5], '07:30', '21:30'), ...open([6], '09:00', '14:00')];

test('days with the same hours are said together, closed days too', () => {
  expect(hoursByDay(hours, 'en').map(({ label, text }) => `${label} ${text}`.trim())).toEqual([
    'Mon–Fri 07:30–21:30',
    'Sat 09:00–14:00',
    'Sun',
  ]);
  expect(hoursByDay(hours, 'es').map(({ label }) => label)).toEqual(['Lun–Vie', 'Sáb', 'Dom']);
});

test('a siesta is two stretches of one day', () => {
  const siesta = [...open([2], '17:00', '20:00'), ...open([2], '10:00', '14:00')];
  expect(hoursByDay(siesta, 'en')[1]).toEqual({ label: 'Tue', text: '10:00–14:00, 17:00–20:00', days: [2] });
});

test('a business that keeps no hours shows none', () => {
  expect(hoursByDay([], 'en')).toEqual([]);
  expect(hoursByDay(null, 'en')).toEqual([]);
  expect(openingState([], at(1, '10:00'))).toBeNull();
});

test('entries that make no sense are left out', () => {
  expect(
    readOpenings([{ day: 9, opens: '10:00', closes: '11:00' }, { day: 1, opens: 'ten' }, null, 3]),
  ).toEqual([]);
});

test.each([
  ['on Monday noon it is open until the evening', 1, '12:00', { open: true, until: '21:30' }],
  ['at the minute it opens it is open', 1, '07:30', { open: true, until: '21:30' }],
  ['at the minute it closes it is closed', 5, '21:30', { open: false, day: 6, at: '09:00' }],
  ['before it opens, it opens today', 6, '08:10', { open: false, day: 6, at: '09:00' }],
  ['on Saturday evening it opens on Monday', 6, '20:00', { open: false, day: 1, at: '07:30' }],
])('%s', (_sentence, day, time, state) => {
  expect(openingState(hours, at(day, time))).toEqual(state);
});

test('a place open one day a week says the same day next week', () => {
  expect(openingState(open([3], '10:00', '12:00'), at(3, '13:00'))).toEqual({
    open: false,
    day: 3,
    at: '10:00',
  });
});

const special = (on_date: string, hours: { opens: string; closes: string }[], house = true) => ({
  ...{ on_date, hours, house },
  counters: [],
  why: {},
});

test('a holiday is closed whatever the week says, and it opens on the day after', () => {
  const holiday = [special('2026-12-08', [])];
  expect(openingState(hours, at(2, '12:00'), holiday)).toEqual({ open: false, day: 3, at: '07:30' });
  expect(openingState(hours, at(1, '22:00'), holiday)).toEqual({ open: false, day: 3, at: '07:30' });
  expect(openingState(hours, at(3, '12:00'), holiday)).toEqual({ open: true, until: '21:30' });
  expect([isSpecial(holiday, '2026-12-08'), isSpecial(holiday, '2026-12-09')]).toEqual([true, false]);
});

test('a short day has its own hours, also one on which it is closed otherwise', () => {
  const short = [
    special('2026-12-08', [
      { opens: '17:00', closes: '24:00' },
      { opens: '10:00', closes: '14:00' },
    ]),
    special('2026-12-13', [{ opens: '11:00', closes: '13:00' }]),
  ];
  expect(openingState(hours, at(2, '09:00'), short)).toEqual({ open: false, day: 2, at: '10:00' });
  expect(openingState(hours, at(2, '23:59'), short)).toEqual({ open: true, until: '24:00' });
  expect(openingState(hours, at(6, '15:00'), short)).toEqual({ open: false, day: 7, at: '11:00' });
});

test('the bar is closed, not the house; closed for longer than a week it does not say when it opens', () => {
  const bar = [special('2026-12-08', [], false)];
  expect(openingState(hours, at(2, '12:00'), bar)).toEqual({ open: true, until: '21:30' });
  expect(isSpecial(bar, '2026-12-08')).toBe(false);
  const away = ['07', '08', '09', '10', '11', '12', '13', '14'].map((day) => special(`2026-12-${day}`, []));
  expect(openingState(hours, at(1, '12:00'), away)).toBeNull();
});

test('the clock is the zone’s', () => {
  const here = localMoment('UTC');
  expect(here.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(here.day).toBeGreaterThanOrEqual(1);
  expect(here.time).toMatch(/^\d{2}:\d{2}$/);
});

test('an address is written as on an envelope, with how to find the door in the reader’s language', () => {
  const address = {
    line1: 'Calle del Olivar 24',
    line2: 'Lavapiés',
    postcode: '28012',
    city: 'Madrid',
    note: { en: 'The green gate.', es: 'El portal verde.' },
  };
  expect(readAddress(address, 'es')).toEqual({
    lines: ['Calle del Olivar 24', 'Lavapiés', '28012 Madrid'],
    query: 'Calle del Olivar 24, Lavapiés, 28012 Madrid',
    note: 'El portal verde.',
  });
  expect(readAddress(undefined, 'en')).toEqual({ lines: [], query: '', note: '' });
});
