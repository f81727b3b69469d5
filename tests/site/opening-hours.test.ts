import { expect, test } from 'vitest';
import { hoursByDay, localMoment, openingState, readAddress, readOpenings } from '#site/opening-hours.ts';

const open = (days: number[], opens: string, closes: string) => days.map((day) => ({ day, opens, closes }));
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
  expect(openingState([], { day: 1, time: '10:00' })).toBeNull();
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
  expect(openingState(hours, { day, time })).toEqual(state);
});

test('a place open one day a week says the same day next week', () => {
  expect(openingState(open([3], '10:00', '12:00'), { day: 3, time: '13:00' })).toEqual({
    open: false,
    day: 3,
    at: '10:00',
  });
});

test('the clock is the zone’s', () => {
  const here = localMoment('UTC');
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
