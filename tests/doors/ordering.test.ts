import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { type Bar, aBar } from '../bar.ts';
import { aClass, barberia, findings, seatsOf, sql } from '../world.ts';
import { type Buyer, aBuyer, orderNow, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';
import { Visitor } from './visitor.ts';

const m = messages('en');
const there = inject('stack').siteUrl.replace('localhost', 'barberia.localhost');
afterEach(async () => expect(await findings()).toEqual([]));

const order = (buyer: Buyer, bar: Bar, lines: object[], more: object = {}, key: string = randomUUID()) =>
  buyer.visitor.call(
    '/api/coffee/orders',
    { location_id: bar.location, lines, ...more },
    { 'idempotency-key': key },
  );
const cart = async (visitor: Visitor) =>
  (await visitor.get('/api/sales/cart', {})).json.data as {
    total_cents: number;
    problems: number;
    lines: { line_id: string; kind: string; quantity: number; total_cents: number; problem: string | null }[];
  };
/** The cart is handed over at a bar of the test's own, which is open now. */
const at = (visitor: Visitor, bar: Bar, more: object = {}) =>
  visitor.call('/api/coffee/cart/handover', { location_id: bar.location, ...more });

describe('the menu', () => {
  test('says what there is, what is asked about it, and finds it by a word without its accents', async () => {
    const visitor = new Visitor();
    const all = (await visitor.get('/api/coffee/products', {})).json.data;
    const flat = all.find((product: { slug: string }) => product.slug === 'flat-white');
    expect(flat).toMatchObject({ kind: 'made', price_cents: 310, allergens: ['milk'] });
    expect(
      flat.groups.map((group: { name: { en: string }; min: number }) => [group.name.en, group.min]),
    ).toEqual([
      ['Size', 1],
      ['Milk', 1],
      ['Extras', 0],
    ]);
    const milks = flat.groups[1].options as { name: { en: string }; allergens: string[] }[];
    expect(milks.map(({ name, allergens }) => [name.en, ...allergens])).toEqual([
      ['Whole milk', 'milk'],
      ['Oat', 'gluten'],
      ['Lactose-free', 'milk'],
    ]);
    const oat = messages('en').shop.contains({ what: messages('en').shop.allergenNames.gluten });
    const usually = messages('en').shop.containsUsually({ what: messages('en').shop.allergenNames.milk });
    const page = wordsOf(await visitor.get('/menu/flat-white'));
    expect(page).toContain(`Oat ${oat}`);
    expect(page).toContain(usually);
    const found = (await visitor.get('/api/coffee/products?q=CRUASAN%20mantequilla', {})).json.data;
    expect(found.map((product: { slug: string }) => product.slug)).toEqual(['croissant']);
    const vegan = (await visitor.get('/api/coffee/products?diet=vegan', {})).json.data;
    expect(vegan.every((product: { diets: string[] }) => product.diets.includes('vegan'))).toBe(true);
    expect(wordsOf(await visitor.get('/menu'))).toContain('Double shot, velvet milk.');
    expect(wordsOf(await visitor.get('/es/menu?q=tostada'))).toContain('Tomate rallado');
    expect((await visitor.get('/menu/no-such-thing')).status).toBe(404);
  });

  test('is each business’s own', async () => {
    const elsewhere = new Visitor(there);
    const slugs = (await elsewhere.get('/api/coffee/products', {})).json.data.map(
      (product: { slug: string }) => product.slug,
    );
    expect(slugs).toContain('pomada');
    expect(slugs).not.toContain('flat-white');
    const buyer = await aBuyer();
    const bar = await aBar();
    expect((await order(buyer, bar, [{ slug: 'pomada' }])).json.code).toBe('product_not_found');
    const [foreign] = await sql<{ location_id: string }>(
      'select location_id from shop.counters where business_id = $1',
      [barberia],
    );
    const refused = await buyer.visitor.call(
      '/api/coffee/orders',
      { lines: [{ slug: bar.bag.slug }], location_id: foreign?.location_id },
      { 'idempotency-key': randomUUID() },
    );
    expect([refused.status, refused.json.code]).toEqual([404, 'location_not_found']);
  });
});

describe('an order from the bar', () => {
  test('is priced by the bar, paid, sold, and on the board with a number', async () => {
    const bar = await aBar();
    const buyer = await aBuyer('guest');
    const { coffee, bag } = bar;
    const placed = await order(buyer, bar, [
      { slug: coffee.slug, modifier_ids: [coffee.oat, coffee.shot, coffee.shot], note: 'in my own cup' },
      { slug: bag.slug, quantity: 2 },
    ]);
    expect(placed.json).toMatchObject({ success: true, data: { state: 'placed', total_cents: 510 + 2300 } });
    await payAt(placed.json.data.payment_url);
    const { order_id: id } = placed.json.data;
    await untilOrder(id, { state: 'paid' });
    const page = await buyer.visitor.get(`/orders/${id}`);
    const words = wordsOf(page);
    expect(words).toContain('Oat, 2 × Extra shot');
    expect(words).toContain('in my own cup');
    expect(words).toContain('€28.10');
    const [ticket] = await sql('select state, call_number, name from shop.tickets where order_id = $1', [id]);
    expect(ticket).toMatchObject({ state: 'placed', call_number: 1 });
    const [stock] = await sql(
      'select on_hand::int, reserved::int from shop.stock_levels where stock_item_id = $1',
      [bag.item],
    );
    expect(stock).toEqual({ on_hand: 98, reserved: 0 });
  });

  test('stands in one cart with a class, and is paid with it in one go', async () => {
    const bar = await aBar();
    const yoga = await aClass({ price: 1600 });
    const { visitor } = await aBuyer();
    await visitor.call('/api/sales/cart', { session_id: yoga });
    await visitor.call('/api/coffee/cart', { slug: bar.coffee.slug });
    await visitor.call('/api/coffee/cart', { slug: bar.coffee.slug });
    await at(visitor, bar, { serving: 'eat_in', table_label: '7', tip: '10' });
    const gathered = await cart(visitor);
    // Two coffees are one line of two; ten per cent is of them alone.
    expect(gathered.lines.map(({ kind, quantity, total_cents }) => [kind, quantity, total_cents])).toEqual([
      ['seat', 1, 1600],
      ['product', 2, 620],
      ['tip', 1, 62],
    ]);
    expect(gathered).toMatchObject({ total_cents: 2282, problems: 0 });
    const words = wordsOf(await visitor.get('/checkout'));
    expect(words).toContain('€22.82');
    expect(words).toContain(m.shop.order.table({ table: '7' }));
    const placed = await visitor.call(
      '/api/sales/orders',
      { expected_total_cents: 2282 },
      { 'idempotency-key': randomUUID() },
    );
    await payAt(placed.json.data.payment_url);
    await untilOrder(placed.json.data.order_id, { state: 'paid' });
    expect((await orderNow(placed.json.data.order_id)).seats).toEqual(['confirmed']);
    expect((await seatsOf(yoga)).taken).toBe(1);
    expect(
      await sql('select 1 from shop.tickets where order_id = $1', [placed.json.data.order_id]),
    ).toHaveLength(1);
  });

  test('is taken by forms, without a script: added, one more, one less, gone', async () => {
    const bar = await aBar();
    const visitor = new Visitor();
    const added = await visitor.submit(
      '/api/coffee/cart',
      {
        slug: bar.coffee.slug,
        asked: 'yes',
        'choice-milk': bar.coffee.oat,
        [`times-${bar.coffee.shot}`]: '2',
        quantity: '1',
      },
      `/menu/${bar.coffee.slug}`,
    );
    expect([added.status, added.to]).toEqual([303, '/menu']);
    await at(visitor, bar);
    const [line] = (await cart(visitor)).lines;
    expect(line).toMatchObject({ kind: 'product', total_cents: 510, problem: null });
    const change = (quantity: string) =>
      visitor.submit(`/api/coffee/cart/${line?.line_id}`, { quantity }, '/cart');
    expect((await change('3')).to).toBe('/cart');
    expect((await cart(visitor)).total_cents).toBe(1530);
    await change('0');
    expect((await cart(visitor)).lines).toEqual([]);
    // A form that asked for a milk and got none says so on the same page.
    const refused = await visitor.submit(
      '/api/coffee/cart',
      { slug: bar.coffee.slug, asked: 'yes', quantity: '1' },
      '/menu',
    );
    expect([refused.status, wordsOf(refused)]).toEqual([
      422,
      expect.stringContaining('Please choose: milk.'),
    ]);
  });

  test('is refused by name for what it must not be', async () => {
    const bar = await aBar({ onShelf: 3 });
    const other = await aBar();
    const buyer = await aBuyer();
    const said = async (lines: object[], more: object = {}) => {
      const reply = await order(buyer, bar, lines, more);
      return [reply.status, reply.json.code];
    };
    const { coffee, bag } = bar;
    expect(await said([{ slug: coffee.slug, modifier_ids: [] }])).toEqual([422, 'modifier_missing']);
    expect(await said([{ slug: coffee.slug, modifier_ids: [coffee.whole, coffee.oat] }])).toEqual([
      422,
      'modifier_too_many',
    ]);
    expect(await said([{ slug: coffee.slug, modifier_ids: [other.coffee.oat] }])).toEqual([
      422,
      'modifier_not_found',
    ]);
    for (const quantity of [0, -1, 1e9, 1.5, 'two'])
      expect(await said([{ slug: bag.slug, quantity }])).toEqual([422, 'invalid_input']);
    expect(await said([{ slug: bag.slug, quantity: 4 }])).toEqual([409, 'product_sold_out']);
    expect(await said([{ slug: other.bag.slug }])).toEqual([404, 'product_not_found']);
    expect(await said([])).toEqual([422, 'invalid_input']);
    const hour = 3_600_000;
    const grid = (ms: number) => new Date(Math.floor((Date.now() + ms) / 300_000) * 300_000).toISOString();
    expect(await said([{ slug: bag.slug }], { pickup_at: grid(-hour) })).toEqual([409, 'pickup_past']);
    expect(await said([{ slug: bag.slug }], { pickup_at: grid(400 * hour) })).toEqual([
      409,
      'pickup_too_far',
    ]);
    expect(
      await said([{ slug: bag.slug }], { pickup_at: grid(hour).replace(':00.000Z', ':17.000Z') }),
    ).toEqual([422, 'pickup_off_grid']);
    // What a client sends about money is compared, never obeyed; what it must not send is not heard.
    expect(
      await said([{ slug: bag.slug, unit_price_cents: 1, total_cents: 1 }], { expected_total_cents: 1 }),
    ).toEqual([409, 'price_changed']);
    const [level] = await sql('select reserved::int from shop.stock_levels where stock_item_id = $1', [
      bag.item,
    ]);
    expect(level).toEqual({ reserved: 0 });
  });

  test('that somebody gives up lets the next one have what it held; one who did not order has no say', async () => {
    const bar = await aBar({ onShelf: 1 });
    const [first, second] = [await aBuyer(), await aBuyer()];
    const placed = await order(first, bar, [{ slug: bar.bag.slug }]);
    expect((await order(second, bar, [{ slug: bar.bag.slug }])).json.code).toBe('product_sold_out');
    const { order_id: id } = placed.json.data;
    expect((await second.visitor.call(`/api/sales/orders/${id}/cancel`, {})).status).toBe(404);
    expect((await first.visitor.call(`/api/sales/orders/${id}/cancel`, {})).status).toBe(200);
    expect((await order(second, bar, [{ slug: bar.bag.slug }])).json.data.state).toBe('placed');
  });

  test('becomes the usual, and is in the cart again with one tap', async () => {
    const bar = await aBar();
    const buyer = await aBuyer();
    expect((await buyer.visitor.call('/api/coffee/cart/usual', {})).json.code).toBe('usual_not_found');
    const placed = await order(buyer, bar, [{ slug: bar.coffee.slug, modifier_ids: [bar.coffee.oat] }]);
    await payAt(placed.json.data.payment_url);
    await untilOrder(placed.json.data.order_id, { state: 'paid' });
    const again = await buyer.visitor.submit('/api/coffee/cart/usual', {}, '/menu');
    expect([again.status, again.to]).toEqual([303, '/checkout']);
    expect((await cart(buyer.visitor)).lines.map(({ total_cents }) => total_cents)).toEqual([350]);
  });
});
