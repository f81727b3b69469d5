import { describe, expect, test } from 'vitest';
import { decimal, payCsv } from '#booking/pay/csv.ts';
import { ruleInput } from '#booking/pay/inputs.ts';
import type { PayLine } from '#booking/pay/report.ts';
import { readTerms } from '#booking/pay/rules.ts';
import { type Reckoned, type Words, headsLine, ruleOf, whyLine } from '#booking/pay/why.ts';
import { messages } from '#platform/i18n/index.ts';

const english: Words = { m: messages('en'), locale: 'en', currency: 'EUR' };
const spanish: Words = { m: messages('es'), locale: 'es', currency: 'EUR' };
/** Money and its currency may have a space between them that does not break. */
const plain = (text: string) => text.replaceAll('\u{a0}', ' ');

const reckoned: Reckoned = {
  ...{ came: 10, no_shows: 2, late_cancels: 1, heads: 12, amount_cents: 3800, sum_cents: 3800 },
  parts: [
    { part: 'base', cents: 3000 },
    { part: 'heads', over: 8, heads: 4, per_head_cents: 200, cents: 800 },
  ],
  rule: {
    ...{ rule_id: 'r', valid_from: '2026-01-01', scope: 'both', base_cents: 3000, cap_cents: null },
    tiers: [{ over: 8, per_head_cents: 200, bonus_cents: 0 }],
    counts_no_shows: true,
    counts_late_cancels: false,
  },
};

describe('why a class earned what it did', () => {
  test('is a sum anybody can follow', () => {
    expect(whyLine(reckoned, english)).toBe('€30.00 base + 4 × €2.00 over 8 heads = €38.00');
    expect(plain(whyLine(reckoned, spanish))).toContain('4 × 2,00 €');
    expect(plain(whyLine(reckoned, spanish))).toMatch(/ = 38,00 €$/);
  });

  test('says what was once given on top, and where the most was reached', () => {
    const more: Reckoned = {
      ...reckoned,
      parts: [...reckoned.parts, { part: 'bonus', over: 10, cents: 500 }],
      ...{ sum_cents: 4300, amount_cents: 4000 },
    };
    expect(whyLine(more, english)).toMatch(/\+ €5\.00 .*10.* = €43\.00, .*€40\.00/);
    // At exactly the most nothing was taken away.
    expect(whyLine({ ...more, amount_cents: 4300 }, english)).toMatch(/ = €43\.00$/);
  });

  test('says that no rule holds, and how an earlier number was corrected', () => {
    const counted = { came: 3, no_shows: 0, late_cancels: 0 };
    expect(whyLine(counted, english)).toBe(english.m.instructors.pay.why.noRule);
    expect(ruleOf(counted)).toBeNull();
    const corrected = { before_cents: 3800, now_cents: 3400, now: reckoned };
    expect(whyLine(corrected, english)).toBe('€34.00 now, €38.00 was paid');
    expect(ruleOf(corrected)?.rule_id).toBe('r');
    expect(headsLine({ ...corrected, now: null }, english)).toBe(english.m.instructors.pay.why.nothingNow);
    expect(ruleOf({ ...corrected, now: null })).toBeNull();
  });

  test('names only those who were counted', () => {
    expect(headsLine(reckoned, english)).toBe('10 came, 2 missed it');
    const late = {
      ...reckoned,
      rule: { ...reckoned.rule, counts_no_shows: false, counts_late_cancels: true },
    };
    expect(headsLine(late, english)).toMatch(/^10 came, 1 /);
    expect(headsLine({ came: 1, no_shows: 2, late_cancels: 2 }, english)).toBe('1 came');
  });
});

describe('the report as a file', () => {
  const line: PayLine = {
    ...{
      kind: 'class',
      session_id: 's',
      instructor_id: 'i',
      instructor_name: 'Noor "N" Haddad',
      run_id: null,
    },
    class_name: { en: 'Yin, slow', es: 'Yin' },
    starts_at: '2026-10-25T08:00:00+00:00',
    amount_cents: 3800,
    why: reckoned,
  };

  test('has plain numbers, the studio’s own day and hour, and cells that need it in quotes', () => {
    const [head, row, end] = payCsv([line], 'Europe/Madrid', english).split('\r\n');
    expect(head?.startsWith('\u{feff}')).toBe(true);
    expect(row).toContain('"Noor ""N"" Haddad",2026-10-25,09:00,"Yin, slow",');
    expect(row).toContain(',38.00,EUR,');
    expect(row).toContain('€30.00 base + 4 × €2.00 over 8 heads = €38.00');
    expect(end).toBe('');
  });

  test('leaves empty what nothing is known of, counts what was corrected below nothing, and runs no formula', () => {
    const rows = payCsv(
      [
        {
          ...line,
          instructor_name: '=HYPERLINK("http://x")',
          amount_cents: null,
          why: { came: 0, no_shows: 0, late_cancels: 0 },
        },
        {
          ...line,
          kind: 'adjustment',
          amount_cents: -400,
          why: { before_cents: 3800, now_cents: 3400, now: reckoned },
        },
      ],
      'Europe/Madrid',
      english,
    ).split('\r\n');
    expect(rows[1]).toMatch(/^"'=HYPERLINK\(""http:\/\/x""\)",/);
    expect(rows[1]).toContain(',,EUR,');
    expect(rows[2]).toContain(',,-4.00,EUR,');
  });

  test.each([
    [0, 'EUR', '0.00'],
    [5, 'EUR', '0.05'],
    [-1234, 'EUR', '-12.34'],
    [1234, 'JPY', '1234'],
  ])('%i of %s is %s', (cents, currency, text) => expect(decimal(cents, currency)).toBe(text));
});

describe('a rule that is typed', () => {
  const typed = (fields: Record<string, unknown>) =>
    readTerms(ruleInput.parse({ valid_from: '2026-12-01', ...fields }), 'EUR', 'en');

  test('is the same as one that is sent', () => {
    const terms = {
      base_cents: 3000,
      tiers: [
        { over: 8, per_head_cents: 200, bonus_cents: 0 },
        { over: 12, per_head_cents: 0, bonus_cents: 1000 },
      ],
      cap_cents: 6000,
    };
    expect(
      typed({ base: '30', over_1: '8', per_head_1: '2', over_2: '12', bonus_2: '10.00', cap: '60' }),
    ).toEqual(terms);
    expect(typed(terms)).toEqual(terms);
    expect(typed({ base: '0' })).toEqual({ base_cents: 0, tiers: [], cap_cents: null });
  });

  test.each([
    ['no base', {}, 'base'],
    ['a base that is no amount', { base: 'much' }, 'base'],
    ['a negative base', { base: '-5' }, 'base'],
    ['a most that is no amount', { base: '5', cap: 'x' }, 'cap'],
    ['an amount a head with no number of heads', { base: '5', per_head_1: '2' }, 'over_1'],
    [
      'steps that do not rise',
      { base: '5', over_1: '8', per_head_1: '2', over_2: '8', bonus_2: '3' },
      'over_2',
    ],
    ['a bonus that is no amount', { base: '5', over_1: '8', bonus_1: 'lots' }, 'bonus_1'],
  ])('with %s is refused at that field', (_what, fields, wrong) => expect(typed(fields)).toEqual({ wrong }));
});
