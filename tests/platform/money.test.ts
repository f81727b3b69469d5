import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponentOf, formatMoney, parseMoney, typedMoney, typedPercent } from '#platform/money.ts';
import { locales } from '#platform/i18n/locale.ts';

/** `Intl` puts no-break spaces where a line must not break; for reading a test they are spaces. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test('euros are written as each reader writes them', () => {
  expect(plain(formatMoney(1800, 'EUR', 'en'))).toBe('€18.00');
  expect(plain(formatMoney(1800, 'EUR', 'es'))).toBe('18,00 €');
  expect(plain(formatMoney(-5, 'EUR', 'en'))).toBe('-€0.05');
});

test('pesos in Buenos Aires have points between the thousands and a comma before the centavos', () => {
  expect(plain(formatMoney(1250000, 'ARS', 'es-AR'))).toBe('$ 12.500');
  expect(plain(formatMoney(1250050, 'ARS', 'es-AR'))).toBe('$ 12.500,50');
  expect(plain(formatMoney(1800, 'EUR', 'en', { whole: true }))).toBe('€18');
});

test('a currency without decimals has none, and one with three has three', () => {
  expect(plain(formatMoney(500, 'JPY', 'en'))).toBe('JP¥500');
  expect(plain(formatMoney(1234, 'KWD', 'en'))).toBe('KWD 1.234');
  expect([exponentOf('EUR'), exponentOf('CLP'), exponentOf('KWD')]).toEqual([2, 0, 3]);
});

test('a fraction of a cent is a mistake of ours and does not pass', () => {
  expect(() => formatMoney(0.5, 'EUR', 'en')).toThrow();
});

test('amounts larger than a float can count are written to the last cent', () => {
  expect(plain(formatMoney(9007199254740993n, 'EUR', 'en'))).toBe('€90,071,992,547,409.93');
});

test('what a person types is read in their own way of writing', () => {
  expect(parseMoney('12,5', 'EUR', 'es')).toBe(1250);
  expect(parseMoney('12.5', 'EUR', 'en')).toBe(1250);
  expect(parseMoney(' $ 1.250,00 ', 'ARS', 'es-AR')).toBe(125000);
  expect(parseMoney('€ 1,250', 'EUR', 'en')).toBe(125000);
});

test.each([
  ['nothing', ''],
  ['words', 'twelve'],
  ['more decimals than there are cents', '1.005'],
  ['two decimal points', '1.2.3'],
  ['a thousands mark in the wrong place', '1,25'],
  ['infinity', 'Infinity'],
  ['more than can be counted', '99999999999999999'],
])('%s is not an amount', (_what, text) => {
  expect(parseMoney(text, 'EUR', 'en')).toBeNull();
});

test('an amount and a rate stand in their fields with the decimals of the currency and the mark of the language', () => {
  expect(typedMoney(1850, 'EUR', 'en')).toBe('18.50');
  expect(typedMoney(5, 'EUR', 'es')).toBe('0,05');
  expect(typedMoney(-40, 'EUR', 'en')).toBe('-0.40');
  expect(typedMoney(500, 'JPY', 'en')).toBe('500');
  expect([typedMoney(null, 'EUR', 'en'), typedMoney(0, 'EUR', 'en')]).toEqual(['', '0.00']);
  expect([typedPercent(1050, 'es-AR'), typedPercent(2100, 'en')]).toEqual(['10,5', '21']);
});

test('whatever is written can be read back, in every language and currency', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }),
      fc.constantFrom('EUR', 'ARS', 'USD', 'JPY', 'KWD', 'CLP', 'GBP'),
      fc.constantFrom(...locales),
      (cents, currency, locale) =>
        parseMoney(formatMoney(cents, currency, locale), currency, locale) === cents,
    ),
  );
});
