/** After the sale, through the site's doors: finding it, giving pieces back at the till, a receipt to an address, a drawer that was not right. */
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import type { Bar } from '../bar.ts';
import { findings, lotus, sql } from '../world.ts';
import { aTill } from './a-till.ts';
import { type Buyer, aBuyer, aColleague, flashOf, wordsOf } from './buyer.ts';
import { letterTo } from './visitor.ts';

const m = messages('en');
afterEach(async () => expect(await findings()).toEqual([]));

const json = { accept: 'application/json' };
const key = (of: string = randomUUID()) => ({ 'idempotency-key': of });
const tillOf = async (bar: Bar, name: string) =>
  (await (await aColleague('manager')).visitor.call('/api/coffee/till', { location_id: bar.location, name }))
    .json.data.till_id as string;
const drawer = (who: Buyer, what: string, till: string, cents: number) =>
  who.visitor.call(`/api/coffee/till/${what}`, { till_id: till, amount_cents: cents }, key());

/** A till with somebody at it, 50 in its drawer, and two bags sold for cash. */
async function sold() {
  const { bar, till, seller } = await aTill();
  const { json } = await seller.visitor.call('/api/coffee/till/sales', {
    till_id: till,
    sale_id: randomUUID(),
    lines: [{ slug: bar.bag.slug, quantity: 2 }],
    pay_with: 'cash',
    tendered_cents: 5000,
  });
  const sale = json.data.order_id as string;
  const [line] = await sql<{ id: string }>('select id from sales.order_lines where order_id = $1', [sale]);
  return { bar, till, seller, sale, line: line?.id ?? '', reference: json.data.reference as string };
}
type Sold = Awaited<ReturnType<typeof sold>>;
const inDrawer = async (till: string) =>
  (
    await sql<{ cents: number }>(
      `select balance::int as cents from ledger.accounts where business_id = $1 and kind = 'drawer' and owner = $2`,
      [lotus, till],
    )
  )[0]?.cents;
const give = (who: Buyer, { till, sale, line }: Sold, more: object = {}, of?: string) =>
  who.visitor.call(
    '/api/coffee/till/refunds',
    { till_id: till, sale_id: sale, lines: [{ line_id: line, quantity: 1 }], reason: 'torn', ...more },
    key(of),
  );

test('one of two bags goes back in cash, once, and the till says what to hand over', async () => {
  const it = await sold();
  const of = randomUUID();
  const first = await give(it.seller, it, {}, of);
  expect([first.status, first.json.data.money]).toEqual([
    200,
    [{ provider: 'cash', ending: null, amount_cents: 1150 }],
  ]);
  expect((await give(it.seller, it, {}, of)).json.data.returns).toEqual(first.json.data.returns);
  expect(await inDrawer(it.till)).toBe(5000 + 2300 - 1150);
  const list = await it.seller.visitor.get(`/api/coffee/till/sold?till_id=${it.till}`, json);
  expect(list.json.data).toMatchObject([
    { order_id: it.sale, total_cents: 2300, refunded_cents: 1150, items: [{ quantity: 2, returned: 1 }] },
  ]);
  const above = await give(it.seller, it, { lines: [{ line_id: it.line, quantity: 2 }] });
  expect([above.status, above.json.code]).toEqual([409, 'refund_above_paid']);
});

test('the form gives back what was typed, or everything, and shows itself again', async () => {
  const it = await sold();
  const page = `/till/${it.till}/sold/${it.sale}/refund`;
  const fields = { till_id: it.till, sale_id: it.sale, line_id: it.line, left: '2', reason: 'changed mind' };
  const submit = (more: Record<string, string>) =>
    it.seller.visitor.submit(
      '/api/coffee/till/refunds',
      {
        idempotency_key: randomUUID(),
        ...fields,
        ...more,
      },
      page,
    );
  const none = await submit({ [`pieces_${it.line}`]: '0' });
  expect(none.status).toBe(422);
  expect(wordsOf(none)).toContain(m.refusals.refund_lines_invalid);
  const one = await submit({ [`pieces_${it.line}`]: '1', stock: 'back' });
  expect(one.to).toBe(page);
  const shown = await it.seller.visitor.get(page);
  expect(flashOf(shown)).toBe(m.counter.refund.says.cash({ amount: '€11.50' }));
  expect(wordsOf(shown)).toContain(m.counter.refund.left({ left: 1, of: 2 }));
  await submit({ left: '1', everything: 'yes' });
  expect(await inDrawer(it.till)).toBe(5000);
  expect(wordsOf(await it.seller.visitor.get(page))).toContain(m.counter.refund.nothingLeft);
  expect(wordsOf(await it.seller.visitor.get(`/till/${it.till}/sold/${it.sale}`))).toContain(
    m.counter.returned({ count: 2, of: 2 }),
  );
});

test('no cash out of a closed drawer, in the office neither; the till beside it gives its own', async () => {
  const it = await sold();
  await drawer(it.seller, 'closings', it.till, 7300);
  const refused = await give(it.seller, it);
  expect([refused.status, refused.json.code]).toEqual([409, 'refund_drawer_closed']);
  const manager = await aColleague('manager');
  const office = await manager.visitor.call(
    `/api/sales/orders/${it.sale}/refunds`,
    { lines: [{ line_id: it.line, quantity: 1 }], reason: 'torn' },
    key(),
  );
  expect([office.status, office.json.code]).toEqual([409, 'refund_drawer_closed']);
  expect(wordsOf(await it.seller.visitor.get(`/till/${it.till}/sold/${it.sale}/refund`))).toContain(
    m.counter.refund.closed,
  );
  const beside = await tillOf(it.bar, 'Beside');
  await drawer(it.seller, 'openings', beside, 1000);
  const low = await give(it.seller, { ...it, till: beside });
  expect([low.status, low.json.code]).toEqual([409, 'refund_drawer_too_low']);
  await drawer(it.seller, 'closings', beside, 1000);
  await drawer(it.seller, 'openings', beside, 2000);
  expect((await give(it.seller, { ...it, till: beside })).status).toBe(200);
  expect(await inDrawer(beside)).toBe(850);
});

