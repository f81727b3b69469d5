import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { findings, lotus, sql } from '../world.ts';
import { aTill } from './a-till.ts';
import { type Buyer, aBuyer, aColleague, wordsOf } from './buyer.ts';
import { Visitor } from './visitor.ts';
import { messages } from '#platform/i18n/index.ts';

const m = messages('en');
afterEach(async () => expect(await findings()).toEqual([]));

const drawer = (
  who: Buyer,
  what: string,
  till: string,
  cents: number,
  more: object = {},
  key: string = randomUUID(),
) =>
  who.visitor.call(
    `/api/coffee/till/${what}`,
    { till_id: till, amount_cents: cents, ...more },
    { 'idempotency-key': key },
  );
const sell = (who: Buyer, till: string, lines: object[], more: object = {}, id: string = randomUUID()) =>
  who.visitor.call('/api/coffee/till/sales', {
    till_id: till,
    sale_id: id,
    lines,
    pay_with: 'cash',
    tendered_cents: 5000,
    ...more,
  });
const inDrawer = async (till: string) =>
  (
    await sql<{ balance: number }>(
      `select balance::int from ledger.accounts where business_id = $1 and kind = 'drawer' and owner = $2`,
      [lotus, till],
    )
  )[0]?.balance;

describe('a till', () => {
  test('sells for cash, says the change, and the same sale is one sale', async () => {
    const { bar, till, seller } = await aTill({ onShelf: 5 });
    const id = randomUUID();
    const lines = [
      { slug: bar.bag.slug, quantity: 2 },
      { slug: bar.coffee.slug, modifier_ids: [bar.coffee.oat] },
    ];
    const sold = await sell(seller, till, lines, {}, id);
    expect([sold.status, sold.json.data]).toEqual([
      201,
      expect.objectContaining({
        order_id: id,
        state: 'paid',
        total_cents: 2650,
        change_cents: 2350,
        call_number: 1,
      }),
    ]);
    expect((await sell(seller, till, lines, {}, id)).json.data).toEqual(sold.json.data);
    expect(await inDrawer(till)).toBe(7650);
    const [level] = await sql(
      'select on_hand::int, reserved::int from shop.stock_levels where stock_item_id = $1',
      [bar.bag.item],
    );
    expect(level).toEqual({ on_hand: 3, reserved: 0 });
    const page = wordsOf(await seller.visitor.get(`/till/${till}/sold/${id}`));
    expect(page).toContain('€23.50');
    // Whoever scans the receipt needs no account, and reads nobody's name or address.
    const receipt = await new Visitor().get(`/receipts/${sold.json.data.receipt_token}`);
    expect(wordsOf(receipt)).toContain('€26.50');
    expect((await new Visitor().get(`/receipts/${'0'.repeat(32)}`)).status).toBe(404);
  });

  test('is worked with forms alone: tiles, options, the ticket, cash, and the change in large', async () => {
    const { bar, till, seller } = await aTill();
    const { visitor } = seller;
    const start = await visitor.get(`/till/${till}`);
    const link = (text: string, part: string) =>
      [...text.matchAll(/href="([^"]+)"/g)]
        .map(([, to = '']) => to.replaceAll(/&(?:amp|#38);/g, '&'))
        .find((to) => to.includes(part)) ?? '';
    const bag = await visitor.get(`/till/${till}${link(start.text, `add=${bar.bag.slug}`)}`);
    expect([bag.status, bag.to]).toEqual([303, expect.stringContaining(`line=1%7E${bar.bag.slug}`)]);
    const asked = await visitor.get(`${bag.to}&ask=${bar.coffee.slug}`);
    expect(wordsOf(asked)).toContain('Extra shot');
    const added = await visitor.get(
      `${bag.to}&add=${bar.coffee.slug}&asked=yes&choice-milk=${bar.coffee.oat}&times-${bar.coffee.shot}=2&quantity=1`,
    );
    const ticket = await visitor.get(added.to ?? '');
    expect(wordsOf(ticket)).toContain('Oat, 2 × Extra shot');
    expect(wordsOf(ticket)).toContain('€16.60');
    const paying = await visitor.get(`${added.to}&pay=cash`);
    const form = /action="\/api\/coffee\/till\/sales"[\s\S]*?<\/form>/.exec(paying.text)?.[0] ?? '';
    const fields = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [name, value],
    );
    const pay = (tendered: string) =>
      visitor.submit('/api/coffee/till/sales', [...fields, ['tendered', tendered]], `${added.to}&pay=cash`);
    const refused = await pay('5');
    expect([refused.status, wordsOf(refused)]).toEqual([
      422,
      expect.stringContaining(m.refusals.tendered_too_low),
    ]);
    const done = await pay('20');
    expect([done.status, done.to]).toEqual([303, expect.stringMatching(`/till/${till}/sold/`)]);
    expect(wordsOf(await visitor.get(done.to ?? ''))).toContain(`${m.till.sold.change} €3.40`);
  });

  test('refuses by name what it must not do', async () => {
    const { bar, till, seller } = await aTill({ onShelf: 1 });
    const said = async (lines: object[], more: object = {}) => {
      const { status, json } = await sell(seller, till, lines, more);
      return [status, json.code];
    };
    const bag = { slug: bar.bag.slug };
    expect(await said([{ ...bag, quantity: 2 }])).toEqual([409, 'product_sold_out']);
    expect(await said([bag], { tendered_cents: 1149 })).toEqual([422, 'tendered_too_low']);
    expect(await said([bag], { expected_total_cents: 1 })).toEqual([409, 'price_changed']);
    expect(await said([bag], { pay_with: 'wallet' })).toEqual([422, 'wallet_needs_customer']);
    expect(await said([bag], { pay_with: 'card' })).toEqual([422, 'invalid_input']);
    expect(await said([{ slug: bar.coffee.slug, modifier_ids: [] }])).toEqual([422, 'modifier_missing']);
    for (const quantity of [0, -1, 1e9])
      expect(await said([{ ...bag, quantity }])).toEqual([422, 'invalid_input']);
    expect((await sell(await aBuyer(), till, [bag])).status).toBe(403);
    expect((await sell(await aColleague('instructor'), till, [bag])).status).toBe(403);
    const shut = await aTill({ open: false });
    expect((await sell(shut.seller, shut.till, [{ slug: shut.bar.bag.slug }])).json.code).toBe(
      'drawer_closed',
    );
    expect(
      (await sell(shut.seller, shut.till, [{ slug: shut.bar.bag.slug }], { pay_with: 'terminal' })).status,
    ).toBe(201);
  });

  test('finds a customer by name or code, and takes what they have in their wallet', async () => {
    const { bar, till, seller } = await aTill();
    const customer = await aBuyer('walleted');
    await customer.visitor.get('/account');
    const [row] = await sql<{ id: string; code: string }>(
      'select m.id, c.code from members.members m join members.desk_codes c on c.member_id = m.id where m.user_id = $1',
      [customer.id],
    );
    await sql(
      `select ledger.transfer($1, 'test', $2, array[ledger.account($1, 'EUR', 'wallet', $3), ledger.account($1, 'EUR', 'bank')], array[-2000, 2000])`,
      [lotus, randomUUID(), row?.id],
    );
    const byCode = await seller.visitor.get(`/api/coffee/till/customers?who=${row?.code}`, {});
    expect(byCode.json.data).toEqual([expect.objectContaining({ member_id: row?.id, wallet_cents: 2000 })]);
    expect(JSON.stringify(byCode.json.data)).not.toContain(customer.email);
    const lines = [{ slug: bar.bag.slug }];
    const sold = await sell(seller, till, lines, { pay_with: 'wallet', member_id: row?.id });
    expect(sold.json.data).toMatchObject({ state: 'paid', total_cents: 1150, change_cents: 0 });
    expect((await sell(seller, till, lines, { pay_with: 'wallet', member_id: row?.id })).json.code).toBe(
      'wallet_too_low',
    );
    expect((await customer.visitor.get(`/orders/${sold.json.data.order_id}`)).status).toBe(200);
    expect(wordsOf(await seller.visitor.get(`/till/${till}/sold/${sold.json.data.order_id}`))).toContain(
      'by e-mail',
    );
  });

  test('has a drawer that is counted: in, out, and a difference that is stated', async () => {
    const { bar, till, seller } = await aTill();
    await sell(seller, till, [{ slug: bar.bag.slug }]);
    const out = await drawer(seller, 'moves', till, 400, { kind: 'pay_out', reason: 'Milk from the corner' });
    expect(out.json.data.expected_cents).toBe(5750);
    expect(
      (await drawer(seller, 'moves', till, 9999, { kind: 'pay_out', reason: 'Too much' })).json.code,
    ).toBe('drawer_too_low');
    const page = wordsOf(await seller.visitor.get(`/till/${till}/drawer`));
    expect(page).toContain('€57.50');
    expect(page).toContain('Milk from the corner');
    const key = randomUUID();
    const closed = await drawer(seller, 'closings', till, 5700, {}, key);
    expect(closed.json.data).toMatchObject({
      expected_cents: 5750,
      counted_cents: 5700,
      difference_cents: -50,
    });
    expect((await drawer(seller, 'closings', till, 5700, {}, key)).json.data).toEqual(closed.json.data);
    expect((await drawer(seller, 'closings', till, 5700)).json.code).toBe('drawer_closed');
    expect(wordsOf(await seller.visitor.get(`/till/${till}/drawer`))).toContain(
      m.till.drawer.closedSays.short({ amount: '€0.50' }),
    );
    expect(await inDrawer(till)).toBe(0);
  });

  test('sends what it sold without a connection, once, with what was paid, and hears what is amiss', async () => {
    const { bar, till, seller } = await aTill({ onShelf: 2 });
    const kept = (more: object = {}, unit = 1150) => ({
      sale_id: randomUUID(),
      at: new Date().toISOString(),
      lines: [{ product_id: bar.bag.id, quantity: 1, unit_cents: unit }],
      pay_with: 'cash',
      tendered_cents: 2000,
      total_cents: unit,
      ...more,
    });
    const send = (...sales: object[]) =>
      seller.visitor.call('/api/coffee/till/sync', { till_id: till, sales });
    const [plain, cheap] = [kept(), kept({}, 1000)];
    const third = kept({ at: new Date(Date.now() + 86_400_000).toISOString() });
    const first = await send(plain, cheap, third);
    expect(
      first.json.data.map(({ outcome, flags }: { outcome: string; flags: string[] }) => [outcome, ...flags]),
    ).toEqual([['settled'], ['settled', 'price_differs'], ['settled', 'clock_wrong', 'stock_corrected']]);
    const again = await send(plain, cheap, third);
    expect(again.json.data.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'known',
      'known',
      'known',
    ]);
    // What came through after all and was kept by the device too is one sale.
    const id = randomUUID();
    expect((await sell(seller, till, [{ slug: bar.coffee.slug }], {}, id)).status).toBe(201);
    expect((await send(kept({ sale_id: id }))).json.data[0].outcome).toBe('known');
    expect(await inDrawer(till)).toBe(5000 + 1150 + 1000 + 1150 + 310);
    expect(
      (
        await seller.visitor.call('/api/coffee/till/sync', {
          till_id: till,
          sales: [kept({ total_cents: -1 })],
        })
      ).status,
    ).toBe(422);
    const stranger = await aBuyer();
    expect(
      (await stranger.visitor.call('/api/coffee/till/sync', { till_id: till, sales: [kept()] })).status,
    ).toBe(403);
  });
});
