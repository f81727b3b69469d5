import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discountLines } from '../../../local/stripe/checkout/line-items.ts';
import { openTill, refusalOf, type Till } from './till.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());

describe('customers', () => {
  it('are made, found by e-mail and by search, changed and deleted', async () => {
    const nora = await stripe.customers.create({
      email: 'nora@catalogue.test',
      name: 'Nora',
      address: { city: 'Madrid', country: 'ES' },
      preferred_locales: ['es'],
      metadata: { member: '7' },
    });
    expect(nora).toMatchObject({
      object: 'customer',
      address: { city: 'Madrid', country: 'ES', line1: null },
      balance: 0,
      invoice_settings: { default_payment_method: null },
    });
    expect((await stripe.customers.list({ email: 'nora@catalogue.test' })).data).toHaveLength(1);
    expect((await stripe.customers.search({ query: 'email~"NORA@cata"' })).data).toHaveLength(1);
    expect((await stripe.customers.search({ query: "metadata['member']:'7'" })).data[0]?.id).toBe(nora.id);
    expect((await stripe.customers.update(nora.id, { name: 'Nora W.' })).name).toBe('Nora W.');
    const [told] = till.emulator.control.events({ type: 'customer.updated', object: nora.id });
    expect(told?.data.previous_attributes).toEqual({ name: 'Nora' });
    expect(await stripe.customers.del(nora.id)).toMatchObject({ id: nora.id, deleted: true });
    expect(await stripe.customers.retrieve(nora.id)).toMatchObject({ id: nora.id, deleted: true });
    expect((await refusalOf(stripe.customers.update(nora.id, { name: 'x' }))).statusCode).toBe(404);
    expect((await stripe.customers.list({ email: 'nora@catalogue.test' })).data).toEqual([]);
  });

  it('that do not exist are 404 in the path and 400 in the parameters', async () => {
    expect(await refusalOf(stripe.customers.retrieve('cus_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    const inside = await refusalOf(
      stripe.paymentIntents.create({ amount: 100, currency: 'eur', customer: 'cus_none' }),
    );
    expect(inside).toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'customer' });
  });

  it('are not searched with a query nobody can read', async () => {
    expect((await refusalOf(stripe.customers.search({ query: 'email=x' }))).param).toBe('query');
    expect(
      (await refusalOf(stripe.customers.search({ query: 'email:"a" AND name:"b" OR name:"c"' }))).param,
    ).toBe('query');
    expect((await stripe.customers.search({ query: 'name:"nobody" OR email:"nobody"' })).data).toEqual([]);
  });
});

describe('products and prices', () => {
  it('belong together', async () => {
    const pass = await stripe.products.create({
      name: 'Ten classes',
      default_price_data: { currency: 'eur', unit_amount: 12_000 },
    });
    const price = await stripe.prices.retrieve(String(pass.default_price), { expand: ['product'] });
    expect(price).toMatchObject({ unit_amount: 12_000, type: 'one_time', product: { name: 'Ten classes' } });
    expect(String(price.unit_amount_decimal)).toBe('12000');
    const monthly = await stripe.prices.create({
      product: pass.id,
      currency: 'eur',
      unit_amount: 3000,
      recurring: { interval: 'month', interval_count: 3 },
      lookup_key: 'quarterly',
    });
    expect(monthly).toMatchObject({ type: 'recurring', recurring: { interval: 'month', interval_count: 3 } });
    expect((await stripe.prices.list({ lookup_keys: ['quarterly'] })).data[0]?.id).toBe(monthly.id);
    expect((await stripe.prices.list({ product: pass.id, type: 'one_time' })).data).toHaveLength(1);
    expect((await stripe.prices.search({ query: "lookup_key:'quarterly'" })).data).toHaveLength(1);
    expect((await refusalOf(stripe.products.del(pass.id))).message).toMatch(/Archive it instead/);
    expect((await stripe.products.update(pass.id, { active: false })).active).toBe(false);
    expect((await stripe.prices.update(monthly.id, { nickname: 'Q' })).nickname).toBe('Q');
  });

  it('hand a lookup key on only when told to', async () => {
    const make = (more: object) =>
      stripe.prices.create({
        currency: 'eur',
        unit_amount: 100,
        lookup_key: 'handed-on',
        product_data: { name: 'x' },
        ...more,
      });
    const first = await make({});
    expect((await refusalOf(make({}))).param).toBe('lookup_key');
    await make({ transfer_lookup_key: true });
    expect((await stripe.prices.retrieve(first.id)).lookup_key).toBeNull();
  });

  it('are not made without a name, an amount, or with a product too many', async () => {
    expect((await refusalOf(stripe.products.create({} as never))).param).toBe('name');
    expect(
      (await refusalOf(stripe.prices.create({ currency: 'eur', product_data: { name: 'x' } }))).param,
    ).toBe('unit_amount');
    expect((await refusalOf(stripe.prices.create({ currency: 'eur', unit_amount: 1 }))).param).toBe(
      'product',
    );
    expect(
      (await refusalOf(stripe.prices.create({ currency: 'eur', unit_amount: -1, product: 'p' }))).param,
    ).toBe('unit_amount');
    expect((await stripe.products.create({ id: 'vinyasa', name: 'Vinyasa' })).id).toBe('vinyasa');
    expect((await refusalOf(stripe.products.create({ id: 'vinyasa', name: 'Vinyasa' }))).code).toBe(
      'resource_already_exists',
    );
    expect(await stripe.products.del('vinyasa')).toMatchObject({ deleted: true });
  });
});

