/** Staff give back lines of an order through the site's doors: the right ones, once, with what remains, and told to the buyer. */
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, aGiftCard, findings, onCard, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, flashOf, wordsOf } from './buyer.ts';
import { letterTo } from './visitor.ts';

const m = messages('en');

afterEach(async () => expect(await findings()).toEqual([]));

const key = (of: string = randomUUID()) => ({ 'idempotency-key': of });

/** Money for a wallet, bought with a gift card: an order of one line that managers may refund, paid at once. */
async function bought() {
  const card = await aGiftCard(5000);
  const buyer = await aBuyer('refunded');
  await buyer.visitor.call('/api/members/wallet', { amount_cents: 2000 });
  await buyer.visitor.call('/api/sales/cart/tenders', { code: card.code, pin: card.pin });
  const { json } = await buyer.visitor.call('/api/sales/orders', {}, key());
  expect(json.data.state).toBe('paid');
  const [line] = await sql<{ id: string }>('select id from sales.order_lines where order_id = $1', [
    json.data.order_id,
  ]);
  return { card, buyer, order: json.data.order_id as string, line: line!.id };
}
const give = (who: Buyer, order: string, lines: object[], of?: string, reason = 'asked us to') =>
  who.visitor.call(`/api/sales/orders/${order}/refunds`, { lines, reason }, key(of));

test('a manager gives money back, once, the way it came, and the buyer is told', async () => {
  const { card, buyer, order, line } = await bought();
  const manager = await aColleague('manager');
  const of = randomUUID();
  const first = await give(manager, order, [{ line_id: line, cents: 1500 }], of);
  expect([first.status, first.json.data?.refund_cents]).toEqual([200, 1500]);
  expect((await give(manager, order, [{ line_id: line, cents: 1500 }], of)).json.data.refund_cents).toBe(
    1500,
  );
  expect(await onCard(card)).toEqual({ free: 4500, kept: 0 });
  const above = await give(manager, order, [{ line_id: line, cents: 501 }]);
  expect([above.status, above.json.code]).toEqual([409, 'refund_above_paid']);
  expect(
    (await letterTo(buyer.email, { subject: m.mail.bookings.order_refunded.subject({ amount: '€15.00' }) }))
      .text,
  ).toContain('asked us to');
});

test('staff see what is left, and give back from the page', async () => {
  const { order, line } = await bought();
  const manager = await aColleague('manager');
  const page = await manager.visitor.get(`/admin/orders/${order}`);
  expect(wordsOf(page)).toContain(m.refunds.left({ left: '€20.00', of: '€20.00' }));
  const sent = await manager.visitor.submit(`/api/sales/orders/${order}/refunds`, {
    idempotency_key: randomUUID(),
    line_id: line,
    amount: '5',
    reason: 'kindness',
  });
  expect(sent.to).toBe(`/admin/orders/${order}`);
  const after = await manager.visitor.get(sent.to ?? '');
  expect(flashOf(after)).toBe(m.refunds.done({ amount: '€5.00' }));
  expect(wordsOf(after)).toContain('kindness');
});

test('nobody gives back what is not theirs to give', async () => {
  const { buyer, order, line } = await bought();
  const other = await bought();
  const lines = [{ line_id: line, cents: 100 }];
  const statuses = async (who: Buyer, of = order, what = lines) => {
    const { status, json } = await give(who, of, what);
    return [status, json.code];
  };
  expect(await statuses(buyer)).toEqual([403, 'not_your_role']);
  // The counter mends what the counter sold; a wallet is for managers.
  expect(await statuses(await aColleague('front_desk'))).toEqual([403, 'not_your_role']);
  expect(await statuses(await aColleague('instructor'))).toEqual([403, 'not_your_role']);
  const manager = await aColleague('manager');
  expect(await statuses(manager, other.order)).toEqual([404, 'order_line_not_found']);
  expect(await statuses(manager, randomUUID())).toEqual([404, 'order_not_found']);
  expect(await statuses(manager, order, [{ line_id: line, cents: 1e10 }])).toEqual([
    409,
    'refund_above_paid',
  ]);
  const twice = await give(manager, order, [...lines, ...lines]);
  expect([twice.status, twice.json.code]).toEqual([422, 'refund_lines_invalid']);
});

test('a place that is booked is given back by cancelling it', async () => {
  const card = await aGiftCard(5000);
  const buyer = await aBuyer('seated');
  await buyer.visitor.call('/api/sales/cart', { session_id: await aClass({ price: 1600 }) });
  await buyer.visitor.call('/api/sales/cart/tenders', { code: card.code, pin: card.pin });
  const { json } = await buyer.visitor.call('/api/sales/orders', {}, key());
  const [line] = await sql<{ id: string }>('select id from sales.order_lines where order_id = $1', [
    json.data.order_id,
  ]);
  const refused = await give(await aColleague('manager'), json.data.order_id, [
    { line_id: line!.id, cents: 100 },
  ]);
  expect([refused.status, refused.json.code]).toEqual([409, 'seat_refunded_by_cancelling']);
});