test('who may not, and what is not there', async () => {
  const it = await sold();
  const code = async (who: Buyer, more: object = {}, from = it) => {
    const { status, json } = await give(who, from, more);
    return [status, json.code];
  };
  expect(await code(await aBuyer('stranger'))).toEqual([403, 'not_your_role']);
  expect(await code(await aColleague('instructor'))).toEqual([403, 'not_your_role']);
  expect(await code(it.seller, { till_id: randomUUID() })).toEqual([404, 'till_not_found']);
  expect(await code(it.seller, { till_id: (await sold()).till })).toEqual([404, 'till_not_found']);
  expect(await code(it.seller, { sale_id: randomUUID() })).toEqual([404, 'order_not_found']);
  expect(await code(it.seller, { lines: [{ line_id: randomUUID(), quantity: 1 }] })).toEqual([
    404,
    'order_line_not_found',
  ]);
  for (const quantity of [-1, 1e9, 0.5])
    expect((await give(it.seller, it, { lines: [{ line_id: it.line, quantity }] })).status).toBe(422);
  expect(await code(it.seller, { reason: '' })).toEqual([422, 'invalid_input']);
});

test('an older sale is found by what stands on its receipt, by its buyer, and by what it came to', async () => {
  const it = await sold();
  const buyer = await aBuyer('zephyrine');
  await buyer.visitor.get('/account');
  await sql(
    `update sales.orders o set member_id = m.id from members.members m join auth.users u on u.id = m.user_id where o.id = $1 and m.business_id = $2 and u.email = $3`,
    [it.sale, lotus, buyer.email],
  );
  await sql(`update shop.till_sales set sold_at = sold_at - interval '20 days' where order_id = $1`, [
    it.sale,
  ]);
  const found = async (q: string) =>
    (
      await it.seller.visitor.get(`/api/coffee/till/sold?till_id=${it.till}&q=${encodeURIComponent(q)}`, json)
    ).json.data.map(({ order_id }: { order_id: string }) => order_id);
  expect(await found('')).toEqual([]);
  expect(await found(it.reference)).toEqual([it.sale]);
  expect(await found('23.00')).toEqual([it.sale]);
  expect(await found(buyer.email.split('@')[0] ?? '')).toEqual([it.sale]);
  expect(await found('22.99')).toEqual([]);
  const page = await it.seller.visitor.get(`/till/${it.till}/sold?q=${it.reference}`);
  expect(wordsOf(page)).toContain('€23.00');
});

test('a guest has the receipt sent to an address, which is not kept', async () => {
  const it = await sold();
  const email = `guest-${randomUUID().slice(0, 8)}@example.test`;
  const of = randomUUID();
  const send = (address: string, again?: string) =>
    it.seller.visitor.call('/api/coffee/till/receipts', { sale_id: it.sale, email: address }, key(again));
  expect((await send('nobody')).status).toBe(422);
  expect((await send(email, of)).status).toBe(200);
  expect((await send(email, of)).status).toBe(200);
  const letter = await letterTo(email, {
    subject: m.counter.letter.subject({ business: 'Lotus & Bean' }),
  });
  expect(letter.text).toContain('€23.00');
  const [token] = /\/receipts\/[0-9a-f]{32}/.exec(letter.text) ?? [];
  expect(wordsOf(await (await aBuyer('reader')).visitor.get(token ?? '/'))).toContain(it.reference);
  const kept = () =>
    sql<{ to_address: string }>(
      `select to_address from messages.emails where template = 'till_receipt' and cause like $1`,
      [`${it.sale}:%`],
    );
  await expect.poll(kept).toEqual([{ to_address: 'g…' }]);
  const form = await it.seller.visitor.submit('/api/coffee/till/receipts', {
    idempotency_key: randomUUID(),
    sale_id: it.sale,
    email,
  });
  expect(form.to).toBe(`/till/${it.till}/sold/${it.sale}`);
});

test('managers hear of a drawer that was not right, once, and not of one that was', async () => {
  const it = await sold();
  const manager = await aColleague('manager');
  await manager.visitor.get('/account');
  await drawer(it.seller, 'closings', it.till, 7250);
  const told = await letterTo(manager.email, {
    subject: m.counter.difference.short({ amount: '€0.50', till: 'Bar' }),
  });
  expect(told.text).toContain('€73.00');
  const notice = (who: Buyer, from: object) =>
    who.visitor.call('/api/coffee/till/notices', { till_id: it.till, ...from });
  expect((await notice(it.seller, { from_cents: 500 })).status).toBe(403);
  expect((await notice(manager, { from_cents: 0 })).status).toBe(422);
  expect((await notice(manager, { from: '2.50' })).json.data.tell_from_cents).toBe(250);
  await drawer(it.seller, 'openings', it.till, 100);
  await drawer(it.seller, 'closings', it.till, 349);
  await drawer(it.seller, 'openings', it.till, 100);
  await drawer(it.seller, 'closings', it.till, 100);
  const [count] = await sql<{ n: number }>(
    `select count(*)::int as n from messages.notifications n join members.members x on x.id = n.member_id where x.email = $1 and n.kind = 'drawer_difference' and n.data ->> 'till_id' = $2`,
    [manager.email, it.till],
  );
  expect(count?.n).toBe(1);
});
