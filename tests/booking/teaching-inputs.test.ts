import { describe, expect, test } from 'vitest';
import { decision, hours, ids, profile, rulesInput, tick, timeOff } from '#booking/instructors/inputs.ts';

describe('time off', () => {
  const off = (fields: Record<string, string>) => timeOff.safeParse(fields);

  test('is days, both of them included, or hours of a day', () => {
    expect(off({ from: '2026-12-01', until: '2026-12-01' }).success).toBe(true);
    expect(
      off({ from: '2026-12-01', until: '2026-12-01', from_time: '09:00', until_time: '12:00' }).success,
    ).toBe(true);
  });

  test.each([
    ['the last day comes first', { from: '2026-12-02', until: '2026-12-01' }],
    [
      'the last hour comes first',
      { from: '2026-12-01', until: '2026-12-01', from_time: '12:00', until_time: '09:00' },
    ],
    [
      'it ends as it begins',
      { from: '2026-12-01', until: '2026-12-01', from_time: '09:00', until_time: '09:00' },
    ],
  ])('is refused at its end when %s', (_when, fields) => {
    expect(off(fields).error?.issues).toMatchObject([{ path: ['until'], message: 'backwards' }]);
  });

  test.each([
    ['a day that is none', { from: '2026-02-30', until: '2026-03-01' }],
    ['an hour that is none', { from: '2026-12-01', until: '2026-12-02', from_time: '24:30' }],
    ['no day', { from: '', until: '2026-12-02' }],
  ])('is refused with %s', (_what, fields) => expect(off(fields).success).toBe(false));
});

describe('weekly hours', () => {
  test('come from a form’s boxes, two stretches a day, or as a list; midnight is the end of its day', () => {
    const typed = {
      from_1_1: '09:00',
      until_1_1: '12:00',
      from_1_2: '17:00',
      until_1_2: '00:00',
      from_7_1: '',
      until_7_1: '',
    };
    const sent = [
      { weekday: 1, from: '09:00', until: '12:00' },
      { weekday: 1, from: '17:00', until: '00:00' },
    ];
    const kept = [sent[0], { weekday: 1, from: '17:00', until: '24:00' }];
    expect(hours.parse({ id: 'x', ...typed })).toEqual({ id: 'x', hours: kept });
    expect(hours.parse({ id: 'x', hours: sent })).toEqual({ id: 'x', hours: kept });
    expect(hours.parse({ id: 'x' })).toEqual({ id: 'x', hours: [] });
  });

  test.each([
    ['half a stretch', { from_2_1: '09:00' }, 'until_2_1'],
    ['one that ends before it begins', { from_3_2: '12:00', until_3_2: '09:00' }, 'until_3_2'],
    ['one that is no time', { from_4_1: '9', until_4_1: '10:00' }, 'until_4_1'],
  ])('are refused with %s, where it stands', (_what, fields, field) => {
    expect(hours.safeParse({ id: 'x', ...fields }).error?.issues).toMatchObject([{ path: [field] }]);
  });
});

test('ticks of one name are a list, whether there are none, one or more', () => {
  const [a, b] = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002'];
  expect([ids.parse(undefined), ids.parse(''), ids.parse(a), ids.parse([a, b])]).toEqual([
    [],
    [],
    [a],
    [a, b],
  ]);
  expect(ids.safeParse('everything').success).toBe(false);
});

test('a tick is yes or no, by whoever it is sent', () => {
  expect(['yes', 'true', true, 'false', '', false, undefined].map((sent) => tick.parse(sent))).toEqual([
    ...[true, true, true],
    ...[false, false, false, false],
  ]);
  expect(tick.safeParse('perhaps').success).toBe(false);
});

test('a profile has a name, an address of letters, and no picture but the house’s', () => {
  expect(profile.parse({ name: ' Ana ' })).toMatchObject({
    name: 'Ana',
    slug: '',
    user_id: null,
    published: false,
  });
  for (const wrong of [
    { name: ' ' },
    { name: 'Ana', slug: 'Ana Beltrán' },
    { name: 'Ana', picture: '//elsewhere.test/x.svg' },
  ])
    expect(profile.safeParse(wrong).success).toBe(false);
});

test('a decision is yes or no, and an answer is not a novel', () => {
  expect(decision.parse({ id: 'x', decision: 'no' })).toEqual({
    id: 'x',
    decision: 'no',
    answer: '',
    ask: false,
  });
  expect(decision.safeParse({ id: 'x', decision: 'maybe' }).success).toBe(false);
  expect(decision.safeParse({ id: 'x', decision: 'yes', answer: 'x'.repeat(501) }).success).toBe(false);
});

test('preferred colleagues have a head start of ten days at most', () => {
  expect(rulesInput.parse({ head_start_hours: '24', short_head_start_hours: '4' })).toMatchObject({
    needs_approval: false,
  });
  expect(rulesInput.safeParse({ head_start_hours: '241', short_head_start_hours: '4' }).success).toBe(false);
  expect(rulesInput.safeParse({ head_start_hours: '-1', short_head_start_hours: '4' }).success).toBe(false);
});
