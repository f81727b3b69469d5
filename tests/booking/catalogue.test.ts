import { expect, test } from 'vitest';
import { classTypeInput, factsOf, newClassTypeInput, slugOf } from '#booking/catalogue/inputs.ts';
import { wordsOf } from '#platform/inputs.ts';

const here = { business: { currency: 'EUR' }, locale: 'en' } as Parameters<typeof factsOf>[1];
const madrid = { business: { currency: 'EUR' }, locale: 'es' } as Parameters<typeof factsOf>[1];
const base = { style: 'yin', duration_minutes: '60', capacity: '12' };

test('a name becomes an address', () => {
  expect(slugOf('Yoga al sol, niños')).toBe('yoga-al-sol-ninos');
  expect(slugOf('  ¡Power!  ')).toBe('power');
  expect(slugOf('x'.repeat(80), 40)).toHaveLength(40);
});

test('a form’s text and a program’s numbers are the same facts', () => {
  const form = newClassTypeInput.parse({ ...base, name_en: ' Yin ', price: '18.50', tax: '10.5', slug: '' });
  const program = newClassTypeInput.parse({
    ...base,
    duration_minutes: 60,
    capacity: 12,
    name_en: 'Yin',
    price_cents: 1850,
    tax_rate_bp: 1050,
  });
  expect(factsOf(form, here)).toEqual(factsOf(program, here));
  expect(factsOf(form, here)).toMatchObject({ name: { en: 'Yin' }, price_cents: 1850, tax_rate_bp: 1050 });
});

test('an amount is read as its reader writes it, and refused beside its field when it is none', () => {
  expect(factsOf(classTypeInput.parse({ price: '18,50' }), madrid)).toEqual({ price_cents: 1850 });
  expect(factsOf(classTypeInput.parse({ price: 'a lot' }), here)).toMatchObject({
    name: 'invalid_input',
    details: { field: 'price' },
  });
});

test('every amount is read, and an answer of yes or no is one', () => {
  const said = {
    late_fee: '3',
    no_show_fee: '5.50',
    fee_credits: '2',
    refund_if_refilled: 'no',
    release_minutes_before: '0',
  };
  expect(factsOf(classTypeInput.parse(said), here)).toEqual({
    late_fee_cents: 300,
    no_show_fee_cents: 550,
    fee_credits: 2,
    refund_if_refilled: false,
    release_minutes_before: 0,
  });
});

test('what is left out is not said', () => {
  expect(factsOf(classTypeInput.parse({ capacity: '8' }), here)).toEqual({ capacity: 8 });
  expect(wordsOf({ name_es: 'Yin' }, 'name')).toEqual({ es: 'Yin' });
  expect(wordsOf({}, 'name')).toBeUndefined();
});

test('out of range is refused with its bound', () => {
  const wrong = classTypeInput.safeParse({
    capacity: '0',
    late_refund_percent: 101,
    duration_minutes: 'long',
  });
  expect(wrong.error?.issues.map(({ path }) => path[0]).sort()).toEqual([
    'capacity',
    'duration_minutes',
    'late_refund_percent',
  ]);
});
