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

test('a class that costs nothing has nothing to give back', () => {
  expect(say(12, 0, 0)).not.toContain('refund');
});

test('Buenos Aires is spoken to as one speaks there', () => {
  expect(say(24, 0, 3000, 'es')).toContain('Cancela gratis');
  expect(say(24, 0, 3000, 'es-AR')).toContain('Cancelá gratis');
});
