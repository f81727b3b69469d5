import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAmount, formatChange, parseAmount, units } from '#shop/stock/amounts.ts';
import { byShelf, found, nearness } from '#shop/stock/finding.ts';
import { countedLines, keepCountInput } from '#shop/stock/count-inputs.ts';
import { itemFacts } from '#shop/stock/item-inputs.ts';
import { deliveryLines } from '#shop/stock/move-inputs.ts';
import { type StockRow, cursorAfter, readAfter } from '#shop/stock/stockroom.ts';

describe('an amount', () => {
  test.each([
    ['12', 12],
    ['1.500', 1500],
    ['1,500', 1500],
    ['12 000', 12_000],
    ['1.5 l', 1500],
    ['1,5 kg', 1500],
    ['1,500 kg', 1500],
    ['0.25 kg', 250],
    ['250 g', 250],
    ['−12', -12],
    ['-3', -3],
    ['0', 0],
  ])('written as %s is %s', (text, amount) => {
    expect(parseAmount(text)).toBe(amount);
  });

  test.each(['', 'a few', '1.5', '12 boxes', '1e9', '1.2345 kg', '--1', '1.5 ml', '99999999999'])(
    'is not written as "%s"',
    (text) => {
      expect(parseAmount(text)).toBeNull();
    },
  );

  test('reads as people say it, with its sign where it is a change', () => {
    expect(formatAmount(1500, 'ml', { locale: 'en' })).toBe('1.5 l');
    expect(formatAmount(1500, 'g', { locale: 'es' })).toBe('1,5 kg');
    expect(formatAmount(999, 'g', { locale: 'en' })).toBe('999 g');
    expect(formatAmount(12_000, 'piece', { locale: 'en' })).toBe('12,000');
    expect(formatChange(-12, 'piece', { locale: 'en' })).toBe('−12');
    expect(formatChange(40, 'g', { locale: 'es-AR' })).toBe('+40 g');
  });

  test('that is written in full is read again as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999, max: 999_999 }), fc.constantFrom(...units), (n, unit) => {
        expect(parseAmount(String(n)) === n).toBe(true);
        expect(formatAmount(n, unit, { locale: 'en' })).not.toContain('NaN');
      }),
    );
  });
});

const row = (more: Partial<StockRow>): StockRow =>
  ({
    item_id: 'i',
    name: { en: 'Oat drink', es: 'Bebida de avena' },
    unit: 'ml',
    supplier: 'Avenar',
    shelf: '',
    retired: false,
    on_hand: 10,
    low_at: 5,
    low: false,
    makes: [{ en: 'Cortado' }],
    ...more,
  }) as StockRow;

describe('finding', () => {
  test('goes by any word in any language, with or without accents', () => {
    const rows = [
      row({}),
      row({ name: { en: 'Croissants', es: 'Cruasanes' }, supplier: 'Café Añil', makes: null }),
    ];
    expect(found(rows, { query: 'avena cortado' })).toHaveLength(1);
    expect(found(rows, { query: 'anil CAFE' })).toEqual([rows[1]]);
    expect(found(rows, { query: 'tea' })).toEqual([]);
  });

  test('shows what is gone before what is low before what is not, and what is given up only when asked', () => {
    const [fine, low, gone, old] = [
      row({}),
      row({ on_hand: 5, low: true }),
      row({ on_hand: 0, low: true }),
      row({ retired: true }),
    ];
    expect(found([fine, low, gone, old])).toEqual([gone, low, fine]);
    expect(found([fine, low, gone, old], { low: true })).toEqual([gone, low]);
    expect(found([fine, low, gone, old], { retired: true })).toEqual([old]);
    expect(nearness({ on_hand: 0, low_at: 0 })).toBe(0);
  });

  test('is by shelf, else by supplier, the rest last', () => {
    const rows = [row({ shelf: '', supplier: '' }), row({ shelf: 'Fridge' }), row({ supplier: 'Avenar' })];
    expect(byShelf(rows, 'en').map(({ name }) => name)).toEqual(['Avenar', 'Fridge', '']);
  });
});

test('a place in the list of movements is read back, and anything else is none', () => {
  const last = { at: '2026-11-28T10:00:00.123456+00:00', id: 7 };
  expect(readAfter(cursorAfter(last))).toEqual(last);
  for (const text of [null, '', '7', 'x_7', '2026-13-45T99:99:99.000000Z_7'])
    expect(readAfter(text)).toBeNull();
});

describe('a form', () => {
  const id = '86000000-0000-4000-8000-000000000001';
  const voice = {
    business: { currency: 'EUR', locales: ['en', 'es'] },
    locale: 'en',
  } as unknown as App.Locals;
  const delivery = (fields: object) => deliveryLines({ location_id: id, note: '', ...fields }, voice);

  test('of a delivery names what came and what was paid; empty fields are none', () => {
    expect(delivery({ [`quantity_${id}`]: '5 kg', [`cost_${id}`]: '110.50', quantity_x: '1' })).toEqual([
      { item_id: id, quantity: 5000, cost_cents: 11_050 },
    ]);
    expect(delivery({ [`quantity_${id}`]: ' ' })).toEqual([]);
    expect(delivery({ [`quantity_${id}`]: 'some' })).toMatchObject({ name: 'stock_quantity_invalid' });
    expect(delivery({ [`quantity_${id}`]: '5', [`cost_${id}`]: 'much' })).toMatchObject({
      name: 'stock_cost_invalid',
    });
  });

  test('of a count gives what was counted, nought too', () => {
    expect(countedLines(keepCountInput.parse({ id, [`counted_${id}`]: '0' }))).toEqual([
      { item_id: id, counted: 0 },
    ]);
  });

  test('of an item turns the cost of a pack into that of a unit', () => {
    expect(itemFacts({ name_en: 'Beans', pack_size: 5000, pack_cost: '110' }, voice)).toEqual({
      name: { en: 'Beans', es: undefined },
      pack_size: 5000,
      unit_cost: 2.2,
    });
  });
});