describe('coupons and promotion codes', () => {
  it('take a share or an amount off, for as long as they say', async () => {
    const spring = await stripe.coupons.create({ id: 'SPRING', percent_off: 20, max_redemptions: 2 });
    expect(spring).toMatchObject({ id: 'SPRING', duration: 'once', valid: true, times_redeemed: 0 });
    const five = await stripe.coupons.create({ amount_off: 500, currency: 'EUR', name: 'Five off' });
    expect(five).toMatchObject({ amount_off: 500, currency: 'eur' });
    const code = await stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: spring.id },
      code: 'Spring20',
      restrictions: { minimum_amount: 1000, minimum_amount_currency: 'eur' },
    });
    expect((await stripe.promotionCodes.list({ code: 'SPRING20' })).data[0]?.id).toBe(code.id);
    const expanded = await stripe.promotionCodes.retrieve(code.id, { expand: ['promotion.coupon'] });
    expect(expanded.promotion.coupon).toMatchObject({ percent_off: 20 });
    expect((await stripe.promotionCodes.update(code.id, { active: false })).active).toBe(false);
    expect((await stripe.coupons.update('SPRING', { name: 'Spring' })).name).toBe('Spring');
    const listed = (await stripe.coupons.list()).data.map(({ id }) => id);
    expect(listed).toEqual(expect.arrayContaining(['SPRING', five.id]));
    expect(await stripe.coupons.del(five.id)).toMatchObject({ deleted: true });
  });

  it.each([
    [{}],
    [{ percent_off: 20, amount_off: 500, currency: 'eur' }],
    [{ percent_off: 101 }],
    [{ percent_off: 0 }],
    [{ amount_off: 500 }],
    [{ percent_off: 10, duration: 'repeating' as const }],
  ])('are refused when they make no sense: %j', async (params) => {
    expect((await refusalOf(stripe.coupons.create(params))).statusCode).toBe(400);
  });

  it('cannot be doubled while one is active', async () => {
    const { id } = await stripe.coupons.create({ percent_off: 5 });
    const make = () =>
      stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: id }, code: 'TWICE' });
    await make();
    expect((await refusalOf(make())).param).toBe('code');
  });

  it('are spread over lines so that the lines add up, whatever the amounts', () => {
    const coupon = (percent_off: number) => ({ percent_off, amount_off: null }) as Stripe.Coupon;
    const line = (amount: number) =>
      ({ amount_subtotal: amount, amount_total: amount, amount_discount: 0 }) as Stripe.LineItem;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 100 }),
        (amounts, percent) => {
          const lines = discountLines(amounts.map(line), coupon(percent));
          const subtotal = amounts.reduce((sum, amount) => sum + amount, 0);
          const taken = lines.reduce((sum, { amount_discount }) => sum + amount_discount, 0);
          expect(taken).toBe(Math.round((subtotal * percent) / 100));
          for (const { amount_total, amount_subtotal } of lines) {
            expect(amount_total).toBeGreaterThanOrEqual(0);
            expect(amount_total).toBeLessThanOrEqual(amount_subtotal);
          }
        },
      ),
    );
  });
});
