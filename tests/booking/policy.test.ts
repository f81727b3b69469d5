import { expect, test } from 'vitest';
import { policySentences } from '#booking/policy.ts';
import { messages } from '#platform/i18n/index.ts';

const say = (
  free_cancel_hours: number,
  late_refund_percent: number,
  price_cents = 1600,
  locale: 'en' | 'es' | 'es-AR' = 'en',
) => policySentences({ price_cents, free_cancel_hours, late_refund_percent }, messages(locale)).join(' ');

test('a customer reads until when cancelling is free, and what happens later', () => {
  expect(say(12, 0)).toBe(
    'Cancel free of charge up to 12 hours before it begins. After that there is no refund.',
  );
  expect(say(6, 50)).toBe(
    'Cancel free of charge up to 6 hours before it begins. After that you get 50 % back.',
  );
});

test('one hour is one hour, and two days are days', () => {
  expect(say(1, 0)).toContain('1 hour before');
  expect(say(24, 0)).toContain('24 hours before');
  expect(say(48, 0)).toContain('2 days before');
});

test('where cancelling is free until the end, nothing is said about later', () => {
  expect(say(0, 0)).toBe('Cancel free of charge until the class begins.');
});

test('a class that costs nothing has nothing to give back, but may cost who does not come', () => {
  expect(say(12, 0, 0)).not.toContain('refund');
  const free = { price_cents: 0, free_cancel_hours: 12, late_refund_percent: 0, late_fee_cents: 800 };
  const said = (more: object) => policySentences({ ...free, ...more }, messages('en')).join(' ');
  expect(said({})).not.toContain('€');
  expect(said({ no_show_fee_cents: 500 })).toContain('Not coming without a word costs €5.00');
});

test('where credits settle a fee, that is said; where there is no fee, nothing of them', () => {
  const said = (more: object) =>
    policySentences(
      { price_cents: 1600, free_cancel_hours: 12, late_refund_percent: 0, fee_credits: 2, ...more },
      messages('en'),
    ).join(' ');
  expect(said({ no_show_fee_cents: 500 })).toContain('2 credits of a pass settle such a fee as well.');
  expect(said({ late_fee_cents: 800 })).toContain('2 credits');
  expect(said({})).not.toContain('settle');
  expect(said({ no_show_fee_cents: 500, fee_credits: 0 })).not.toContain('settle');
});

test('Buenos Aires is spoken to as one speaks there', () => {
  expect(say(24, 0, 3000, 'es')).toContain('Cancela gratis');
  expect(say(24, 0, 3000, 'es-AR')).toContain('Cancelá gratis');
});
