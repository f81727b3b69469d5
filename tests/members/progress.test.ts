import { describe, expect, test } from 'vitest';
import { cursorOf, readInstantAndId } from '#platform/cursors.ts';
import { readAfter } from '#members/directory/people.ts';
import { heatMap, monthsOf } from '#members/progress/heat-map.ts';
import { nextMilestone } from '#members/progress/milestones.ts';
import { standing } from '#members/progress/progress.ts';
import { weekdayName } from '#members/weekdays.ts';

describe('a year of days', () => {
  const days = [
    { day: '2026-03-29', visits: 1, minutes: 60 },
    { day: '2026-03-30', visits: 4, minutes: 240 },
    { day: '2026-10-25', visits: 2, minutes: 120 },
  ];
  const map = heatMap(days, '2026-01-01', '2027-01-01', '2026-11-25');

  test('has each day once, until today, clocks changed or not', () => {
    expect(map.cells).toHaveLength(329);
    expect(new Set(map.cells.map(({ week, weekday }) => `${week} ${weekday}`)).size).toBe(329);
    expect(map.cells.at(-1)).toMatchObject({ day: '2026-11-25', weekday: 2 });
    expect(map.weeks).toBe(53);
  });

  test('begins its weeks on Monday, and shades a day by its classes', () => {
    const of = (day: string) => map.cells.find((cell) => cell.day === day);
    expect(of('2026-01-01')).toMatchObject({ week: 0, weekday: 3, level: 0 });
    expect(of('2026-03-29')).toMatchObject({ weekday: 6, level: 1 });
    expect(of('2026-03-30')).toMatchObject({ weekday: 0, level: 3 });
    expect(of('2026-10-25')).toMatchObject({ weekday: 6, level: 2 });
  });

  test('names its months where they begin, when there is room', () => {
    expect(map.months).toHaveLength(11);
    expect(heatMap([], '2026-01-26', '2026-06-01', '2026-05-31').months[0]).toMatchObject({
      day: '2026-02-01',
    });
  });

  test('is a table by month as well', () => {
    expect(monthsOf(days)).toEqual([
      { month: '2026-03', visits: 5, minutes: 300, days: ['2026-03-29', '2026-03-30'] },
      { month: '2026-10', visits: 2, minutes: 120, days: ['2026-10-25'] },
    ]);
  });
});

describe('a goal', () => {
  const goal = { measure: 'classes' as const, target: 3, nudge: false, since: '' };
  const week = { classes: 1, minutes: 60, classes_booked: 1, minutes_booked: 75 };

  test('stands by what was done, and knows what is booked', () => {
    expect(standing(goal, week)).toMatchObject({
      done: 1,
      missing: 2,
      share: 33,
      shareBooked: 67,
      met: false,
      onCourse: false,
    });
    expect(standing(goal, { ...week, classes_booked: 2 }).onCourse).toBe(true);
    expect(standing(goal, { ...week, classes: 5 })).toMatchObject({
      met: true,
      missing: 0,
      share: 100,
      onCourse: false,
    });
  });

  test('counts minutes as it counts classes', () => {
    expect(standing({ ...goal, measure: 'minutes', target: 120 }, week)).toMatchObject({
      done: 60,
      booked: 75,
      onCourse: true,
    });
  });
});

test('there is always a next milestone', () => {
  expect([0, 1, 9, 10, 399, 400, 500, 1234].map(nextMilestone)).toEqual([
    1, 10, 10, 25, 400, 500, 1000, 1500,
  ]);
});

test('weekdays are named in the reader’s language', () => {
  expect([weekdayName(1, 'en'), weekdayName(7, 'es')]).toEqual(['Monday', 'domingo']);
});

test('a list goes on where it stopped, and what is no cursor begins it anew', () => {
  const at = '2026-11-25T10:00:00.123+00:00';
  const id = '30000000-0000-4000-8000-000000000006';
  expect(readInstantAndId(cursorOf(at, id))).toEqual([at, id]);
  expect([readInstantAndId('x'), readInstantAndId(undefined), readAfter('x'), readAfter(null)]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(readAfter(Buffer.from(JSON.stringify(['ada', id])).toString('base64url'))).toEqual(['ada', id]);
  expect(readAfter(Buffer.from(JSON.stringify([1, 2])).toString('base64url'))).toBeNull();
});
